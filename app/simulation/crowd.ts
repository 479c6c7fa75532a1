import type { Rng } from '../engine/base/rng.ts';
import { present } from '../engine/base/invariant.ts';
import { price, quantity } from '../engine/domain/price.ts';
import type { MatchingEvents } from '../engine/native/compute/matching-events.ts';
import { MatchingEngine, MatchingLevels } from '../engine/native/compute/matching.ts';
import { BarSeries } from '../engine/synthetic/bar-series.ts';
import type { SyntheticInstrument } from '../engine/synthetic/instruments.ts';
import type { Crowd, GatherCrowd } from '../sandbox/exchange/exchange.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FIRST_ID = 2 ** 40;
/** Steps of the exchange between two acts of the crowd, half a second. */
const ACT_EVERY = 10;
const MOST_RESTING = 60;
/** Levels between the first price and nothing. */
const LEVELS_TO_NOTHING = 67_000;

/** Everybody else at one market, few and quick to compute: they quote around a price that wanders, and now and then somebody takes. */
class Stall {
  readonly engine: MatchingEngine;
  readonly past: Crowd['pasts'][number];
  readonly #instrument: SyntheticInstrument;
  readonly #rng: Rng;
  readonly #publish: (events: MatchingEvents) => void;
  readonly #resting: number[] = [];
  readonly #best = new MatchingLevels(1);
  #fair: number;
  #nextId = FIRST_ID;
  #takes = true;

  constructor(
    instrument: SyntheticInstrument,
    rng: Rng,
    publish: (events: MatchingEvents) => void,
    nowMs: number,
  ) {
    this.#instrument = instrument;
    this.#rng = rng;
    this.#publish = publish;
    this.#fair = instrument.startPrice;
    this.past = { ...pastOf(instrument.startPrice, nowMs), nextTradeId: 2 };
    this.engine = new MatchingEngine({
      tickSize: price(instrument.tickSize),
      stepSize: quantity(instrument.stepSize),
      firstTradeId: 2,
      expectedOrders: 1024,
    });
  }

  /** Nobody takes any more; quotes stay. */
  calm(): void {
    this.#takes = false;
  }

  act(): void {
    if (this.#takes) this.#fair += (this.#rng.nextBelow(5) - 2) * levelOf(this.#instrument);
    this.#quote('Buy');
    this.#quote('Sell');
    while (this.#resting.length > MOST_RESTING) {
      const oldest = this.#resting.shift();
      if (oldest !== undefined) this.#publish(this.engine.cancel(oldest));
    }
    if (this.#takes && this.#rng.nextBelow(3) === 0) this.#take();
  }

  #quote(side: 'Buy' | 'Sell'): void {
    const away = (1 + this.#rng.nextBelow(8)) * levelOf(this.#instrument);
    const at = side === 'Buy' ? this.#fair - away : this.#fair + away;
    this.#send(side, at, 'GTC', 20_000 + this.#rng.nextBelow(200_000));
  }

  #take(): void {
    const side = this.#rng.nextBelow(2) === 0 ? 'Buy' : 'Sell';
    const best = this.engine.top(side === 'Buy' ? 'Sell' : 'Buy', this.#best);
    if (best.count === 0) return;
    const reach = this.#rng.nextBelow(6) * levelOf(this.#instrument);
    const at = side === 'Buy' ? best.price(0) + reach : best.price(0) - reach;
    this.#send(side, at, 'IOC', 1000 + this.#rng.nextBelow(300_000));
  }

  #send(side: 'Buy' | 'Sell', at: number, timeInForce: 'GTC' | 'IOC', size: number): void {
    const orderId = this.#nextId;
    this.#nextId += 1;
    const { stepSize } = this.#instrument;
    const events = this.engine.submit({
      orderId,
      side,
      type: 'Limit',
      timeInForce,
      price: price(at),
      quantity: quantity(Math.ceil(size / stepSize) * stepSize),
    });
    this.#publish(events);
    if (timeInForce === 'GTC') this.#resting.push(orderId);
  }
}

/** Everybody else at an exchange of a few instruments. */
export class LightCrowd implements Crowd {
  readonly labels = [];
  readonly #stalls: readonly Stall[];
  #steps = 0;

  private constructor(stalls: readonly Stall[]) {
    this.#stalls = stalls;
  }

  /** A crowd for an exchange, and the way to calm it. */
  static gather(
    instruments: readonly SyntheticInstrument[],
    rng: Rng,
  ): { readonly gather: GatherCrowd; calm(): void } {
    let stalls: readonly Stall[] = [];
    return {
      gather(publish, nowMs) {
        stalls = instruments.map((instrument, index) => {
          return new Stall(instrument, rng, (events) => publish(index, events), nowMs);
        });
        return new LightCrowd(stalls);
      },
      calm() {
        for (const stall of stalls) stall.calm();
      },
    };
  }

  get pasts(): Crowd['pasts'] {
    return this.#stalls.map(({ past }) => past);
  }

  engine(index: number): MatchingEngine {
    return present(this.#stalls[index], 'stall').engine;
  }

  observe(): void {
    // What the account does moves nobody here.
  }

  step(): void {
    this.#steps += 1;
    if (this.#steps % ACT_EVERY !== 1) return;
    for (const stall of this.#stalls) stall.act();
  }
}

/** Between two levels of prices, as a mantissa. */
export function levelOf({ startPrice, tickSize }: SyntheticInstrument): number {
  return Math.max(1, Math.floor(startPrice / LEVELS_TO_NOTHING)) * tickSize;
}

/** A day, and the minutes of the day since, at the start price: enough for what the exchange asks of a past. */
function pastOf(startPrice: number, nowMs: number): { minutes: BarSeries; days: BarSeries } {
  const days = new BarSeries(DAY_MS, 16);
  const minutes = new BarSeries(MINUTE_MS, 2048);
  const bar = {
    open: startPrice,
    high: startPrice,
    low: startPrice,
    close: startPrice,
    volume: 0,
    quoteVolume: 0n,
    takerBuyVolume: 0,
    takerBuyQuoteVolume: 0n,
    firstTradeId: 1,
    trades: 1,
  };
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  days.push({ ...bar, openTime: dayMs - DAY_MS });
  for (let openTime = dayMs; openTime + MINUTE_MS <= nowMs; openTime += MINUTE_MS) {
    minutes.push({ ...bar, openTime });
  }
  return { minutes, days };
}
