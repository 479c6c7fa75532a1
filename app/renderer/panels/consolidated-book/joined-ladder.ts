import { columnDecimals, columnSize, decimalText } from '../../format/number-text.ts';
import type { ConsolidatedMessage } from '../../state/market-store.ts';
import type { VenueWords } from './venue-words.ts';

/** How numbers are printed. */
export interface LadderForm {
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

type Level = ConsolidatedMessage['bids'][number];

/** Draws both sides without React: rows are made once for the venues that are joined, then only their texts change. */
export class JoinedLadder {
  readonly #bids: SideTable;
  readonly #asks: SideTable;
  #venues = '';

  constructor(host: HTMLElement) {
    this.#bids = new SideTable('Bids');
    this.#asks = new SideTable('Asks');
    host.replaceChildren(this.#bids.element, this.#asks.element);
  }

  show(book: ConsolidatedMessage, venues: readonly VenueWords[], form: LadderForm): void {
    const joined = venues.filter((venue) => venue.joined);
    const names = joined.map(({ name }) => name).join(' ');
    if (names !== this.#venues) {
      this.#venues = names;
      this.#bids.columns(joined);
      this.#asks.columns(joined);
    }
    const { bids, asks, priceScale, quantityScale } = book;
    const largest = Math.max(1, ...[...bids, ...asks].map(([, quantity]) => quantity));
    const decimals = columnDecimals(largest, quantityScale, form.sizeDecimals);
    const print: Print = {
      price: (price) => decimalText(price, priceScale, Math.min(priceScale, form.priceDecimals)),
      size: (size) => (size === 0 ? '' : columnSize(size, quantityScale, decimals)),
      exact: (size) => decimalText(size, quantityScale, form.sizeDecimals),
      largest,
    };
    const [bestBid = -Infinity, bestAsk = Infinity] = [bids[0]?.[0], asks[0]?.[0]];
    this.#bids.show(bids, print, (price) => price > bestAsk);
    this.#asks.show(asks, print, (price) => price < bestBid);
  }
}

interface Print {
  readonly price: (price: number) => string;
  readonly size: (size: number) => string;
  /** A size with all its decimals. */
  readonly exact: (size: number) => string;
  readonly largest: number;
}

/** One side: price and size of all nearest to the other side, then the venues, then the bar. */
class SideTable {
  readonly element = document.createElement('div');
  readonly #side: 'Bids' | 'Asks';
  #venues: readonly VenueWords[] = [];
  #rows: SideRow[] = [];

  constructor(side: 'Bids' | 'Asks') {
    this.#side = side;
    this.element.className = `side ${side.toLowerCase()}`;
    this.element.setAttribute('role', 'table');
    this.element.setAttribute('aria-label', side);
  }

  columns(venues: readonly VenueWords[]): void {
    this.#venues = venues;
    this.#rows = [];
    this.element.style.setProperty('--venues', String(Math.max(1, venues.length)));
    this.element.dataset['venues'] = venues.length > 4 ? 'many' : String(venues.length);
    const head = node('div', 'cb colhead', 'row');
    const venueHeads = venues.map(({ name, fill }) => {
      const cell = node('span', 'v', 'columnheader');
      const swatch = node('i', `fill f${fill}`);
      cell.append(swatch, name);
      cell.title = name;
      return cell;
    });
    const bar = node('span', 'bars', 'columnheader');
    bar.append(hidden('Shares'));
    const cells = [text('Price', 'p'), text('All', 's'), ...venueHeads, bar];
    head.append(...this.#ordered(cells));
    this.element.replaceChildren(head);
  }

  show(levels: readonly Level[], print: Print, crosses: (price: number) => boolean): void {
    while (this.#rows.length < levels.length) {
      const row = new SideRow(this.#venues, (cells) => this.#ordered(cells));
      this.#rows.push(row);
      this.element.append(row.element);
    }
    this.#rows.splice(levels.length).forEach(({ element }) => element.remove());
    levels.forEach((level, at) => this.#rows[at]?.show(level, print, crosses(level[0])));
  }

  /** Bids are read towards the middle. */
  #ordered(cells: readonly HTMLElement[]): readonly HTMLElement[] {
    return this.#side === 'Bids' ? cells.toReversed() : cells;
  }
}

/** One price. */
class SideRow {
  readonly element = node('div', 'cb', 'row');
  readonly #price = node('span', 'p', 'cell');
  readonly #size = node('span', 's', 'cell');
  readonly #parts: readonly HTMLElement[];
  readonly #bars: readonly HTMLElement[];

  constructor(
    venues: readonly VenueWords[],
    ordered: (cells: readonly HTMLElement[]) => readonly HTMLElement[],
  ) {
    this.#parts = venues.map(() => node('span', 'v', 'cell'));
    this.#bars = venues.map(({ fill }) => node('i', `fill f${fill}`));
    const bar = node('span', 'bars', 'cell');
    bar.append(...this.#bars);
    this.element.append(...ordered([this.#price, this.#size, ...this.#parts, bar]));
  }

  show([price, quantity, parts]: Level, print: Print, crosses: boolean): void {
    this.element.dataset['price'] = String(price);
    setText(this.#price, print.price(price));
    showSize(this.#size, quantity, print);
    this.element.classList.toggle('crosses', crosses);
    this.element.title = crosses ? 'Better than the best price of the other side' : '';
    this.#parts.forEach((cell, at) => showSize(cell, parts[at] ?? 0, print));
    this.#bars.forEach((bar, at) => {
      const width = `${(((parts[at] ?? 0) / print.largest) * 100).toFixed(1)}%`;
      if (bar.style.width !== width) bar.style.width = width;
    });
  }
}

function node(tag: 'div' | 'span' | 'i', className: string, role?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (role !== undefined) made.setAttribute('role', role);
  return made;
}

function text(words: string, className: string): HTMLElement {
  const made = node('span', className, 'columnheader');
  made.textContent = words;
  return made;
}

function hidden(words: string): HTMLElement {
  const made = node('span', 'visually-hidden');
  made.textContent = words;
  return made;
}

function showSize(cell: HTMLElement, size: number, print: Print): void {
  setText(cell, print.size(size));
  const exact = print.exact(size);
  if (cell.title !== exact) cell.title = exact;
}

function setText(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}
