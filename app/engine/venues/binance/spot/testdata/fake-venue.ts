import { Xoshiro128 } from '../../../../base/rng.ts';
import type { VenueReport } from '../../../../domain/venue-report.ts';
import { HttpClient } from '../../../../net/http-client.ts';
import { RequestQueue } from '../../../../net/request-queue.ts';
import { ManualTime } from '../../../../net/scheduler.ts';
import type { Socket, SocketEvents } from '../../../../net/socket.ts';
import type { KnownOrder } from '../../../../ports/execution-client.ts';
import { BinanceSpotExecutionClient } from '../execution-client.ts';
import { RestApi } from '../../rest.ts';
import { isRecord } from '../../../../ports/wire-fields.ts';
import type { VenueError } from '../../../../ports/market-data-client.ts';
import { VenueClock } from '../../../../net/venue-clock.ts';
import { ACCOUNT, fixtureInstrument } from './fixtures.ts';

/** A request the client sent over the WebSocket API. */
export interface SentRequest {
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface FakeSocket {
  readonly events: SocketEvents;
  readonly sent: SentRequest[];
  gone: boolean;
}

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: object };

/** A venue of the test's own words: every message is written by the test, nothing is simulated. */
export class FakeVenue {
  readonly time = new ManualTime();
  readonly sockets: FakeSocket[] = [];
  readonly reports: VenueReport[] = [];
  readonly unknown: string[] = [];
  readonly gets: URL[] = [];
  /** Venue time minus ours, milliseconds. */
  aheadMs = 0;
  /** What every answer about the venue's time waits for. */
  timeHeld: Promise<void> = Promise.resolve();
  readonly answers = new Map<string, (url: URL) => Answer>();
  readonly queue: RequestQueue;
  readonly client: BinanceSpotExecutionClient;

  constructor() {
    const rng = new Xoshiro128(1);
    const { time } = this;
    this.queue = new RequestQueue({
      clock: time,
      scheduler: time,
      weightLimit: 6000,
      windowMs: 60_000,
      maxLength: 100,
    });
    const http = new HttpClient({
      scheduler: time,
      maxBodyBytes: 1_000_000,
      fetch: async (text) => this.#fetch(new URL(text)),
    });
    const rest = new RestApi({
      clock: time,
      baseUrl: 'http://venue.test',
      http,
      queue: this.queue,
      scheduler: time,
      rng,
      venueMs: () => venueClock.nowMs(),
      onClockOff: async () => void (await venueClock.measure()),
    });
    const venueClock = new VenueClock<VenueError>(time, time, async () => {
      await this.timeHeld;
      return { ok: true, value: time.nowMicros() + this.aheadMs * 1000 };
    });
    const btc = fixtureInstrument('BTCUSDT');
    this.client = new BinanceSpotExecutionClient({
      account: ACCOUNT,
      credentials: { apiKey: 'key', secret: 'secret' },
      wsApiUrl: 'ws://venue.test/ws-api/v3',
      instrumentById: (id) => (id === btc.id ? btc : undefined),
      instrumentBySymbol: (symbol) => (symbol === btc.symbol ? btc : undefined),
      rest,
      queue: this.queue,
      venueClock,
      clock: time,
      scheduler: time,
      rng,
      open: (_url, _limits, events) => this.#open(events),
      onUnknownMessage: (raw) => this.unknown.push(raw),
    });
  }

  /** Starts the client, which knows orders of before, and answers its subscription. */
  async connect(known: readonly KnownOrder[] = []): Promise<void> {
    this.client.start((report) => this.reports.push(report), known);
    await this.until(() => this.sockets.length > 0);
    await this.acceptConnection(0);
  }

  /** Opens the connection of that number and subscribes it. */
  async acceptConnection(index: number): Promise<void> {
    this.socket(index).events.onOpen();
    const request = await this.request('userDataStream.subscribe.signature', index);
    this.answer(request, { subscriptionId: index }, index);
  }

  socket(index = this.sockets.length - 1): FakeSocket {
    const socket = this.sockets[index];
    if (socket === undefined) throw new Error(`connection ${index} was not opened`);
    return socket;
  }

  /** The newest request of a method, as soon as it is there. */
  async request(method: string, index?: number): Promise<SentRequest> {
    const newest = () => this.socket(index).sent.findLast((one) => one.method === method);
    await this.until(() => newest() !== undefined);
    const found = newest();
    if (found === undefined) throw new Error(`${method} was not sent`);
    return found;
  }

  answer(request: SentRequest, result: unknown, index?: number): void {
    this.message({ id: request.id, status: 200, result }, index);
  }

  fail(request: SentRequest, status: number, error: object): void {
    this.message({ id: request.id, status, error });
  }

  event(event: unknown): void {
    this.message({ subscriptionId: 0, event });
  }

  message(value: unknown, index?: number): void {
    this.socket(index).events.onMessage(Buffer.from(JSON.stringify(value)));
  }

  /** Reports of one type. */
  of(type: VenueReport['type']): VenueReport[] {
    return this.reports.filter((report) => report.type === type);
  }

  /** Lets promises run until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 1_000 && !condition(); turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!condition()) throw new Error('the condition did not come true');
  }

  #open(events: SocketEvents): Socket {
    const fake: FakeSocket = { events, sent: [], gone: false };
    this.sockets.push(fake);
    return {
      send: (text) => {
        const value: unknown = JSON.parse(text);
        if (!isRecord(value)) throw new Error('a request must be an object');
        const { id, method, params } = value;
        fake.sent.push({
          id: String(id),
          method: String(method),
          params: isRecord(params) ? params : {},
        });
      },
      ping: () => undefined,
      terminate: () => {
        fake.gone = true;
      },
    };
  }

  #fetch(url: URL): Response {
    this.gets.push(url);
    const answer = this.answers.get(url.pathname)?.(url) ?? {
      status: 400,
      body: { code: -2013, msg: 'Order does not exist.' },
    };
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { ...answer.headers },
    });
  }
}
