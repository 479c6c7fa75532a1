import type { TradeBatch, TradeRow } from '../../state/market-store.ts';

/** Rows kept: older ones leave. */
export const TAPE_ROWS = 500;
/** Window of the buy and sell strength, microseconds. */
const STRENGTH_MICROS = 60_000_000;

/** A line of the tape: a trade, or trades that were too many to list. */
export type TapeLine =
  | { readonly kind: 'trade'; readonly row: TradeRow; readonly sameSecond: boolean }
  | { readonly kind: 'omitted'; readonly count: number; readonly quantity: number };

/** The tape, newest first, bounded; and who was stronger in the last minute. */
export class TapeModel {
  #lines: TapeLine[] = [];
  #minute: TradeRow[] = [];
  #largest = 0;

  get lines(): readonly TapeLine[] {
    return this.#lines;
  }

  /** The largest size seen on the tape: what the bars are drawn against. */
  get largest(): number {
    return this.#largest;
  }

  /** Adds a batch, oldest first in it; returns how many lines were added at the front. */
  add(batch: TradeBatch): number {
    let added = 0;
    if (batch.omittedCount > 0) {
      const { omittedCount: count, omittedQuantity: quantity } = batch;
      this.#lines.unshift({ kind: 'omitted', count, quantity });
      added += 1;
    }
    for (const row of batch.rows) {
      const before = this.#lines.find((line) => line.kind === 'trade');
      const sameSecond = before?.kind === 'trade' && second(before.row) === second(row);
      this.#lines.unshift({ kind: 'trade', row, sameSecond });
      this.#minute.push(row);
      if (row[2] > this.#largest) this.#largest = row[2];
      added += 1;
    }
    this.#lines.length = Math.min(this.#lines.length, TAPE_ROWS);
    const newest = batch.rows.at(-1)?.[4];
    if (newest !== undefined) {
      this.#minute = this.#minute.filter((row) => row[4] > newest - STRENGTH_MICROS);
    }
    return Math.min(added, TAPE_ROWS);
  }

  /** Share of the last minute's volume that buyers took, in percent, and its trades; undefined without any. */
  strength(): { readonly buyPercent: number; readonly trades: number } | undefined {
    if (this.#minute.length === 0) return undefined;
    let buys = 0;
    let all = 0;
    for (const [, , size, buyer] of this.#minute) {
      all += size;
      if (buyer) buys += size;
    }
    return { buyPercent: Math.round((100 * buys) / all), trades: this.#minute.length };
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

function second(row: TradeRow): number {
  return Math.floor(row[4] / 1_000_000);
}
