import { Xoshiro128 } from '../../../../base/rng.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import {
  KIND_BOOK_STATUS,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../../../native/compute/market-record.ts';
import { ManualTime } from '../../../../net/scheduler.ts';
import type { SocketEvents } from '../../../../net/socket.ts';
import type { ConnectionHealth, MarketDataClient } from '../../../../ports/market-data-client.ts';
import { createBinanceSpot, sandboxConfig, type BinanceSpot } from '../index.ts';
import { fixture, fixtureInstrument } from './fixtures.ts';

interface FakeSocket {
  readonly events: SocketEvents;
  readonly sent: { readonly method: string; readonly params: string[]; readonly id: number }[];
  gone: boolean;
}

/** The names of record kinds in `FakeMarket.log`, by number. */
const NAMES = ['', 'trade', 'bbo', 'diff', 'snapshot', 'bid', 'ask', 'kline', 'volumes', 'status'];
const STATES = ['live', 'stale', 'resyncing'];

/** A market of the test's own words: every message and snapshot is written by the test. */
export class FakeMarket {
  readonly time = new ManualTime();
  readonly sockets: FakeSocket[] = [];
  /** What the sink got: `kind id`, or `state reason` of a status. Levels are left out. */
  readonly log: string[] = [];
  readonly unknown: string[] = [];
  health: ConnectionHealth | undefined;
  /** Ids of the snapshots to give, in order; the last one is given again. */
  snapshots = [100];
  depthRequests = 0;
  readonly connector: BinanceSpot;
  readonly client: MarketDataClient;
  readonly instrument: Instrument = fixtureInstrument('BTCUSDT');

  constructor() {
    this.connector = createBinanceSpot({
      config: sandboxConfig({ http: 'http://venue.test', ws: 'ws://venue.test', wsApi: 'ws://x' }),
      clock: this.time,
      scheduler: this.time,
      rng: new Xoshiro128(3),
      open: (_url, _limits, events) => {
        const fake: FakeSocket = { events, sent: [], gone: false };
        this.sockets.push(fake);
        return {
          send: (text) => fake.sent.push(JSON.parse(text)),
          ping: () => undefined,
          terminate: () => {
            fake.gone = true;
          },
        };
      },
      fetch: async (url) => new Response(JSON.stringify(this.#answer(new URL(url)))),
    });
    this.client = this.connector.data({
      onRecords: (bytes, count) => this.#onRecords(bytes, count),
      onHealth: (health) => {
        this.health = health;
      },
      onUnknownMessage: (raw) => this.unknown.push(raw),
    });
  }

  /** Subscribes BTCUSDT, opens the connection and confirms. */
  async start(): Promise<void> {
    this.client.subscribe([{ instrument: this.instrument, index: 7 }]);
    await this.accept(0);
  }

  /** Opens the connection of that number and confirms what it asks for. */
  async accept(index: number): Promise<void> {
    const socket = this.socket(index);
    socket.events.onOpen();
    for (const { id } of socket.sent) this.message({ result: null, id }, index);
    await this.settle();
  }

  socket(index = this.sockets.length - 1): FakeSocket {
    const socket = this.sockets[index];
    if (socket === undefined) throw new Error(`connection ${index} was not opened`);
    return socket;
  }

  message(value: unknown, index?: number): void {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    this.socket(index).events.onMessage(Buffer.from(text));
  }

  async diff(first: number, last: number, index?: number): Promise<void> {
    const bid = ['64000.00', '1.00000'];
    this.message(
      { e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: first, u: last, b: [bid], a: [] },
      index,
    );
    await this.settle();
  }

  async trade(id: number, index?: number): Promise<void> {
    const numbers = { p: '64000.10', q: '0.00100', T: 1, m: false, M: true };
    this.message({ e: 'trade', E: 1, s: 'BTCUSDT', t: id, ...numbers }, index);
    await this.settle();
  }

  async quote(id: number, index?: number): Promise<void> {
    const numbers = { b: '64000.00', B: '1.00000', a: '64001.00', A: '1.50000' };
    this.message({ u: id, s: 'BTCUSDT', ...numbers }, index);
    await this.settle();
  }

  /** The venue says on that connection that it is about to shut its server down. */
  rotateSoon(index: number): void {
    this.message({ stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } }, index);
  }

  /** Lets promises and the end of the turn run. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  /** Moves time and lets what it started finish. */
  async pass(ms: number): Promise<void> {
    this.time.advance(ms);
    await this.settle();
  }

  #answer(url: URL): unknown {
    if (url.pathname === '/api/v3/time') return { serverTime: this.time.nowMicros() / 1000 };
    if (url.pathname === '/api/v3/exchangeInfo') return fixture('http_get_exchange_info');
    this.depthRequests += 1;
    const [first = 0] = this.snapshots;
    if (this.snapshots.length > 1) this.snapshots.shift();
    return { lastUpdateId: first, bids: [['63999.00', '2.00000']], asks: [['64001.00', '1.5']] };
  }

  #onRecords(bytes: Uint8Array, count: number): void {
    const records = new MarketRecords(count);
    records.bytes.set(bytes.subarray(0, count * MARKET_RECORD_BYTES));
    for (let at = 0; at < count; at += 1) {
      const name = NAMES[records.kind(at)] ?? '';
      if (name === 'bid' || name === 'ask' || name === 'volumes') continue;
      if (records.kind(at) === KIND_BOOK_STATUS) {
        this.log.push(`${STATES[records.price(at)] ?? ''} ${records.quantity(at)}`);
      } else {
        this.log.push(`${name} ${records.id(at)}`);
      }
    }
  }
}
