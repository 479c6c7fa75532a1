import { compareKeys, RowOrder, type Ordering, type SortKey } from './row-order.ts';
import {
  compareText,
  SectionHead,
  Sections,
  type Piece,
  type Sectioning,
  type Subtotals,
} from './sections.ts';

/** A line of a blotter: a row, or the head of a section. */
export type Line<Row> = Row | SectionHead;

/** Which rows are listed, and in which order. */
export interface Arrangement<Row> {
  readonly passes: ((row: Row) => boolean) | undefined;
  readonly orderings: readonly Ordering<Row>[];
  readonly section: Sectioning<Row> | undefined;
}

/** What a list is told once. */
export interface RowListOptions<Row> {
  readonly rowId: (row: Row) => string;
  /** Rows are told oldest first; unsorted they are listed newest first. */
  readonly newestFirst?: boolean;
  readonly subtotals?: Subtotals<Row>;
}

const ROOM = 256;
/** When more than one row in this many changed, ordering all anew is cheaper. */
const MOST_MOVED = 4;

/** Every row of a blotter, and those that pass in their order, kept up with what changes. A row is never changed but replaced. */
export class RowList<Row> {
  readonly #options: RowListOptions<Row>;
  readonly #order = new RowOrder((left, right) => this.#compare(left, right));
  readonly #sections: Sections<Row>;
  readonly #listeners = new Set<() => void>();
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  // By slot.
  readonly #rows: (Row | undefined)[] = [];
  readonly #places: number[] = [];
  /** What the order and the sums hold of it now. */
  readonly #held: (Row | undefined)[] = [];
  readonly #sectionOf: string[] = [];
  readonly #keys: SortKey[][] = [];
  readonly #seenIn: number[] = [];
  #isFresh = new Uint8Array(ROOM);
  #isChanged = new Uint8Array(ROOM);

  #changed: number[] = [];
  #arrangement: Arrangement<Row> = { passes: undefined, orderings: [], section: undefined };
  #arranged = true;
  #pieces: readonly Piece[] | undefined;
  #nextPlace = 0;
  #round = 0;
  #watching = false;
  #fresh = 0;

  constructor(options: RowListOptions<Row>) {
    this.#options = options;
    this.#sections = new Sections(options.subtotals);
  }

  /** Rows of the list, also those that do not pass. */
  get size(): number {
    return this.#slots.size;
  }

  /** Rows that came since `watch` or `markSeen`. */
  get fresh(): number {
    return this.#fresh;
  }

  get newestFirst(): boolean {
    return this.#options.newestFirst === true;
  }

  rowId(row: Row): string {
    return this.#options.rowId(row);
  }

