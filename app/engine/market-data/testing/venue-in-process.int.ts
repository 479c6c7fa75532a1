import type { RawData } from 'ws';
import { present } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { MatchingLevels } from '../../native/compute/matching.ts';
import type { Fetch } from '../../net/http-client.ts';
import { ManualTime } from '../../net/scheduler.ts';
import type { SocketEvents, SocketOpener } from '../../net/socket.ts';
import type { WholeBook } from '../../ports/contract/market-recorder.contract.ts';
import type { WatchedSetup } from '../../ports/contract/watched-market.contract.ts';
import type { MarketDataClient, MarketDataSink } from '../../ports/market-data-client.ts';
import { DEFAULT_MARKET } from '../../synthetic/instruments.ts';
import { MarketStreams } from '../../../sandbox/binance/market-streams.ts';
import { restAnswer } from '../../../sandbox/binance/rest.ts';
import type { PeerSocket } from '../../../sandbox/binance/session.ts';
import { SPOT_DIALECT } from '../../../sandbox/binance/stream-dialect.ts';
import { Usdm } from '../../../sandbox/binance/usdm.ts';
import { Venue } from '../../../sandbox/binance/venue.ts';
import { Exchange } from '../../../sandbox/exchange/exchange.ts';
import type { Market } from '../../../sandbox/exchange/market.ts';
import { shownBy } from '../../../sandbox/exchange/following-market.ts';
import { SpokenVenues } from '../../../sandbox/streaming/venues.ts';

const STEP_MS = 25;
/** Messages of bars, as any venue writes them. */
const BARS = /"(?:channel|topic|stream)":"[^"]*(?:kline|ohlc|candle1m)/;
/** In a leap the market moves on so little with each second. */
const LEAP_MS = 1_000;
const LEAP_MARKET_MS = 100;
const DAY_MS = 86_400_000;
const MOST_LEVELS = 5_000;
/** A message of a book that is longer is its snapshot. */
const SNAPSHOT_BYTES = 2_000;

/** What a client has of its process. */
export interface InProcessDeps {
  readonly clock: ManualTime;
  readonly scheduler: ManualTime;
  readonly rng: Xoshiro128;
  readonly open: SocketOpener;
  readonly fetch: Fetch;
}

/** The sandbox's doors over some of its instruments. */
class Doors {
  readonly exchange: Exchange;
  readonly #spot: Venue;
  readonly #spotStreams: MarketStreams;
  readonly #usdm: Usdm;
  readonly #spoken: SpokenVenues;

  constructor(time: ManualTime, marketMicros: () => number, from: number, to: number) {
    const instruments = DEFAULT_MARKET.instruments.slice(from, to);
    this.exchange = new Exchange({
      market: {
        instruments,
        correlations: instruments.map((one) => instruments.map((two) => (one === two ? 1 : 0))),
      },
      seed: 11,
      clock: { nowMicros: marketMicros, every: () => ({ [Symbol.dispose]: () => {} }) },
      balances: {},
    });
    const rules = { lifetimeMs: DAY_MS, clockMs: () => time.nowMicros() / 1000 };
    this.#spot = new Venue(this.exchange, 'open');
    this.#spotStreams = new MarketStreams(this.exchange, rules, false, SPOT_DIALECT);
    this.#usdm = new Usdm(shownBy(this.exchange, undefined), rules, 'open');
    this.#spoken = new SpokenVenues(this.exchange, rules, new Map());
  }

