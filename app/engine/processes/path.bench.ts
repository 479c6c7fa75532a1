import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputHash } from '../../bench/input-hash.ts';
import type { ExecutionRequest } from '../domain/input.ts';
import type { Samples, Workload } from '../../bench/workload.ts';
import { encodeMessage } from '../api/codec.ts';
import { tradeRequestSchema, type TradeRequest } from '../api/trade-service.ts';
import { invariant } from '../base/invariant.ts';
import type { ClientOrderId, VenueOrderId } from '../domain/identifiers.ts';
import type { Order } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import type { VenueReport } from '../domain/venue-report.ts';
import { createKernel, type Kernel } from '../kernel/kernel.ts';
import { ACCOUNT, BALANCES, CLIENT, INSTRUMENT, terms, WIDE } from '../kernel/testing/desk.ts';
import { KIND_TRADE, MarketRecords } from '../native/compute/market-record.ts';
import { RingReader } from '../native/io/ring.ts';
import type { ExecutionClient } from '../ports/execution-client.ts';
import type { ClientChannel } from '../server/client-channel.ts';
import { SessionJournal } from '../store/journal/session-journal.ts';
import { orderParams } from '../venues/binance/spot/order-params.ts';
import { PathTime } from './path-time.bench.ts';
import { Trade } from './trade/trade.ts';

const MESSAGES = 200;
/** Longer than any wake: both processes sleep when the next message comes. */
const PAUSE_MS = 2;
const READ_RECORDS = 1024;
const NANOS_A_MILLI = 1_000_000n;

/** The venue's private side: writes each order's request to a socket, takes the time and answers that it is done. */
class OrderSocket implements ExecutionClient {
  readonly #time: PathTime;
  readonly #socket: Socket;
  #report: (report: VenueReport) => void = () => undefined;
  /** When the last request was handed to the socket. */
  handedOver = 0n;
  requests = 0;

  constructor(time: PathTime, socket: Socket) {
    this.#time = time;
    this.#socket = socket;
  }

  start(onReport: (report: VenueReport) => void): void {
    this.#report = onReport;
    onReport({ type: 'ConnectionChanged', account: ACCOUNT, state: 'Connected' });
  }

  send(request: ExecutionRequest): void {
    if (request.type === 'SendReconcile') {
      const { requestId } = request;
      const venueTime = unixMicros(this.#time.nowMicros());
      const lists = { balances: BALANCES, openOrders: [], fills: [] };
      this.#report({ type: 'AccountSnapshot', account: ACCOUNT, requestId, venueTime, ...lists });
    }
    if (request.type === 'SendOrder') this.#order(request.order);
  }

  withdraw(): void {
    // Requests are written when they are sent: none waits.
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }

  #order(order: Order): void {
    const params = orderParams(order, INSTRUMENT);
    invariant(params.ok, 'the order of the benchmark must be one the venue takes');
    const pairs = Object.entries(params.value).filter(([, value]) => value !== undefined);
    this.#socket.write(`${pairs.map(([name, value]) => `${name}=${value}`).join('&')}\n`);
    this.handedOver = this.#time.nowNanos();
    this.requests += 1;
    setImmediate(() => this.#end(order.clientOrderId));
  }

  #end(clientOrderId: ClientOrderId): void {
    const venueTime = unixMicros(this.#time.nowMicros());
    const about = { account: ACCOUNT, instrument: INSTRUMENT.id, clientOrderId, venueTime };
    const venueOrderId = `v-${clientOrderId}` as VenueOrderId;
    this.#report({ type: 'OrderAccepted', ...about, venueOrderId });
    this.#report({ type: 'OrderCanceled', ...about, cumQty: quantity(0) });
  }
}

/** A client in the same process: what a strategy or a key press sends, as its text. */
class Strategy implements ClientChannel {
  readonly client = CLIENT;
  #listener: (text: string) => void = () => undefined;
  #commands = 0;

  send(): void {
    // Updates are not what this client waits for.
  }

