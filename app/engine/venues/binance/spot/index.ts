import { err, ok, type Result } from '../../../base/result.ts';
import type { AccountId, InstrumentId, VenueId } from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { ExecutionClient } from '../../../ports/execution-client.ts';
import type {
  MarketDataClient,
  MarketDataSink,
  VenueError,
} from '../../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../../ports/secret-store.ts';
import { openConnection, type ConnectorDeps } from '../connection.ts';
import { BinanceDataClient } from '../data-client.ts';
import type { RestApi } from '../rest.ts';
import { SETTINGS } from '../settings.ts';
import type { BinanceSpotConfig } from './config.ts';
import { BinanceSpotExecutionClient } from './execution-client.ts';
import { spotMarket } from './market.ts';
import { parsePermissions, type KeyPermissions } from './parse/permissions.ts';

export { LIVE, sandboxConfig, TESTNET, type BinanceSpotConfig } from './config.ts';
export type { KeyPermissions } from './parse/permissions.ts';

/** What the connector needs. */
export interface BinanceSpotDeps extends ConnectorDeps {
  readonly config: BinanceSpotConfig;
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
  const { config, clock, scheduler, rng, open } = deps;
  const market = spotMarket(config);
  const { venue } = market;
  const sockets = open === undefined ? {} : { open };
  const connection = openConnection(market, deps);
  const { queue, rest, venueClock } = connection;

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
      new BinanceDataClient({
        market,
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
    [Symbol.dispose]: () => connection[Symbol.dispose](),
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
