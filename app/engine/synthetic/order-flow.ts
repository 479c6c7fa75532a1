import { invariant } from '../base/invariant.ts';
import { price, quantity, type Price } from '../domain/price.ts';
import { MatchingCommands } from '../native/compute/matching-commands.ts';
import { MATCHING_EVENT, type MatchingEvents } from '../native/compute/matching-events.ts';
import { MatchingLevels, type MatchingEngine } from '../native/compute/matching.ts';
import type { SyntheticInstrument } from './instruments.ts';
import type { Sampler } from './numeric.ts';
import { RestingOrders } from './resting-orders.ts';

/** Ids from here on belong to the generator; everybody else's are below. */
export const FIRST_FLOW_ORDER_ID = 2 ** 40;
/** The generator acts this often. */
export const FLOW_STEP_MS = 50;

const STEP_SECONDS = FLOW_STEP_MS / 1000;
const SECONDS_A_YEAR = 31_536_000;
const RESTING_PER_SIDE = 900;
const ADDS_PER_SECOND = 24;
const REQUOTE_ODDS = 0.04;
const PULL_ODDS = 0.94;
const FAR_SCALE = 0.0006;
const FAR_LIMIT = 0.03;

/** What the market makers know in a step. */
export interface FlowInput {
  /** Fair price in ticks. */
  readonly fair: number;
  /** Volatility against the ordinary, 1 when ordinary. */
  readonly volatility: number;
}

/**
 * Order flow of one instrument around a fair price: makers quote a spread and a depth that follow volatility, pull what went
 * stale, and arbitrageurs and noise traders take. Everybody trades in one matching engine with price-time priority.
 */
export class OrderFlow {
  readonly instrument: SyntheticInstrument;
  readonly #engine: MatchingEngine;
  readonly #sampler: Sampler;
  readonly #publish: (events: MatchingEvents) => void;
  readonly #commands = new MatchingCommands(256);
  readonly #bids = new RestingOrders();
  readonly #asks = new RestingOrders();
  readonly #best = new MatchingLevels(1);
  readonly #sweep = new MatchingLevels(64);
  readonly #secondTicks: number;
  #nextId = FIRST_FLOW_ORDER_ID;
  #bidTouch = 0;
  #askTouch = 0;
  #fair = 0;
  #buying = true;
  #volatility = 1;

  constructor(
    instrument: SyntheticInstrument,
    engine: MatchingEngine,
    sampler: Sampler,
    publish: (events: MatchingEvents) => void,
  ) {
    invariant(instrument.tickSize > 0, `tickSize must be > 0, was ${instrument.tickSize}`);
    this.instrument = instrument;
    this.#engine = engine;
    this.#sampler = sampler;
    this.#publish = publish;
    this.#secondTicks =
      (instrument.annualVolatility / Math.sqrt(SECONDS_A_YEAR)) *
      (instrument.startPrice / instrument.tickSize);
  }

