import { randomInt } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import type { FeedConfig, VenueUrls, WatchedVenueName } from '../../api/supervision.ts';
import type { Environment } from '../../domain/identifiers.ts';
import type { WatchedVenue } from '../../market-data/joined-client.ts';
import { StreamDataClient } from '../../market-data/stream-client.ts';
import type { Fetch } from '../../net/http-client.ts';
import type { SocketOpener } from '../../net/socket.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { MarketDataSink } from '../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../ports/secret-store.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { ALPACA_LIVE, alpacaSandbox, alpacaVenue } from '../../venues/alpaca/index.ts';
import {
  BINANCE_USDM_LIVE,
  createBinanceUsdm,
  type BinanceUsdmUrls,
} from '../../venues/binance/usdm/index.ts';
import { BYBIT_LIVE, bybitVenue, type Category } from '../../venues/bybit/index.ts';
import { COINBASE_LIVE, coinbaseVenue } from '../../venues/coinbase/index.ts';
import { DERIBIT_LIVE, deribitVenue } from '../../venues/deribit/index.ts';
import { KRAKEN_LIVE, krakenVenue } from '../../venues/kraken/index.ts';
import { OKX_LIVE, okxVenue } from '../../venues/okx/index.ts';
import { routeTo } from '../network.ts';
import type { SystemTime } from '../system-time.ts';

/** What a client has of its process. */
interface ClientDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  readonly fetch?: Fetch;
  readonly sink: MarketDataSink;
}

/** Makes a client of a venue, and names the venue. */
type Open = (deps: ClientDeps) => Omit<WatchedVenue, 'symbols'>;

/** A venue's live door, and the sandbox that speaks as it. A key is of a venue that tells nothing without one. */
interface Door {
  live(credentials: ApiCredentials | undefined): Open;
  sandbox(urls: VenueUrls): Open;
}

const DOORS: Readonly<Record<WatchedVenueName, Door>> = {
  KRAKEN: streamed({
    live: () => krakenVenue('live', KRAKEN_LIVE),
    sandbox: ({ http, ws }) =>
      krakenVenue('sandbox', { http: `${http}/kraken`, ws: `${ws}/kraken/v2` }),
  }),
  OKX: streamed({
    live: () => okxVenue('live', OKX_LIVE),
    sandbox: ({ http, ws }) =>
      okxVenue('sandbox', {
        http: `${http}/okx`,
        ws: `${ws}/okx/ws/v5/public`,
        wsBusiness: `${ws}/okx/ws/v5/business`,
      }),
  }),
  COINBASE: streamed({
    live: () => coinbaseVenue('live', COINBASE_LIVE),
    sandbox: ({ http, ws }) =>
      coinbaseVenue('sandbox', { http: `${http}/coinbase`, ws: `${ws}/coinbase/` }),
  }),
  DERIBIT: streamed({
    live: () => deribitVenue('live', DERIBIT_LIVE),
    sandbox: ({ http, ws }) =>
      deribitVenue('sandbox', { http: `${http}/deribit`, ws: `${ws}/deribit/ws/api/v2` }),
  }),
  BYBIT: bybit('spot'),
  'BYBIT-LINEAR': bybit('linear'),
  'BYBIT-INVERSE': bybit('inverse'),
  'BINANCE-USDM': {
    live: () => binanceUsdm('live', BINANCE_USDM_LIVE),
    sandbox: ({ http, ws }) =>
      binanceUsdm('sandbox', { http: `${http}/binance-usdm`, ws: `${ws}/binance-usdm` }),
  },
  ALPACA: streamed({
    live: (credentials) => alpacaVenue('live', ALPACA_LIVE, credentials),
    sandbox: ({ http, ws }) => alpacaSandbox(http, ws),
  }),
};

/** A venue whose books begin on the stream. */
function streamed(doors: {
  live(credentials: ApiCredentials | undefined): StreamVenue;
  sandbox(urls: VenueUrls): StreamVenue;
}): Door {
  const open =
    (venue: StreamVenue): Open =>
    (deps) => ({ venue: venue.venue, client: new StreamDataClient({ ...deps, venue }) });
  return {
    live: (credentials) => open(doors.live(credentials)),
    sandbox: (urls) => open(doors.sandbox(urls)),
  };
}

function binanceUsdm(environment: Environment, urls: BinanceUsdmUrls): Open {
  return (deps) => {
    const connector = createBinanceUsdm(environment, urls, deps);
    return { venue: connector.venue, client: connector.data(deps.sink) };
  };
}

/** A market of Bybit; the sandbox has the spot one only. */
function bybit(category: Category): Door {
  return streamed({
    live: () => bybitVenue('live', BYBIT_LIVE, category),
    sandbox: ({ http, ws }) =>
      bybitVenue('sandbox', { http: `${http}/bybit`, ws: `${ws}/bybit/v5/public` }, category),
  });
}

/** Why other venues are not watched in this environment; undefined when they are. */
export function whyNotWatched(environment: Environment): string | undefined {
  if (environment === 'live' || environment === 'sandbox') return undefined;
  return `other venues are watched on the live market and on the sandbox, not on ${environment}`;
}

/** Opens the venues that are watched beside the traded one; nothing connects before a subscription. */
export function openOthers(
  config: FeedConfig,
  time: SystemTime,
  sink: MarketDataSink,
): readonly WatchedVenue[] {
  const { environment, network, others = [], source } = config;
  if (source.kind !== 'venue' || whyNotWatched(environment) !== undefined) return [];
  return others.map(({ venue: name, symbols, credentials }) => {
    const door = DOORS[name];
    const open = environment === 'live' ? door.live(credentials) : door.sandbox(source.urls);
    const rng = new Xoshiro128(randomInt(2 ** 32));
    const route = routeTo(name, environment, network);
    return { ...open({ clock: time.following, scheduler: time, rng, sink, ...route }), symbols };
  });
}