  connect(path: string, peer: PeerSocket): void {
    const spoken = this.#spoken.streamsAt(path);
    if (spoken === undefined) {
      (this.#usdm.streamsAt(path) ?? this.#spotStreams).connect(peer, [], true);
    } else spoken.connect(peer);
  }

  answer(
    url: string,
    headers: Readonly<Record<string, string>>,
  ): { readonly status: number; readonly body: string } {
    const asked = { method: 'GET', url, apiKey: undefined, body: '' };
    return (
      this.#spoken.answer('GET', url, headers) ??
      this.#usdm.answer('GET', url) ??
      restAnswer(this.#spot, asked)
    );
  }

  step(): void {
    this.exchange.advance();
    this.#spotStreams.tick();
    this.#usdm.tick();
    this.#spoken.tick();
  }
}

/** The sandbox's end of a connection without a network. */
class Peer implements PeerSocket {
  readonly OPEN = 1;
  readonly bufferedAmount = 0;
  readyState = 1;
  readonly #events: SocketEvents;
  readonly #passes: (text: string) => string | undefined;
  readonly #listeners = new Map<string, ((data: RawData) => void)[]>();

  constructor(events: SocketEvents, passes: (text: string) => string | undefined) {
    this.#events = events;
    this.#passes = passes;
  }

  send(text: string): void {
    const passed = this.readyState === 1 ? this.#passes(text) : undefined;
    if (passed !== undefined) this.#events.onMessage(Buffer.from(passed));
  }

  hear(text: string): void {
    for (const listener of this.#listeners.get('message') ?? []) listener(Buffer.from(text));
  }

  ping(): void {
    this.#events.onAlive();
    for (const listener of this.#listeners.get('pong') ?? []) listener(Buffer.from(''));
  }

  close(): void {
    if (this.readyState !== 1) return;
    this.readyState = 3;
    for (const listener of this.#listeners.get('close') ?? []) listener(Buffer.from(''));
    this.#events.onClose('cut');
  }

  terminate(): void {
    this.close();
  }

  pause(): void {
    this.readyState = 2;
  }

  on(event: string, listener: (data: RawData) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }
}

/** What differs between venues; `quote` is how one is told where the venue tells no other book. */
type About = Pick<WatchedSetup, 'symbol' | 'staleAfterMs' | 'checksummed'> & {
  readonly quote?: RegExp;
};

/** A venue of the sandbox and a client of it in one process, on a clock that moves when told. */
export function openInProcess(
  clientAt: (
    http: string,
    ws: string,
    deps: InProcessDeps,
    sink: MarketDataSink,
  ) => MarketDataClient,
  about: About,
): WatchedSetup {
  const time = new ManualTime();
  let marketMicros = time.nowMicros();
  const both = new Doors(time, () => marketMicros, 0, 2);
  const market = present(both.exchange.markets[0], 'the first market');
  let listing = both;
  let armed = false;
  let silent = false;
  let limitedUntilMs = 0;
  let rewrite: ((text: string) => string) | undefined;
  const peers = new Set<Peer>();
  const cut = (): void => {
    for (const peer of [...peers]) peer.close();
    peers.clear();
  };
  const isSnapshot = (text: string): boolean =>
    about.quote?.test(text) ?? text.length > SNAPSHOT_BYTES;
  const passes = (text: string): string | undefined => {
    if (armed && isSnapshot(text)) {
      armed = false;
      cut();
      return undefined;
    }
    // Bars are told while nothing trades.
    if (silent && BARS.test(text)) return undefined;
    return rewrite?.(text) ?? text;
  };
  const hush = (on: boolean): void => {
    silent = on;
    market.setHalted(on);
  };
  const open: SocketOpener = (url, _limits, events) => {
    const peer = new Peer(events, passes);
    time.setTimer(1, () => {
      peers.add(peer);
      both.connect(new URL(url).pathname, peer);
      events.onOpen();
    });
    return {
      send: (text) => void time.setTimer(1, () => peer.hear(text)),
      // The answer comes after the question.
      ping: () => void time.setTimer(1, () => events.onAlive()),
      terminate: () => peer.close(),
    };
  };
  const fetch: Fetch = async (url, { headers: told }) => {
    const { pathname, search } = new URL(url);
    if (armed && pathname.endsWith('/depth')) {
      armed = false;
      cut();
    }
    const waitMs = limitedUntilMs - time.nowMicros() / 1000;
    if (waitMs > 0) {
      const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) };
      return new Response('{"code":-1003,"msg":"too much"}', { status: 429, headers });
    }
    const names = Object.entries(told).map(([name, value]) => [name.toLowerCase(), value]);
    const asked = Object.fromEntries(names) as Record<string, string>;
    const { status, body } = listing.answer(`${pathname}${search}`, asked);
    return new Response(body, { status });
  };
  const pass = async (ms: number, stepMs: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      time.advance(stepMs);
      marketMicros += Math.min(stepMs, LEAP_MARKET_MS) * 1000;
      both.step();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  };
  return {
    ...about,
    client: (sink) =>
      clientAt(
        'http://venue.test',
        'ws://venue.test',
        { clock: time, scheduler: time, rng: new Xoshiro128(1), open, fetch },
        sink,
      ),
    pass: (ms) => pass(ms, STEP_MS),
    leap: (ms) => pass(ms, LEAP_MS),
    silence: hush,
    cut,
    cutAtSnapshot: () => {
      armed = true;
    },
    say: (text) => {
      for (const peer of peers) peer.send(text);
    },
    rewrite: (change) => {
      rewrite = change;
    },
    limitFor: (ms) => {
      limitedUntilMs = time.nowMicros() / 1000 + ms;
    },
    delist: () => {
      hush(true);
      listing = new Doors(time, () => marketMicros, 1, 2);
    },
    relist: () => {
      hush(false);
      listing = both;
    },
    whole: (instrument) => wholeBook(market, instrument, about.quote ? 1 : MOST_LEVELS),
  };
}

/** What rests on the exchange, which no client reads from there, at the instrument's scales. */
function wholeBook(
  { engine, listing }: Market,
  { priceScale, quantityScale }: Instrument,
  depth: number,
): WholeBook {
  const finer = 10 ** (priceScale - listing.priceScale);
  const smaller = 10 ** (quantityScale - listing.quantityScale);
  const side = (name: 'Buy' | 'Sell'): [number, number][] => {
    const levels = engine.top(name, new MatchingLevels(depth));
    return Array.from({ length: levels.count }, (_, row) => [
      levels.price(row) * finer,
      levels.total(row) * smaller,
    ]);
  };
  return { bids: side('Buy'), asks: side('Sell') };
}
