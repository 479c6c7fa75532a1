import type { Clock } from '../../../base/clock.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { Rng } from '../../../base/rng.ts';
import {
  venueId,
  type AccountId,
  type InstrumentId,
  type VenueId,
} from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { HttpClient, type Fetch } from '../../../net/http-client.ts';
import { RequestQueue } from '../../../net/request-queue.ts';
import type { Scheduler } from '../../../net/scheduler.ts';
import type { SocketOpener } from '../../../net/socket.ts';
import type { ExecutionClient } from '../../../ports/execution-client.ts';
import type {
  MarketDataClient,
  MarketDataSink,
  VenueError,
} from '../../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../../ports/secret-store.ts';
import { SETTINGS, type BinanceSpotConfig } from './config.ts';
import { BinanceSpotDataClient } from './data-client.ts';
import { BinanceSpotExecutionClient } from './execution-client.ts';
import { RestApi } from './http/rest.ts';
import { FieldReader } from '../../../ports/wire-fields.ts';
import { parsePermissions, type KeyPermissions } from './parse/permissions.ts';
import { VenueClock } from '../../../net/venue-clock.ts';

export { LIVE, sandboxConfig, TESTNET, type BinanceSpotConfig } from './config.ts';
export type { KeyPermissions } from './parse/permissions.ts';

/** What the connector needs of its process. */
export interface BinanceSpotDeps {
  readonly config: BinanceSpotConfig;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  readonly fetch?: Fetch;
}

/** What an account's execution client needs beside the connector. */
export interface ExecutionOptions {
  readonly account: AccountId;
  readonly credentials: ApiCredentials;
  /** Every instrument orders may name; what the venue says about others is told raw. */
  readonly instruments: readonly Instrument[];
  readonly onUnknownMessage: (raw: string) => void;
}

/** What this venue can do. */
export interface Capabilities {
  readonly orderTypes: readonly ('Limit' | 'Market' | 'Stop' | 'StopLimit')[];
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** How a working order is changed. */
  readonly replace: 'CancelAndNew' | 'Amend';
  /** Whether the venue cancels when the connection is lost. */
  readonly cancelOnDisconnect: boolean;
}

/** How the REST interface is. */
export interface RestHealth {
  readonly requests: number;
  readonly failures: number;
  readonly lastAnswerAt?: number;
  readonly lastFailed: boolean;
  readonly latencyMicros?: number;
  readonly clockOffsetMicros?: number;
  readonly weightUsed: number;
  readonly weightLimit: number;
  readonly waiting: number;
  readonly mostWaiting: number;
  readonly refused: number;
}

/** A Binance spot exchange: live, testnet or sandbox. One per process; everything shares one weight budget. */
export interface BinanceSpot extends Disposable {
  readonly venue: VenueId;
  readonly capabilities: Capabilities;
  data(sink: MarketDataSink): MarketDataClient;
  execution(options: ExecutionOptions): ExecutionClient;
  /** What a key may do; one that may withdraw is refused. */
  readPermissions(credentials: ApiCredentials): Promise<Result<KeyPermissions, VenueError>>;
  /** How the REST interface and its weight budget are. */
  rest(): RestHealth;
  /** Venue time minus ours in microseconds, measured now. */
  measureClock(): Promise<Result<number, VenueError>>;
}

/** Builds the connector. Nothing connects before a client of it is used. */
export function createBinanceSpot(deps: BinanceSpotDeps): BinanceSpot {
  const { config, clock, scheduler, rng, open, fetch } = deps;
  const venue = venueId('BINANCE', config.environment);
  const sockets = open === undefined ? {} : { open };
  const queue = new RequestQueue({
    clock,
    scheduler,
    weightLimit: SETTINGS.weightPerMinute,
    windowMs: 60_000,
    maxLength: SETTINGS.queueLength,
  });
  const http = new HttpClient({
    scheduler,
    ...(fetch === undefined ? {} : { fetch }),
    maxBodyBytes: SETTINGS.maxAnswerBytes,
  });
  const rest = new RestApi({
    baseUrl: config.urls.http,
    http,
    queue,
    scheduler,
    rng,
    venueMs: () => venueClock.nowMs(),
    nowMicros: () => clock.nowMicros(),
    onClockOff: async () => void (await venueClock.measure()),
  });
  const venueClock = new VenueClock(clock, scheduler, () => readTime(rest));

  return {
    venue,
    capabilities: {
      orderTypes: ['Limit', 'Market', 'Stop', 'StopLimit'],
      postOnly: true,
      reduceOnly: false,
      replace: 'CancelAndNew',
      cancelOnDisconnect: false,
    },
    data: (sink) =>
      new BinanceSpotDataClient({
        venue,
        wsUrl: config.urls.ws,
        rest,
        queue,
        venueClock,
        clock,
        scheduler,
        rng,
        ...sockets,
        sink,
      }),
    execution: ({ account, credentials, instruments, onUnknownMessage }) => {
      const byId = new Map<InstrumentId, Instrument>(instruments.map((one) => [one.id, one]));
      const bySymbol = new Map(instruments.map((one) => [one.symbol, one]));
      return new BinanceSpotExecutionClient({
        account,
        credentials,
        wsApiUrl: config.urls.wsApi,
        instrumentById: (id) => byId.get(id),
        instrumentBySymbol: (symbol) => bySymbol.get(symbol),
        rest,
        queue,
        venueClock,
        clock,
        scheduler,
        rng,
        ...sockets,
        onUnknownMessage,
      });
    },
    rest: () => {
      const { offset } = venueClock;
      return {
        ...rest.counts,
        ...(offset === undefined
          ? {}
          : { latencyMicros: offset.roundTripMicros, clockOffsetMicros: offset.offsetMicros }),
        weightUsed: queue.usedWeight,
        weightLimit: queue.limit,
        waiting: queue.length,
        mostWaiting: SETTINGS.queueLength,
      };
    },
    readPermissions: (credentials) => readPermissions(rest, config, credentials),
    measureClock: async () => {
      const measured = await venueClock.measure();
      return measured.ok ? ok(measured.value.offsetMicros) : measured;
    },
    [Symbol.dispose]: () => {
      venueClock[Symbol.dispose]();
      queue[Symbol.dispose]();
    },
  };
}

async function readPermissions(
  rest: RestApi,
  config: BinanceSpotConfig,
  credentials: ApiCredentials,
): Promise<Result<KeyPermissions, VenueError>> {
  if (!config.permissionsReadable) {
    const message = `${config.environment} does not tell what a key may do`;
    return err({ code: 'PERMISSIONS_UNREADABLE', kind: 'Refused', message });
  }
  const path = '/sapi/v1/account/apiRestrictions';
  const answer = await rest.json({ path, credentials, priority: 'query', weight: 1 });
  return answer.ok ? parsePermissions(answer.value) : answer;
}

async function readTime(rest: RestApi): Promise<Result<number, VenueError>> {
  // A cancel is signed with this time: it must not wait where a cancel would not.
  const answer = await rest.json({ path: '/api/v3/time', priority: 'cancel', weight: 1 });
  if (!answer.ok) return answer;
  const reader = new FieldReader(answer.value, 'time');
  return reader.finish(reader.time('serverTime'));
}
