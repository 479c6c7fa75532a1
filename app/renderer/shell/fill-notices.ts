import type { Instrument } from '../../engine/domain/instrument.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Fill, Side } from '../../engine/domain/order.ts';
import { notional, type Quantity } from '../../engine/domain/price.ts';
import { priceText, shortQuantity } from '../format/number-text.ts';
import { averagePriceText } from '../format/order-words.ts';
import type { Notices } from '../state/notices.ts';

/** Orders that are told of one by one; with more in one burst they are told of together. */
const MOST_APART = 2;
/** Milliseconds without a fill after which a burst is over. */
const QUIET_MS = 8000;

interface Sum {
  fills: number;
  quantity: number;
  cost: bigint;
  one: boolean;
  lastPx: Fill['lastPx'];
}

interface Burst {
  readonly number: number;
  readonly orders: Map<string, Sum>;
  readonly sides: Map<Side, Sum>;
  fills: number;
  at: number;
}

/** Tells of fills: one notice an order, or one an instrument when they come thick. */
export class FillNotices {
  readonly #notices: Notices;
  readonly #instrument: (id: InstrumentId) => Instrument | undefined;
  readonly #now: () => number;
  readonly #bursts = new Map<InstrumentId, Burst>();

  constructor(
    notices: Notices,
    instrument: (id: InstrumentId) => Instrument | undefined,
    now: () => number,
  ) {
    this.#notices = notices;
    this.#instrument = instrument;
    this.#now = now;
  }

  /** Tells of the fills that came with one picture. */
  take(fills: readonly Fill[]): void {
    const touched = new Map<InstrumentId, Map<string, Fill>>();
    for (const fill of fills) {
      this.#add(fill);
      const orders = touched.get(fill.instrument) ?? new Map<string, Fill>();
      touched.set(fill.instrument, orders.set(fill.clientOrderId, fill));
    }
    for (const [id, orders] of touched) {
      const instrument = this.#instrument(id);
      const burst = this.#bursts.get(id);
      if (instrument === undefined || burst === undefined) continue;
      if (burst.orders.size > MOST_APART) this.#together(instrument, burst);
      else for (const fill of orders.values()) this.#apart(instrument, burst, fill);
    }
  }

  #add(fill: Fill): void {
    const at = this.#now();
    let burst = this.#bursts.get(fill.instrument);
    if (burst === undefined || at - burst.at > QUIET_MS) {
      const number = (burst?.number ?? 0) + 1;
      burst = { number, orders: new Map(), sides: new Map(), fills: 0, at };
      this.#bursts.set(fill.instrument, burst);
    }
    burst.at = at;
    burst.fills += 1;
    add(burst.orders, fill.clientOrderId, fill);
    add(burst.sides, fill.side, fill);
  }

  #apart(instrument: Instrument, burst: Burst, fill: Fill): void {
    const sum = burst.orders.get(fill.clientOrderId);
    if (sum === undefined) return;
    const count = sum.fills === 1 ? '' : `, ${sum.fills} fills`;
    this.#notices.raise(
      'done',
      `Filled ${shortQuantity(sum.quantity as Quantity, instrument)} at ${averageOf(sum, instrument)}`,
      `${instrument.symbol} ${fill.side.toLowerCase()}, ${fill.liquidity.toLowerCase()}${count}`,
      fill.clientOrderId,
    );
  }

  #together(instrument: Instrument, burst: Burst): void {
    for (const order of burst.orders.keys()) this.#notices.dismissKey(order);
    const sides = [...burst.sides].map(([side, sum]) => {
      const size = shortQuantity(sum.quantity as Quantity, instrument);
      return `${side === 'Buy' ? 'bought' : 'sold'} ${size} at ${averageOf(sum, instrument)}`;
    });
    this.#notices.raise(
      'done',
      `${burst.fills} fills, ${instrument.symbol}`,
      `${burst.orders.size} orders: ${sides.join(', ')}`,
      `fills ${instrument.id} ${burst.number}`,
    );
  }
}

function add<K>(sums: Map<K, Sum>, key: K, { lastQty, lastPx }: Fill): void {
  const sum = sums.get(key) ?? { fills: 0, quantity: 0, cost: 0n, one: true, lastPx };
  sums.set(key, {
    fills: sum.fills + 1,
    quantity: sum.quantity + lastQty,
    cost: sum.cost + notional(lastPx, lastQty),
    one: sum.one && sum.lastPx === lastPx,
    lastPx,
  });
}

function averageOf(sum: Sum, instrument: Instrument): string {
  const average = averagePriceText(sum.cost, sum.quantity, instrument);
  return sum.one || average === undefined ? priceText(sum.lastPx, instrument) : average;
}
