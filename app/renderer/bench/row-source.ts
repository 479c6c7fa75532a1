/** A row to measure with: ten columns, of which `value` changes. */
export interface BenchRow {
  readonly id: string;
  readonly symbol: string;
  readonly account: string;
  readonly side: string;
  readonly status: string;
  readonly quantity: number;
  readonly price: number;
  readonly fees: number;
  readonly changes: number;
  readonly value: number;
}

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBEUR', 'XRPUSDT'];
const STATUSES = ['Working', 'Filled', 'Canceled'];
const MILLION = 1_000_000;

/** Numbers from a seed, 0 to 2^32 (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Rows of a seed and the changes that come to them. */
export class RowSource {
  readonly rows: BenchRow[];
  readonly #next: () => number;

  constructor(count: number, seed: number) {
    const next = numbersFrom(seed);
    this.#next = next;
    const one = (words: readonly string[]): string => words[next() % words.length] ?? '';
    this.rows = Array.from({ length: count }, (_, at) => ({
      id: `row-${at}`,
      symbol: one(SYMBOLS),
      account: `account ${next() % 10}`,
      side: next() % 2 === 0 ? 'Buy' : 'Sell',
      status: one(STATUSES),
      quantity: next() % MILLION,
      price: next() % MILLION,
      fees: next() % MILLION,
      changes: 0,
      value: next() % MILLION,
    }));
  }

  /** The next `count` changes, as the rows that came of them. */
  change(count: number): BenchRow[] {
    return Array.from({ length: count }, () => {
      const at = this.#next() % this.rows.length;
      const before = this.rows[at];
      if (before === undefined) throw new Error(`no row ${at}`);
      const row = { ...before, value: this.#next() % MILLION, changes: before.changes + 1 };
      this.rows[at] = row;
      return row;
    });
  }
}
