/** What rows are sorted by; undefined is least. */
export type SortKey = string | number | bigint | undefined;

/** One thing rows are sorted by. */
export interface Ordering<Row> {
  readonly key: (row: Row) => SortKey;
  readonly descending: boolean;
}

const ROOM = 256;

/** Compares two keys; text by its code units, undefined before all. */
export function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** Slots in an order that is kept while some of them change: what changed is taken out and put back where it belongs, the others are moved as memory. */
export class RowOrder {
  readonly #compare: (left: number, right: number) => number;
  #slots = new Int32Array(ROOM);
  #size = 0;

  /** `compare` must tell any two slots apart. */
  constructor(compare: (left: number, right: number) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** The slots from `from` to before `to`, in their order. */
  slice(from: number, to: number): Int32Array {
    return this.#slots.subarray(from, Math.min(to, this.#size));
  }

  /** The place of a slot that is in the order. */
  placeOf(slot: number): number {
    return this.#before(slot, this.#size);
  }

  /** Orders `slots` anew. */
  fill(slots: readonly number[]): void {
    this.#makeRoom(slots.length);
    this.#size = slots.length;
    this.#slots.set(slots);
    this.#slots.subarray(0, this.#size).sort(this.#compare);
  }

  /** Takes out the slots marked in `moved` and puts `slots` in, each where it belongs. */
  move(moved: Uint8Array, slots: readonly number[]): void {
    const order = this.#slots;
    let kept = 0;
    for (let at = 0; at < this.#size; at += 1) {
      const slot = order[at] ?? 0;
      if (moved[slot] === 1) continue;
      order[kept] = slot;
      kept += 1;
    }
    this.#size = kept;
    this.#insert(slots.toSorted(this.#compare));
  }

  #insert(slots: readonly number[]): void {
    this.#makeRoom(this.#size + slots.length);
    const order = this.#slots;
    let end = this.#size;
    for (let left = slots.length - 1; left >= 0; left -= 1) {
      const slot = slots[left] ?? 0;
      const at = this.#before(slot, end);
      order.copyWithin(at + left + 1, at, end);
      order[at + left] = slot;
      end = at;
    }
    this.#size += slots.length;
  }

  /** How many of the first `end` slots come before `slot`. */
  #before(slot: number, end: number): number {
    let from = 0;
    let to = end;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#compare(this.#slots[middle] ?? 0, slot) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #makeRoom(size: number): void {
    if (size <= this.#slots.length) return;
    const larger = new Int32Array(Math.max(size, this.#slots.length * 2));
    larger.set(this.#slots);
    this.#slots = larger;
  }
}