  /** Acts for one step of `FLOW_STEP_MS`. */
  step(input: FlowInput): void {
    const moved = input.fair !== this.#fair;
    this.#fair = input.fair;
    this.#volatility = input.volatility;
    if (this.#bids.length === 0 && this.#asks.length === 0) this.#populate();
    if (moved || this.#sampler.uniform() < REQUOTE_ODDS) this.#requote();
    this.#takeMispriced('Buy');
    this.#takeMispriced('Sell');
    this.#replenish('Buy', moved ? 3 : 0);
    this.#replenish('Sell', moved ? 3 : 0);
    this.#addAndCancel(this.#bids, 'Buy');
    this.#addAndCancel(this.#asks, 'Sell');
    this.#trade();
  }

  /** Must see every event of the engine, whoever caused it. */
  observe(events: MatchingEvents): void {
    for (let index = 0; index < events.count; index += 1) {
      const kind = events.kind[index];
      if (kind === MATCHING_EVENT.Traded) {
        if (events.makerLeaves[index] === 0) this.#forget(events.makerOrderId[index] ?? 0);
      } else if (
        kind === MATCHING_EVENT.Canceled ||
        kind === MATCHING_EVENT.Expired ||
        kind === MATCHING_EVENT.Rejected
      ) {
        this.#forget(events.orderId[index] ?? 0);
      }
    }
  }

  #forget(orderId: number): void {
    if (orderId < FIRST_FLOW_ORDER_ID) return;
    this.#bids.remove(orderId);
    this.#asks.remove(orderId);
  }

  #run(): void {
    if (this.#commands.count === 0) return;
    const events = this.#engine.apply(this.#commands);
    this.#commands.clear();
    this.observe(events);
    this.#publish(events);
  }

  /** New touch prices around the fair one; stale quotes are pulled by the fast. */
  #requote(): void {
    const width = 1 + Math.floor(this.#sampler.exponential() * 1.8 * this.#volatility);
    this.#bidTouch = Math.max(1, Math.floor(this.#fair - (width - 1) / 2));
    this.#askTouch = this.#bidTouch + width;
    const tick = this.instrument.tickSize;
    const pull = (orders: RestingOrders, stale: (ticks: number) => boolean): void => {
      for (let index = 0; index < orders.length; index += 1) {
        const ticks = (orders.prices[index] ?? 0) / tick;
        if (stale(ticks) && this.#sampler.uniform() < PULL_ODDS) {
          this.#commands.cancel(orders.ids[index] ?? 0);
        }
      }
    };
    pull(this.#bids, (ticks) => ticks > this.#bidTouch);
    pull(this.#asks, (ticks) => ticks < this.#askTouch);
    this.#run();
  }

  /** Whoever stands on the wrong side of the fair price is taken, often only in part at a time. */
  #takeMispriced(side: 'Buy' | 'Sell'): void {
    const resting = this.#engine.top(side, this.#sweep);
    const tick = this.instrument.tickSize;
    let total = 0;
    let limit = 0;
    for (let index = 0; index < resting.count; index += 1) {
      const ticks = resting.price(index) / tick;
      if (side === 'Buy' ? ticks < this.#askTouch : ticks > this.#bidTouch) break;
      total += resting.total(index);
      limit = resting.price(index);
    }
    if (total === 0) return;
    const share = Math.min(1, 0.4 + 0.8 * this.#sampler.uniform());
    this.#take(side === 'Buy' ? 'Sell' : 'Buy', price(limit), total * share);
  }

  #take(side: 'Buy' | 'Sell', limit: Price, wanted: number): void {
    const step = this.instrument.stepSize;
    this.#commands.submit({
      orderId: this.#newId(),
      side,
      type: 'Limit',
      timeInForce: 'IOC',
      price: limit,
      quantity: quantity(Math.max(1, Math.round(wanted / step)) * step),
    });
    this.#run();
  }

  /** Brings the touch back to where the makers want it, with `behind` further orders close behind. */
  #replenish(side: 'Buy' | 'Sell', behind: number): void {
    const best = this.#engine.top(side, this.#best);
    const touch = side === 'Buy' ? this.#bidTouch : this.#askTouch;
    const ticks = best.count === 0 ? 0 : best.price(0) / this.instrument.tickSize;
    const atTouch = best.count > 0 && (side === 'Buy' ? ticks >= touch : ticks <= touch);
    if (!atTouch && this.#sampler.uniform() < 0.6) this.#add(side, 0, 1);
    let distance = 0;
    for (let index = 0; index < behind; index += 1) {
      distance += 1 + this.#sampler.below(3);
      this.#add(side, distance, 0.7);
    }
  }

  #addAndCancel(orders: RestingOrders, side: 'Buy' | 'Sell'): void {
    const adds = this.#sampler.poisson(ADDS_PER_SECOND * STEP_SECONDS);
    for (let index = 0; index < adds; index += 1) this.#add(side, this.#distance(), 0.35);
    const fullness = orders.length / RESTING_PER_SIDE;
    const restless = 0.6 + 0.4 * this.#volatility;
    const cancels = this.#sampler.poisson(
      2 * ADDS_PER_SECOND * STEP_SECONDS * fullness * fullness * restless,
    );
    for (let index = 0; index < Math.min(cancels, orders.length); index += 1) {
      // The same order drawn twice is refused the second time, which is harmless.
      this.#commands.cancel(orders.ids[this.#sampler.below(orders.length)] ?? 0);
    }
    this.#run();
  }

  /** Ticks behind the touch: most close, some far. */
  #distance(): number {
    const sampler = this.#sampler;
    const kind = sampler.uniform();
    if (kind < 0.3) return sampler.below(8);
    if (kind < 0.6) return Math.floor(sampler.exponential() * (2 + 0.4 * this.#secondTicks));
    const far = FAR_SCALE * (1 / (1 - 0.98 * sampler.uniform()) - 1);
    return Math.floor(Math.min(far, FAR_LIMIT) * this.#fair);
  }

  #add(side: 'Buy' | 'Sell', distance: number, share: number): void {
    const { tickSize, touchNotional } = this.instrument;
    const ticks = side === 'Buy' ? this.#bidTouch - distance : this.#askTouch + distance;
    if (ticks < 1) return;
    const size = 0.15 + this.#sampler.exponential();
    const notional = (touchNotional * share * size) / (0.4 + 0.6 * this.#volatility);
    const limit = price(ticks * tickSize);
    const orderId = this.#newId();
    (side === 'Buy' ? this.#bids : this.#asks).add(orderId, limit);
    this.#commands.submit({
      orderId,
      side,
      type: 'LimitMaker',
      price: limit,
      quantity: this.#quantityFor(notional),
    });
  }

  /** Noise traders: takers whose side persists for a while. */
  #trade(): void {
    const rate = this.instrument.tradesPerSecond * (0.3 + 0.4 * this.#volatility);
    const count = this.#sampler.poisson(rate * STEP_SECONDS);
    for (let index = 0; index < count; index += 1) {
      if (this.#sampler.uniform() < 0.4) this.#buying = this.#sampler.uniform() < 0.5;
      const large = this.#sampler.uniform() < 0.02 ? 12 : 1;
      const notional = this.instrument.tradeNotional * large * (0.05 + this.#sampler.exponential());
      const reach = 3 + this.#sampler.below(4);
      const ticks = this.#buying ? this.#askTouch + reach : this.#bidTouch - reach;
      if (ticks < 1) continue;
      const limit = price(ticks * this.instrument.tickSize);
      this.#take(this.#buying ? 'Buy' : 'Sell', limit, this.#quantityFor(notional));
    }
  }

  #populate(): void {
    this.#requote();
    for (const side of ['Buy', 'Sell'] as const) {
      this.#add(side, 0, 1);
      for (let index = 0; index < RESTING_PER_SIDE; index += 1) {
        this.#add(side, this.#distance(), 0.35);
      }
    }
    this.#run();
  }

  #quantityFor(notional: number): ReturnType<typeof quantity> {
    const { priceScale, quantityScale, stepSize, tickSize } = this.instrument;
    let unit = 1;
    for (let index = 0; index < priceScale + quantityScale; index += 1) unit *= 10;
    const steps = Math.round((notional * unit) / (this.#fair * tickSize) / stepSize);
    return quantity(Math.max(1, steps) * stepSize);
  }

  #newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }
}