  onMessage(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  onClose(): void {
    // It stays to the end.
  }

  close(): void {
    this.#listener = () => undefined;
  }

  execute(command: Extract<TradeRequest, { type: 'Execute' }>['command']): void {
    this.#commands += 1;
    const commandId = `command-${this.#commands}`;
    this.#listener(encodeMessage(tradeRequestSchema, { type: 'Execute', commandId, command }));
  }
}

interface Rig {
  readonly folder: string;
  readonly feed: ChildProcess;
  readonly wire: Socket;
  readonly orders: Server;
  readonly reader: RingReader;
  readonly trade: Trade;
  readonly kernel: Kernel;
  readonly execution: OrderSocket;
  readonly strategy: Strategy;
  readonly records: MarketRecords;
  readonly time: PathTime;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function assemble(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'qd-bench-path-'));
  const ringPath = join(folder, 'ring');
  const base = BigInt(Date.now()) * NANOS_A_MILLI - process.hrtime.bigint();
  const time = new PathTime(base);
  const script = join(import.meta.dirname, 'path-feed.bench.ts');
  const feed = fork(script, [ringPath, folder, String(base)]);
  const [address] = (await once(feed, 'message')) as [AddressInfo];
  const wire = await connected(address.port);
  const orders = createServer((socket) => socket.resume());
  const execution = new OrderSocket(time, await connected(await portOf(orders)));
  const sessionFolder = join(folder, 'session');
  const journal = SessionJournal.open(sessionFolder, 0);
  invariant(journal.ok, 'the journal of the benchmark must open');
  const kernel = createKernel();
  const trade = new Trade({
    config: {
      session: 's1',
      sessionFolder,
      environment: 'sandbox',
      ringPath,
      instruments: [INSTRUMENT],
      account: ACCOUNT,
      execution: { kind: 'none' },
      limits: WIDE,
    } as ConstructorParameters<typeof Trade>[0]['config'],
    time,
    kernel,
    journal: journal.value,
    execution,
    instruments: [INSTRUMENT],
    onFatal(error) {
      throw error;
    },
  });
  trade.start(false);
  const strategy = new Strategy();
  trade.addWindow(strategy);
  const reader = RingReader.open(ringPath);
  invariant(reader.ok, 'the ring of the benchmark must open for reading');
  const records = new MarketRecords(READ_RECORDS);
  const rig = { folder, feed, wire, orders, reader: reader.value, trade, kernel, execution };
  return { ...rig, strategy, records, time };
}

function aggTrade(at: number): string {
  const event = `"e":"aggTrade","E":${1_723_161_255_208 + at},"s":"BTCUSDT","a":${at + 1}`;
  const rest = `"p":"100.00","q":"0.50000","f":${at},"l":${at},"T":${1_723_161_255_208 + at}`;
  return `{"stream":"btcusdt@aggTrade","data":{${event},${rest},"m":${at % 2 === 0},"M":true}}`;
}

function bookTicker(at: number): string {
  return `{"stream":"btcusdt@bookTicker","data":{"u":${at + 1},"s":"BTCUSDT","b":"99.99","B":"5.00000","a":"100.01","A":"5.00000"}}`;
}

/**
 * From the bytes of a trade in the feeding process to the request of an order handed to its socket in the trading one: the product's
 * Feed, ring, Trade, journal, kernel and risk. The baseline stops where the ring has woken the reader.
 */
export async function productPath(): Promise<Workload> {
  const rig = await assemble();
  const { execution, reader, records, strategy, trade, wire } = rig;
  const messages = Array.from(
    { length: MESSAGES },
    (_, at) => `${bookTicker(at)}\n${aggTrade(at)}\n`,
  );
  let trades = true;
  let asked = 0;
  let done: (nanos: number) => void = () => undefined;

  function onReadable(): void {
    const woken = rig.time.nowNanos();
    const { count } = reader.read(records.bytes, READ_RECORDS);
    for (let row = 0; row < count; row += 1) {
      if (records.kind(row) !== KIND_TRADE) continue;
      const received = records.tsInitNanos(row);
      if (!trades) {
        done(Number(woken - received));
        return;
      }
      trade.onMarket(records, count, woken);
      asked += 1;
      const order = terms({ timeInForce: 'IOC', price: price(10_001) });
      strategy.execute({ type: 'SubmitOrder', terms: order });
      done(Number(execution.handedOver - received));
      return;
    }
    trade.onMarket(records, count, woken);
  }

  async function turn(withOrder: boolean): Promise<Samples> {
    trades = withOrder;
    const samples = new Float64Array(messages.length);
    for (const [at, message] of messages.entries()) {
      samples[at] = await new Promise<number>((resolve) => {
        done = resolve;
        wire.write(message);
      });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return samples;
  }

  reader.onReadable(onReadable);
  strategy.execute({ type: 'Unlock', account: ACCOUNT });
  strategy.execute({ type: 'Arm' });
  return {
    unit: 'ns/order',
    inputHash: inputHash(...messages),
    baseline: 'ring wake',
    run: () => turn(true),
    runBaseline: () => turn(false),
    check: () => {
      const { orders } = rig.kernel.view();
      const ended = orders.filter(({ status }) => status === 'Canceled').length;
      return asked > 0 && execution.requests === asked && ended === asked;
    },
    async close() {
      const exited = once(rig.feed, 'exit');
      wire.destroy();
      await exited;
      reader.close();
      await trade[Symbol.asyncDispose]();
      rig.orders.close();
      rmSync(rig.folder, { recursive: true });
    },
  };
}