  /** Calls back after each change; the returned function ends it. */
  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** The list is these rows, oldest first where it matters; those it does not name are gone. */
  replace(rows: readonly Row[]): void {
    this.#round += 1;
    let last = -1;
    let inOrder = true;
    for (const row of rows) {
      const slot = this.#put(row);
      const place = this.#places[slot] ?? 0;
      inOrder &&= place > last;
      last = place;
    }
    if (this.#slots.size > rows.length) {
      for (const [id, slot] of this.#slots) {
        if (this.#seenIn[slot] !== this.#round) this.#remove(id, slot);
      }
    }
    if (!inOrder) this.#placeAnew(rows);
    this.#tell();
  }

  /** Some rows changed; those that are not known yet come after the others. */
  update(rows: readonly Row[]): void {
    for (const row of rows) this.#put(row);
    this.#tell();
  }

  /** What is there is known; what comes from now on is fresh. Once. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.markSeen();
  }

  markSeen(): void {
    this.#isFresh.fill(0);
    this.#fresh = 0;
    this.#tell();
  }

  isFresh(row: Row): boolean {
    const slot = this.#slots.get(this.rowId(row));
    return slot !== undefined && this.#isFresh[slot] === 1;
  }

  arrange(arrangement: Arrangement<Row>): void {
    this.#arrangement = arrangement;
    this.#arranged = false;
    this.#tell();
  }

  /** Shows or hides the rows of a section. */
  toggle(section: string): void {
    this.#sections.toggle(section);
    this.#pieces = undefined;
    this.#tell();
  }

  /** Lines that are listed now. */
  lineCount(): number {
    this.#settle();
    if (this.#arrangement.section === undefined) return this.#order.size;
    return this.#listed().reduce((count, piece) => count + lengthOf(piece), 0);
  }

  /** The lines from `from` to before `to`. */
  lines(from: number, to: number): Line<Row>[] {
    this.#settle();
    if (this.#arrangement.section === undefined) return this.#rowsAt(from, to);
    const lines: Line<Row>[] = [];
    let begin = 0;
    for (const piece of this.#listed()) {
      if (begin >= to) break;
      const end = begin + lengthOf(piece);
      if (end > from) {
        if (piece instanceof SectionHead) lines.push(piece);
        else {
          const shift = piece.from - begin;
          const rows = this.#rowsAt(Math.max(from, begin) + shift, Math.min(to, end) + shift);
          lines.push(...rows);
        }
      }
      begin = end;
    }
    return lines;
  }

  /** The line of the row of this id; undefined when it is not listed or its section is closed. */
  lineOf(id: string): number | undefined {
    this.#settle();
    const slot = this.#slots.get(id);
    if (slot === undefined || this.#held[slot] === undefined) return undefined;
    const place = this.#order.placeOf(slot);
    if (this.#arrangement.section === undefined) return place;
    let begin = 0;
    for (const piece of this.#listed()) {
      const isHere = !(piece instanceof SectionHead) && piece.from <= place && place < piece.to;
      if (isHere) return begin + place - piece.from;
      begin += lengthOf(piece);
    }
    return undefined;
  }

  /** Every row that passes, in order, also of sections that are closed. */
  passing(): Row[] {
    this.#settle();
    return this.#rowsAt(0, this.#order.size);
  }

  /** The row of this id as it is now; undefined when it is gone. */
  current(id: string): Row | undefined {
    const slot = this.#slots.get(id);
    return slot === undefined ? undefined : this.#rows[slot];
  }

  #listed(): readonly Piece[] {
    this.#pieces ??= this.#sections.pieces();
    return this.#pieces;
  }

  #rowsAt(from: number, to: number): Row[] {
    const rows: Row[] = [];
    for (const slot of this.#order.slice(from, to)) {
      const row = this.#held[slot];
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  #put(row: Row): number {
    const id = this.rowId(row);
    let slot = this.#slots.get(id);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#rows.length;
      this.#slots.set(id, slot);
      this.#makeRoom(slot);
      this.#places[slot] = this.#nextPlace;
      this.#nextPlace += 1;
      this.#isFresh[slot] = this.#watching ? 1 : 0;
      this.#fresh += this.#watching ? 1 : 0;
    }
    this.#seenIn[slot] = this.#round;
    if (this.#rows[slot] === row) return slot;
    this.#rows[slot] = row;
    this.#mark(slot);
    return slot;
  }

  #remove(id: string, slot: number): void {
    this.#slots.delete(id);
    this.#rows[slot] = undefined;
    this.#fresh -= this.#isFresh[slot] ?? 0;
    this.#isFresh[slot] = 0;
    this.#mark(slot);
  }

  #mark(slot: number): void {
    if (this.#isChanged[slot] === 1) return;
    this.#isChanged[slot] = 1;
    this.#changed.push(slot);
  }

  #placeAnew(rows: readonly Row[]): void {
    for (const row of rows) {
      const slot = this.#slots.get(this.rowId(row));
      if (slot !== undefined) this.#places[slot] = this.#nextPlace;
      this.#nextPlace += 1;
    }
    this.#arranged = false;
  }

  /** Brings order and sums up to what changed. */
  #settle(): void {
    const changed = this.#changed;
    if (this.#arranged && changed.length === 0) return;
    this.#changed = [];
    this.#pieces = undefined;
    if (!this.#arranged || changed.length * MOST_MOVED > this.#order.size) this.#orderAll(changed);
    else
      this.#order.move(
        this.#isChanged,
        changed.filter((slot) => this.#hold(slot)),
      );
    for (const slot of changed) this.#isChanged[slot] = 0;
  }

  #orderAll(changed: readonly number[]): void {
    for (const slot of changed) {
      if (this.#rows[slot] === undefined) this.#hold(slot);
    }
    this.#sections.clear();
    this.#held.fill(undefined);
    this.#arranged = true;
    this.#order.fill([...this.#slots.values()].filter((slot) => this.#hold(slot)));
  }

  /** Takes over a row as it is now; false when it is not listed. */
  #hold(slot: number): boolean {
    const { passes, orderings, section } = this.#arrangement;
    const held = this.#held[slot];
    if (held !== undefined) this.#sections.remove(this.#sectionOf[slot] ?? '', held);
    const row = this.#rows[slot];
    if (row === undefined) this.#free.push(slot);
    if (row === undefined || passes?.(row) === false) {
      this.#held[slot] = undefined;
      return false;
    }
    this.#held[slot] = row;
    this.#keys[slot] = orderings.map(({ key }) => key(row));
    this.#sectionOf[slot] = section?.of(row) ?? '';
    if (section !== undefined) this.#sections.add(this.#sectionOf[slot] ?? '', row);
    return true;
  }

  #compare(left: number, right: number): number {
    const { orderings, section } = this.#arrangement;
    if (section !== undefined) {
      const between = compareText(this.#sectionOf[left] ?? '', this.#sectionOf[right] ?? '');
      if (between !== 0) return between;
    }
    for (let at = 0; at < orderings.length; at += 1) {
      const between = compareKeys(this.#keys[left]?.[at], this.#keys[right]?.[at]);
      if (between !== 0) return orderings[at]?.descending === true ? -between : between;
    }
    const between = (this.#places[left] ?? 0) - (this.#places[right] ?? 0);
    return this.newestFirst ? -between : between;
  }

  #makeRoom(slot: number): void {
    if (slot < this.#isFresh.length) return;
    const [fresh, changed] = [this.#isFresh, this.#isChanged];
    this.#isFresh = new Uint8Array(fresh.length * 2);
    this.#isFresh.set(fresh);
    this.#isChanged = new Uint8Array(changed.length * 2);
    this.#isChanged.set(changed);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function lengthOf(piece: Piece): number {
  return piece instanceof SectionHead ? 1 : piece.to - piece.from;
}
