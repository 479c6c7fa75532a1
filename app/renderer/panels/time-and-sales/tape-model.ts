import { quantity, type Price } from '../../../engine/domain/price.ts';
import { isFillOf } from '../../../engine/domain/taker-orders.ts';
import type { TradeBatch, TradeRow } from '../../state/market-store.ts';

/** Rows kept: older ones leave. */
export const TAPE_ROWS = 500;
/** Window of the buy and sell strength, microseconds. */
const STRENGTH_MICROS = 60_000_000;

/** Trades kept so that they can be put together, or shown one by one. */
const KEPT_TRADES = 2_000;

/** A line of the tape: a trade, or the order that took, with its last price and the sum of its `fills`; or trades that were too many to list. */
export type TapeLine =
  | {
      readonly kind: 'trade';
      readonly row: TradeRow;
      readonly sameSecond: boolean;
      readonly fills: number;
      readonly firstPrice: Price;
    }
  | OmittedLine;

interface OmittedLine {
  readonly kind: 'omitted';
  readonly count: number;
  readonly quantity: number;
}

/** What adding did: lines that are new at the front, and whether the one that was there before grew. */
export interface TapeChange {
  readonly added: number;
  readonly grew: boolean;
}

/** The tape, newest first, bounded, trade by trade or put together to the orders that took; and who was stronger in the last minute. */
export class TapeModel {
  /** Oldest first. */
  #kept: (TradeRow | OmittedLine)[] = [];
  #lines: TapeLine[] = [];
  #minute: TradeRow[] = [];
  #largest = 0;
  #orders = false;

  get lines(): readonly TapeLine[] {
    return this.#lines;
  }

  /** The largest size seen on the tape: what the bars are drawn against. */
  get largest(): number {
    return this.#largest;
  }

  /** Puts the trades together to the orders that took, or shows each. */
  showOrders(orders: boolean): void {
    this.#orders = orders;
    this.#lines = [];
    this.#largest = 0;
    for (const one of this.#kept) this.#put(one);
  }

  /** Adds a batch, oldest first in it. */
  add(batch: TradeBatch): TapeChange {
    const front = this.#lines[0];
    let added = 0;
    const take = (one: TradeRow | OmittedLine): void => {
      this.#kept.push(one);
      if (this.#put(one)) added += 1;
    };
    if (batch.omittedCount > 0) {
      const { omittedCount: count, omittedQuantity } = batch;
      take({ kind: 'omitted', count, quantity: omittedQuantity });
    }
    for (const row of batch.rows) {
      take(row);
      this.#minute.push(row);
    }
    const grew = front !== undefined && this.#lines[added] !== front;
    if (this.#kept.length > KEPT_TRADES) this.#kept = this.#kept.slice(-KEPT_TRADES);
    this.#lines.length = Math.min(this.#lines.length, TAPE_ROWS);
    const newest = batch.rows.at(-1)?.[4];
    if (newest !== undefined) {
      this.#minute = this.#minute.filter((row) => row[4] > newest - STRENGTH_MICROS);
    }
    return { added: Math.min(added, TAPE_ROWS), grew: grew && added < TAPE_ROWS };
  }

  /** Share of the last minute's volume that buyers took, in percent, and its trades; undefined without any whose aggressor is known. */
  strength(): { readonly buyPercent: number; readonly trades: number } | undefined {
    if (this.#minute.length === 0) return undefined;
    let buys = 0;
    let all = 0;
    for (const [, , size, buyer] of this.#minute) {
      if (buyer === null) continue;
      all += size;
      if (buyer) buys += size;
    }
    if (all === 0) return undefined;
    return { buyPercent: Math.round((100 * buys) / all), trades: this.#minute.length };
  }

  /** Puts a trade at the front; false when it belongs to the line that is there. */
  #put(one: TradeRow | OmittedLine): boolean {
    if ('kind' in one) {
      this.#lines.unshift(one);
      return true;
    }
    const [id, at, size, buyer, time] = one;
    const front = this.#lines[0];
    if (this.#orders && front?.kind === 'trade' && belongs(front, one)) {
      const sum = quantity(Math.min(Number.MAX_SAFE_INTEGER, front.row[2] + size));
      const row: TradeRow = [id, at, sum, buyer, time];
      this.#lines[0] = { ...front, row, fills: front.fills + 1 };
      this.#largest = Math.max(this.#largest, sum);
      return false;
    }
    const before = this.#lines.find((line) => line.kind === 'trade');
    const sameSecond = before?.kind === 'trade' && second(before.row) === second(one);
    this.#lines.unshift({ kind: 'trade', row: one, sameSecond, fills: 1, firstPrice: at });
    this.#largest = Math.max(this.#largest, size);
    return true;
  }

  /** Weight of a size: 2 for the largest hundredth part of the tape's range, 1 for large, 0 otherwise; by square root. */
  weight(size: number): 0 | 1 | 2 {
    const share = this.share(size);
    if (share >= 0.7) return 2;
    return share >= 0.35 ? 1 : 0;
  }

  /** Length of a size's bar, 0 to 1, by square root. */
  share(size: number): number {
    return this.#largest === 0 ? 0 : Math.sqrt(size / this.#largest);
  }
}

function belongs({ row }: Extract<TapeLine, { kind: 'trade' }>, next: TradeRow): boolean {
  const [, lastPrice, , buyer, at] = row;
  const [, price, , nextBuyer, nextAt] = next;
  if (buyer === null || nextBuyer === null) return false;
  const sideOf = (bought: boolean) => (bought ? 'Buy' : 'Sell');
  const trade = { aggressor: sideOf(nextBuyer), at: nextAt, price } as const;
  return isFillOf({ side: sideOf(buyer), at, lastPrice }, trade);
}

function second(row: TradeRow): number {
  return Math.floor(row[4] / 1_000_000);
}
