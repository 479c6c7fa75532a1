/** An amount of something that is summed over a section: `[unit, amount]`. */
export type Tally = readonly [unit: string, amount: bigint];

/** One way to part a blotter into sections. */
export interface Sectioning<Row> {
  readonly id: string;
  readonly label: string;
  /** The section of a row; empty for rows that have none. */
  readonly of: (row: Row) => string;
}

/** What is summed over the rows of a section, and how it is written. */
export interface Subtotals<Row> {
  readonly of: (row: Row) => readonly Tally[];
  readonly text: (unit: string, amount: bigint) => string;
}

/** The line over the rows of a section. Replaced when what it says changes. */
export class SectionHead {
  readonly name: string;
  readonly open: boolean;
  /** Rows of the section, and its sums in words. */
  readonly count: number;
  readonly sums: string;

  constructor(name: string, open: boolean, count: number, sums: string) {
    this.name = name;
    this.open = open;
    this.count = count;
    this.sums = sums;
  }

  same(other: SectionHead): boolean {
    return (
      this.open === other.open &&
      this.name === other.name &&
      this.count === other.count &&
      this.sums === other.sums
    );
  }
}

interface Section {
  count: number;
  readonly sums: Map<string, bigint>;
}

/** A piece of what is listed: a head, or the rows from `from` to before `to` of the order. */
export type Piece = SectionHead | { readonly from: number; readonly to: number };

/** Counts and sums of each section, and what is listed of them. */
export class Sections<Row> {
  readonly #subtotals: Subtotals<Row> | undefined;
  readonly #sections = new Map<string, Section>();
  readonly #closed = new Set<string>();
  readonly #heads = new Map<string, SectionHead>();

  constructor(subtotals: Subtotals<Row> | undefined) {
    this.#subtotals = subtotals;
  }

  clear(): void {
    this.#sections.clear();
  }

  add(name: string, row: Row): void {
    let section = this.#sections.get(name);
    if (section === undefined) {
      section = { count: 0, sums: new Map() };
      this.#sections.set(name, section);
    }
    section.count += 1;
    this.#sum(section, row, 1n);
  }

  remove(name: string, row: Row): void {
    const section = this.#sections.get(name);
    if (section === undefined) return;
    section.count -= 1;
    this.#sum(section, row, -1n);
    if (section.count === 0) {
      this.#sections.delete(name);
      this.#heads.delete(name);
    }
  }

  toggle(name: string): void {
    if (!this.#closed.delete(name)) this.#closed.add(name);
  }

  /** The head and the rows of each section, in the order of their names. */
  pieces(): Piece[] {
    let from = 0;
    return [...this.#sections.keys()].toSorted(compareText).flatMap((name) => {
      const section = this.#sections.get(name);
      if (section === undefined) return [];
      const head = this.#head(name, section);
      const rows = { from, to: from + section.count };
      from = rows.to;
      return head.open ? [head, rows] : [head];
    });
  }

  #head(name: string, { count, sums }: Section): SectionHead {
    const words = [...sums]
      .filter(([, amount]) => amount !== 0n)
      .map(([unit, amount]) => this.#subtotals?.text(unit, amount) ?? '')
      .join(', ');
    const head = new SectionHead(name, !this.#closed.has(name), count, words);
    const before = this.#heads.get(name);
    if (before?.same(head) === true) return before;
    this.#heads.set(name, head);
    return head;
  }

  #sum({ sums }: Section, row: Row, sign: bigint): void {
    for (const [unit, amount] of this.#subtotals?.of(row) ?? []) {
      sums.set(unit, (sums.get(unit) ?? 0n) + sign * amount);
    }
  }
}

/** By code units, as rows are sorted into sections. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
