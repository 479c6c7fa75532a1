import type { VolumeRows } from '../../state/market-store.ts';

/** When the volume of a ladder began to be counted, and whether all of it came. */
export interface VolumeSpan {
  /** Microseconds, the venue's clock. */
  readonly since: number;
  /** Trades that never came. */
  readonly missed: number;
  /** Prices are counted in steps this high; rows less high have no volume. */
  readonly step: number;
}

/** What traded at the prices of a ladder, summed up for its rows: each holds the prices from its own to the next row above. */
export class LadderVolume {
  readonly #steps = new Map<number, number>();
  readonly #rows = new Map<number, number>();
  #rowHeight: number;
  #largest = 0;
  #span: VolumeSpan | undefined;

  /** `rowHeight` is the price difference of neighbouring rows. */
  constructor(rowHeight: number) {
    this.#rowHeight = rowHeight;
  }

  /** Undefined before anything was counted. */
  get span(): VolumeSpan | undefined {
    return this.#span;
  }

  /** The largest sum of a row. */
  get largest(): number {
    return this.#largest;
  }

  /** What traded in the row that begins at this price; undefined for nothing, or when its prices are not counted apart. */
  at(row: number): number | undefined {
    return this.#rows.get(row);
  }

  take({ whole, rows, since, missed, step }: VolumeRows): void {
    this.#span = { since, missed, step };
    if (whole) this.#steps.clear();
    for (const [price, quantity] of rows) {
      const before = this.#steps.get(price) ?? 0;
      this.#steps.set(price, quantity);
      if (!whole) this.#add(price, quantity - before);
    }
    if (whole) this.#fold();
  }

  setRowHeight(rowHeight: number): void {
    if (rowHeight === this.#rowHeight) return;
    this.#rowHeight = rowHeight;
    this.#fold();
  }

  #fold(): void {
    this.#rows.clear();
    this.#largest = 0;
    for (const [price, quantity] of this.#steps) this.#add(price, quantity);
  }

  #add(price: number, quantity: number): void {
    if (this.#rowHeight % (this.#span?.step ?? 1) !== 0) return;
    const row = Math.floor(price / this.#rowHeight) * this.#rowHeight;
    const sum = (this.#rows.get(row) ?? 0) + quantity;
    this.#rows.set(row, sum);
    this.#largest = Math.max(this.#largest, sum);
  }
}
