import { createServer, type Socket } from 'node:net';
import { invariant, present } from '../base/invariant.ts';
import type { Instrument } from '../domain/instrument.ts';
import { INSTRUMENT } from '../kernel/testing/desk.ts';
import { Decoder } from '../native/compute/decode.ts';
import { RingWriter } from '../native/io/ring.ts';
import type { MarketDataClient, MarketDataSink } from '../ports/market-data-client.ts';
import { FrameDecoder, type Frame } from '../native/compute/frame-decoder.ts';
import { Feed } from './feed/feed.ts';
import { PathTime } from './path-time.bench.ts';

const NEWLINE = 10;
const RING_RECORDS = 65_536;

/** Market data over a bare socket, one message a line, stamped when its bytes come out of the socket. */
class LineClient implements MarketDataClient {
  readonly #time: PathTime;
  readonly #frames = new FrameDecoder();
  readonly #sink: () => MarketDataSink;
  #decoder: Decoder | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(time: PathTime, sink: () => MarketDataSink) {
    this.#time = time;
    this.#sink = sink;
  }

  serve(socket: Socket): void {
    socket.on('data', (bytes) => {
      this.#onBytes(bytes);
    });
    socket.once('close', () => process.disconnect());
  }

  subscribe(
    instruments: readonly { readonly instrument: Instrument; readonly index: number }[],
  ): void {
    this.#decoder = new Decoder(
      instruments.map(({ instrument, index }) => {
        const { symbol, priceScale, quantityScale } = instrument;
        return { symbol, index, priceScale, quantityScale };
      }),
    );
  }

  unsubscribe(): void {
    this.#decoder = undefined;
  }

  loadInstruments(): ReturnType<MarketDataClient['loadInstruments']> {
    return Promise.resolve({ ok: true, value: [INSTRUMENT] });
  }

  doubtBook(): void {}

  loadBars(): ReturnType<MarketDataClient['loadBars']> {
    return Promise.resolve({ ok: true, value: [] });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #onBytes(bytes: Buffer): void {
    const receivedNanos = this.#time.nowNanos();
    let from = 0;
    const frames: Frame[] = [];
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, from)) {
      frames.push({ data: all.subarray(from, end), receivedNanos });
      from = end + 1;
    }
    this.#rest = all.subarray(from);
    if (frames.length === 0) return;
    this.#frames.decode(present(this.#decoder, 'decoder'), frames, {
      onRecords: (records, count) => {
        this.#sink().onRecords(records.bytes, count);
      },
      onRefused(_, status) {
        throw new Error(`a message of the benchmark must decode, gave ${status}`);
      },
    });
  }
}

/** The feeding process of the path's benchmark: arguments are the ring, its data folder and the clock's base. */
function main(): void {
  const [ringPath, dataFolder, base] = process.argv.slice(2);
  const time = new PathTime(BigInt(present(base, 'clock base')));
  const created = RingWriter.create(present(ringPath, 'ring'), RING_RECORDS);
  invariant(created.ok, 'the ring of the benchmark must open');
  const client: LineClient = new LineClient(time, () => feed);
  const feed = new Feed({
    config: {
      dataFolder: present(dataFolder, 'data folder'),
      environment: 'sandbox',
      source: { kind: 'replay', of: { kind: 'files', files: ['socket'] }, speed: 1 },
      symbols: [INSTRUMENT.symbol],
      ringPath: present(ringPath, 'ring'),
      record: false,
      divergenceBps: 100,
    },
    clock: time,
    client,
    ring: created.value,
  });
  feed.start([INSTRUMENT]);
  const server = createServer({ noDelay: true }, (socket) => {
    server.close();
    client.serve(socket);
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
  process.once('disconnect', () => {
    void feed[Symbol.asyncDispose]();
  });
}

if (process.argv[1] === import.meta.filename) main();
