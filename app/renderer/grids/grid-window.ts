import type { Column, GridApi } from 'ag-grid-community';
import { present } from '../../engine/base/invariant.ts';
import type { Line, RowList } from './row-list.ts';
import { SectionHead } from './sections.ts';

/** Of the window's time at most one part in this many goes into drawing a list that changes all the time. */
const SHARE = 3;
const MOST_PAUSE_MS = 500;

/** How much of a list there is to see. */
export interface Shown {
  readonly lines: number;
  readonly fresh: number;
}

/** A line that has the keyboard. */
interface Held<Row> {
  readonly line: Line<Row>;
  readonly column: Column;
}

/** Shows the part of a list that fits: the grid holds those lines alone, and a scroll bar beside it says where they are. Drawn once a picture, however much changes. The keyboard stays on its row wherever that goes. */
export class GridWindow<Row> {
  readonly #list: RowList<Row>;
  readonly #api: GridApi<Line<Row>>;
  readonly #scroller: HTMLElement;
  readonly #room: HTMLElement;
  readonly #onShown: (shown: Shown) => void;
  readonly #endings: (() => void)[] = [];
  #rowHeight: number;
  #fits = 1;
  #first = 0;
  #lineCount = 0;
  #lines: readonly Line<Row>[] = [];
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #asked: number | undefined;
  #notBefore = 0;
  #editing = false;

  /** `scroller` scrolls over `room`, which is made as high as what does not fit. */
  constructor(
    list: RowList<Row>,
    api: GridApi<Line<Row>>,
    { scroller, room }: { readonly scroller: HTMLElement; readonly room: HTMLElement },
    rowHeight: number,
    onShown: (shown: Shown) => void,
  ) {
    this.#list = list;
    this.#api = api;
    this.#scroller = scroller;
    this.#room = room;
    this.#rowHeight = rowHeight;
    this.#onShown = onShown;
    this.#endings.push(list.onChange(() => this.ask()));
    const scrolled = (): void => this.#scrolled();
    scroller.addEventListener('scroll', scrolled, { passive: true });
    this.#endings.push(() => scroller.removeEventListener('scroll', scrolled));
    const viewport = present(
      scroller.querySelector('.ag-grid-viewport') ?? undefined,
      'a viewport',
    );
    const heads = present(scroller.querySelector('.ag-header') ?? undefined, 'a row of heads');
    const sizes = new ResizeObserver(() =>
      this.#resized(viewport.clientHeight, heads.clientHeight),
    );
    sizes.observe(viewport);
    sizes.observe(heads);
    this.#endings.push(() => sizes.disconnect());
    const editing = (): void => this.#edits(true);
    const edited = (): void => this.#edits(false);
    api.addEventListener('cellEditingStarted', editing);
    api.addEventListener('cellEditingStopped', edited);
    this.show();
  }

  /** Draws with the next picture that there is time for. */
  ask(): void {
    if (this.#waiting !== undefined) return;
    const wait = Math.max(0, this.#notBefore - performance.now());
    this.#waiting = setTimeout(() => {
      this.#asked = requestAnimationFrame(() => this.show());
    }, wait);
  }

