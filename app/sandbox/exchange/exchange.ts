import { present } from '../../engine/base/invariant.ts';
import type { MatchingOrder } from '../../engine/native/compute/matching-commands.ts';
import type { MatchingEvents } from '../../engine/native/compute/matching-events.ts';
import type { MatchingEngine } from '../../engine/native/compute/matching.ts';
import type { SyntheticMarket } from '../../engine/synthetic/instruments.ts';
import { MarketSimulation } from '../../engine/synthetic/market-simulation.ts';
import { FLOW_STEP_MS } from '../../engine/synthetic/order-flow.ts';
import { createPast, type InstrumentPast } from '../../engine/synthetic/past.ts';
import type { RegimeLabel } from '../../engine/synthetic/regimes.ts';
import type { SandboxClock } from '../clock.ts';
import { createAccount, type Account } from './account.ts';
import { listingOf, type Listing } from './listing.ts';
import { Market } from './market.ts';
import { OrderDesk } from './order-desk.ts';
import { Transfers } from './transfers.ts';

const MINUTE_MS = 60_000;
const WARM_UP_MINUTES = 2;
const LONGEST_CATCH_UP_MS = 5000;

/** Where an exchange's markets come from: their past, their books and everybody else's orders. */
export interface Crowd {
  readonly pasts: readonly InstrumentPast[];
  readonly labels: readonly RegimeLabel[];
  engine(index: number): MatchingEngine;
  /** Shows the crowd what the account's command caused. */
  observe(index: number, events: MatchingEvents): void;
  /** Moves on by `FLOW_STEP_MS`. */
  step(): void;
}

/** Gathers the crowd of an exchange. What each of its commands causes goes to `publish` before the next runs; `nowMs` is where it begins. */
export type GatherCrowd = (
  publish: (index: number, events: MatchingEvents) => void,
  nowMs: number,
) => Crowd;

/** What an exchange is made of. */
export interface ExchangeOptions {
  readonly market: SyntheticMarket;
  readonly seed: number;
  readonly clock: SandboxClock;
  /** Exchange time at the start in ms; the clock's when absent. */
  readonly startTimeMs?: number;
  /** Exchange seconds to a second of the clock; 1 when absent. */
  readonly speed?: number;
  /** The synthetic market of `market` and `seed` when absent. */
  readonly crowd?: GatherCrowd;
  /** Whole units the account begins with. */
  readonly balances: Readonly<Record<string, number>>;
  /** What is done about an order that meets one of the same account and does not say; the maker expires when absent. */
  readonly selfTrade?: Listing['selfTrade'] | undefined;
}

/** Markets, one account and time. Knows nothing of any wire protocol. */
export class Exchange {
  readonly markets: readonly Market[];
  readonly account: Account;
  readonly desk: OrderDesk;
  readonly transfers: Transfers;
  readonly #crowd: Crowd;
  readonly #clock: SandboxClock;
  readonly #speed: number;
  readonly #startMs: number;
  readonly #clockStartMicros: number;
  readonly #bySymbol: ReadonlyMap<string, Market>;
  #simulatedMs: number;

  constructor(options: ExchangeOptions) {
    this.#clock = options.clock;
    this.#speed = options.speed ?? 1;
    this.#clockStartMicros = options.clock.nowMicros();
    this.#startMs = options.startTimeMs ?? Math.floor(this.#clockStartMicros / 1000);
    this.#simulatedMs = (Math.floor(this.#startMs / MINUTE_MS) - WARM_UP_MINUTES) * MINUTE_MS;
    const gather = options.crowd ?? syntheticCrowd(options.market, options.seed);
    this.#crowd = gather((index, events) => this.#fromFlow(index, events), this.#simulatedMs);
    this.markets = options.market.instruments.map((instrument, index) => {
      const instrumentPast = present(this.#crowd.pasts[index], 'past of an instrument');
      const engine = this.#crowd.engine(index);
      const listing = listingOf(instrument, options.selfTrade);
      return new Market(listing, index, engine, instrumentPast, this.#simulatedMs);
    });
    this.#bySymbol = new Map(this.markets.map((market) => [market.listing.symbol, market]));
    this.account = createAccount(options.seed, options.balances, this.#startMs);
    this.transfers = new Transfers(this.account, () => this.nowMs());
    this.desk = new OrderDesk({
      account: this.account,
      nowMs: () => this.nowMs(),
      absorb: (market, events, timeMs) => {
        this.#crowd.observe(market.index, events);
        market.absorb(events, timeMs);
      },
    });
    this.#simulateTo(this.#startMs);
  }

  /** The market's hidden regimes, for tests and research; never sent to a client. */
  get labels(): readonly RegimeLabel[] {
    return this.#crowd.labels;
  }

  /** Exchange time in ms. */
  nowMs(): number {
    return Math.floor(this.nowMicros() / 1000);
  }

  /** Exchange time in microseconds. */
  nowMicros(): number {
    const elapsed = this.#clock.nowMicros() - this.#clockStartMicros;
    return this.#startMs * 1000 + Math.floor(elapsed * this.#speed);
  }

  market(symbol: string): Market | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** Brings the market up to now; after a long stall the missed part is skipped, not caught up. */
  advance(): void {
    const nowMs = this.nowMs();
    const longest = LONGEST_CATCH_UP_MS * Math.max(1, this.#speed);
    if (nowMs - this.#simulatedMs > longest) {
      this.#simulatedMs = Math.floor((nowMs - longest) / FLOW_STEP_MS) * FLOW_STEP_MS;
    }
    this.#simulateTo(nowMs);
    for (const market of this.markets) market.rollTo(nowMs);
  }

  /** Lets an order of somebody else in; it must not rest. */
  trade(market: Market, order: MatchingOrder): void {
    const nowMs = this.nowMs();
    const events = market.engine.submit(order);
    this.#crowd.observe(market.index, events);
    market.absorb(events, nowMs);
    this.desk.observe(events, nowMs);
  }

  #simulateTo(nowMs: number): void {
    while (this.#simulatedMs + FLOW_STEP_MS <= nowMs) {
      this.#simulatedMs += FLOW_STEP_MS;
      this.#crowd.step();
    }
  }

  #fromFlow(index: number, events: MatchingEvents): void {
    const market = present(this.markets[index], 'market');
    market.absorb(events, this.#simulatedMs);
    this.desk.observe(events, this.#simulatedMs);
  }
}

function syntheticCrowd(market: SyntheticMarket, seed: number): GatherCrowd {
  return (publish, nowMs) => {
    const past = createPast(market, seed, nowMs);
    const simulation = new MarketSimulation({ market, seed, past, publish });
    return {
      pasts: past.instruments,
      get labels() {
        return simulation.labels;
      },
      engine: (index) => simulation.engine(index),
      observe: (index, events) => simulation.observe(index, events),
      step: () => simulation.step(),
    };
  };
}