  /** Draws now; the row with the keyboard is kept in sight, or stays behind when one moves away from it. */
  show(follow = true): void {
    this.#rest();
    if (this.#api.isDestroyed()) return;
    const begun = performance.now();
    this.#draw(follow);
    const cost = performance.now() - begun;
    this.#notBefore = begun + Math.min(MOST_PAUSE_MS, cost * SHARE);
  }

  #rest(): void {
    clearTimeout(this.#waiting);
    if (this.#asked !== undefined) cancelAnimationFrame(this.#asked);
    this.#waiting = undefined;
    this.#asked = undefined;
  }

  #draw(follow: boolean): void {
    this.#lineCount = this.#list.lineCount();
    if (this.#editing) this.#give(this.#lines.map((line) => this.#renewed(line)));
    else {
      const held = this.#held();
      const surplus = this.#surplus();
      const height = `${surplus * this.#rowHeight}px`;
      if (this.#room.style.height !== height) this.#room.style.height = height;
      if (follow && held !== undefined) this.#follow(held.line);
      this.#first = Math.min(this.#first, surplus);
      const given = this.#give(this.#list.lines(this.#first, this.#first + this.#fits));
      if (given && held !== undefined) this.#keep(held);
    }
    this.#onShown({ lines: this.#lineCount, fresh: this.#list.fresh });
  }

  setRowHeight(rowHeight: number): void {
    if (rowHeight === this.#rowHeight) return;
    this.#rowHeight = rowHeight;
    this.ask();
  }

  /** Moves the focused cell by lines, over the edge of what is shown too; false when the grid can do it alone. */
  moveFocus(by: number): boolean {
    const cell = this.#api.getFocusedCell();
    if (cell === null) return false;
    const from = this.#first + cell.rowIndex;
    const to = Math.max(0, Math.min(this.#lineCount - 1, from + by));
    if (to >= this.#first && to < this.#first + this.#lines.length) {
      if (Math.abs(by) === 1) return false;
    } else {
      this.#first = to < this.#first ? to : to - this.#fits + 1;
      this.#scroller.scrollTop = this.#first * this.#rowHeight;
      this.show(false);
    }
    this.#api.setFocusedCell(to - this.#first, cell.column);
    return true;
  }

  /** Lines that fit. */
  get fits(): number {
    return this.#fits;
  }

  end(): void {
    this.#rest();
    for (const ending of this.#endings) ending();
  }

  #surplus(): number {
    return Math.max(0, this.#lineCount - this.#fits);
  }

  /** False when the grid has these lines already. */
  #give(lines: readonly Line<Row>[]): boolean {
    const same =
      lines.length === this.#lines.length && lines.every((line, at) => line === this.#lines[at]);
    if (same) return false;
    this.#lines = lines;
    this.#api.setGridOption('rowData', [...lines]);
    return true;
  }

  #held(): Held<Row> | undefined {
    const row = document.activeElement?.closest('.ag-row') ?? undefined;
    if (row === undefined || !this.#scroller.contains(row)) return undefined;
    const cell = this.#api.getFocusedCell();
    const line = cell === null ? undefined : this.#lines[cell.rowIndex];
    return cell === null || line === undefined ? undefined : { line, column: cell.column };
  }

  /** Shows lines from where the one with the keyboard is among them. */
  #follow(line: Line<Row>): void {
    if (line instanceof SectionHead) return;
    const at = this.#list.lineOf(this.#list.rowId(line));
    if (at === undefined) return;
    const first = Math.min(at, Math.max(this.#first, at - this.#fits + 1));
    if (first === this.#first) return;
    this.#first = first;
    this.#scroller.scrollTop = first * this.#rowHeight;
  }

  /** The grid keeps the keyboard at a place, whatever row comes there: a key would act on another row. A row that is gone leaves it to the head of its column. */
  #keep({ line, column }: Held<Row>): void {
    const at = this.#lines.findIndex((one) => this.#isSame(one, line));
    if (at >= 0) return this.#api.setFocusedCell(at, column);
    this.#api.clearFocusedCell();
    this.#api.setFocusedHeader(column);
  }

  #isSame(one: Line<Row>, other: Line<Row>): boolean {
    if (one instanceof SectionHead || other instanceof SectionHead) {
      return one instanceof SectionHead && other instanceof SectionHead && one.name === other.name;
    }
    return this.#list.rowId(one) === this.#list.rowId(other);
  }

  /** While a cell is edited the lines stay where they are. */
  #renewed(line: Line<Row>): Line<Row> {
    if (line instanceof SectionHead) return line;
    return this.#list.current(this.#list.rowId(line)) ?? line;
  }

  #edits(editing: boolean): void {
    this.#editing = editing;
    if (!editing) this.ask();
  }

  #scrolled(): void {
    if (this.#editing) return;
    const first = Math.min(this.#surplus(), Math.round(this.#scroller.scrollTop / this.#rowHeight));
    if (first === this.#first) return;
    this.#first = first;
    this.show(false);
  }

  #resized(height: number, heads: number): void {
    // A panel behind another has no height; what it shows stays.
    if (height === 0) return;
    const fits = Math.max(1, Math.floor((height - heads) / this.#rowHeight));
    if (fits === this.#fits) return;
    this.#fits = fits;
    this.show();
  }
}
