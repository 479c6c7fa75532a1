import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Price } from '../../../engine/domain/price.ts';
import {
  columnDecimals,
  columnSize,
  compactQuantity,
  priceText,
  quantityDecimals,
  shortQuantity,
} from '../../format/number-text.ts';
import { clockMillis } from '../../format/time-text.ts';
import { defaultSize } from '../../state/sizes.ts';
import type { TradeBatch, TradeRow } from '../../state/market-store.ts';
import { onThemeChange, tokenPixels } from '../../ui/theme.ts';
import { TAPE_ROWS, TapeModel, type TapeLine } from './tape-model.ts';

/** Widest bar, percent of the row. */
const BAR_PERCENT = 46;
/** How a trade shows whose side the aggressor was on: the buyer's, the seller's, or nobody told. */
const LOOK = new Map([
  [true, { name: 'buy', arrow: '\u25b4', words: 'buyer took' }],
  [false, { name: 'sell', arrow: '\u25be', words: 'seller took' }],
  [null, { name: 'untold', arrow: '', words: 'nobody told who took' }],
]);

/** Draws the tape without React: rows are pooled and rewritten, those in sight only until someone scrolls back. */
export class TapeView implements Disposable {
  readonly model = new TapeModel();
  readonly #host: HTMLElement;
  readonly #instrument: Instrument;
  readonly #pool: HTMLElement[] = [];
  /** Stands for the rows that are kept and not drawn. */
  readonly #rest = document.createElement('div');
  readonly #ends: readonly (() => void)[];
  #decimals = 0;
  #drawn = 0;
  #inSight = 0;
  #rowHeight = 0;
  #reading = false;

  constructor(host: HTMLElement, instrument: Instrument) {
    this.#host = host;
    this.#instrument = instrument;
    host.replaceChildren(this.#rest);
    this.#measure(host.clientHeight);
    const sizes = new ResizeObserver(([entry]) => this.#measure(entry?.contentRect.height ?? 0));
    sizes.observe(host);
    const onScroll = (): void => {
      this.#reading = host.scrollTop > 0;
      this.#draw();
    };
    host.addEventListener('scroll', onScroll, { passive: true });
    // The browser's own scrolling takes its time, and rows that come meanwhile would hold it back.
    const onKey = (event: KeyboardEvent): void => {
      const to =
        event.ctrlKey || event.altKey || event.metaKey ? undefined : this.#placeOf(event.key);
      if (to === undefined) return;
      event.preventDefault();
      this.#goTo(to);
    };
    const onWheel = (event: WheelEvent): void => {
      // With Ctrl it is the window's zoom.
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const unit = [1, this.#rowHeight, host.clientHeight][event.deltaMode] ?? 1;
      this.#goTo(host.scrollTop + event.deltaY * unit);
    };
    host.addEventListener('keydown', onKey);
    host.addEventListener('wheel', onWheel, { passive: false });
    this.#ends = [
      () => sizes.disconnect(),
      () => host.removeEventListener('scroll', onScroll),
      () => host.removeEventListener('keydown', onKey),
      () => host.removeEventListener('wheel', onWheel),
      onThemeChange(() => this.#measure(host.clientHeight)),
    ];
  }

  [Symbol.dispose](): void {
    for (const end of this.#ends) end();
  }

  add(batch: TradeBatch): void {
    const [first] = batch.rows;
    const { largest } = this.model;
    if (largest === 0 && first !== undefined) this.#fit(first[1]);
    const change = this.model.add(batch);
    if (change.grew && this.#drawn > 0) this.#redrawFront(change.added);
    const added = Math.min(change.added, this.#most());
    const made = this.model.lines.slice(0, added).map((line) => this.#element(line));
    this.#host.prepend(...made);
    this.#drawn += made.length;
    // Someone who scrolled back keeps reading the same rows.
    if (this.#reading) this.#host.scrollTop += made.length * this.#rowHeight;
    this.#draw();
    if (this.model.largest !== largest) this.#weighAll();
  }

  /** Puts the trades together to the orders that took, or shows each. */
  showOrders(orders: boolean): void {
    this.model.showOrders(orders);
    this.#drop(0);
    this.#goTo(0);
  }

  /** The line at the front had more fills; so many come before it. */
  #redrawFront(before: number): void {
    const [element] = this.#host.children;
    const line = this.model.lines[before];
    if (element instanceof HTMLElement && line !== undefined) this.#fill(element, line);
  }

  /** A larger trade than all before: the others are drawn against it. */
  #weighAll(): void {
    const { children } = this.#host;
    for (const [index, line] of this.model.lines.slice(0, this.#drawn).entries()) {
      const element = children[index];
      if (line.kind === 'trade' && element instanceof HTMLElement) this.#weigh(element, line.row);
    }
  }

  #weigh(element: HTMLElement, [, , quantity, buyer]: TradeRow): void {
    element.className = `tk ${LOOK.get(buyer)?.name ?? ''} w${this.model.weight(quantity)}`;
    const share = this.model.share(quantity) * BAR_PERCENT;
    element.style.setProperty('--share', `${share.toFixed(1)}%`);
  }

  /** Where a key leads. */
  #placeOf(key: string): number | undefined {
    const { scrollTop, scrollHeight, clientHeight } = this.#host;
    const page = clientHeight - this.#rowHeight;
    switch (key) {
      case 'Home':
        return 0;
      case 'End':
        return scrollHeight;
      case 'PageUp':
        return scrollTop - page;
      case 'PageDown':
        return scrollTop + page;
      case 'ArrowUp':
        return scrollTop - this.#rowHeight;
      case 'ArrowDown':
        return scrollTop + this.#rowHeight;
      default:
        return undefined;
    }
  }

  #goTo(top: number): void {
    this.#host.scrollTop = top;
    this.#reading = this.#host.scrollTop > 0;
    this.#draw();
  }

  #most(): number {
    return this.#reading ? TAPE_ROWS : this.#inSight;
  }

  #measure(height: number): void {
    this.#rowHeight = tokenPixels('row-h');
    this.#inSight = Math.min(TAPE_ROWS, Math.ceil(height / this.#rowHeight) + 1);
    this.#draw();
  }

  /** As many rows as are wanted: more at the end, or the last ones gone. */
  #draw(): void {
    const { lines } = this.model;
    const wanted = Math.min(this.#most(), lines.length);
    this.#drop(wanted);
    const missing = lines.slice(this.#drawn, wanted).map((line) => this.#element(line));
    if (missing.length > 0) this.#rest.before(...missing);
    this.#drawn = wanted;
    const rest = `${(lines.length - wanted) * this.#rowHeight}px`;
    if (this.#rest.style.height !== rest) this.#rest.style.height = rest;
  }

  /** Takes all rows but the first so many away. */
  #drop(wanted: number): void {
    for (; this.#drawn > wanted; this.#drawn -= 1) {
      const last = this.#rest.previousElementSibling;
      if (!(last instanceof HTMLElement)) break;
      last.remove();
      this.#pool.push(last);
    }
  }

  /** Decimals are chosen once, by what ten usual orders are worth: a column never changes its form. */
  #fit(at: Price): void {
    const { quantityScale } = this.#instrument;
    const usual = 10 * defaultSize(this.#instrument, at);
    this.#decimals = columnDecimals(usual, quantityScale, quantityDecimals(this.#instrument));
  }

  #element(line: TapeLine): HTMLElement {
    const element = this.#pool.pop() ?? newRow();
    this.#fill(element, line);
    return element;
  }

  #fill(element: HTMLElement, line: TapeLine): void {
    const [time, arrow, price, size] = element.children;
    if (line.kind === 'omitted') {
      element.className = 'tk omitted';
      element.removeAttribute('title');
      setText(time, '');
      setText(arrow, '');
      setText(price, `${line.count} more`);
      setText(size, compactQuantity(line.quantity, this.#instrument.quantityScale));
      return;
    }
    const [, px, quantity, buyer, at] = line.row;
    this.#weigh(element, line.row);
    const text = clockMillis(at);
    setText(time, '');
    const quiet = line.sameSecond ? 't3' : 't2';
    const hour = span(`hour ${quiet}`, text.slice(0, 3));
    time?.append(hour, span(quiet, text.slice(3, 8)), span('milli t2', text.slice(8)));
    const look = LOOK.get(buyer);
    setText(arrow, look?.arrow ?? '');
    arrow?.setAttribute('aria-label', look?.words ?? '');
    setText(price, priceText(px, this.#instrument));
    const { fills, firstPrice } = line;
    if (fills > 1) {
      price?.append(span('fills', ` ${fills}\u00d7`));
      const from = priceText(firstPrice, this.#instrument);
      element.title = `${fills} fills of one order, ${from} to ${priceText(px, this.#instrument)}`;
    } else element.removeAttribute('title');
    setText(size, columnSize(quantity, this.#instrument.quantityScale, this.#decimals));
    size?.setAttribute('title', shortQuantity(quantity, this.#instrument));
  }
}

function newRow(): HTMLElement {
  const row = document.createElement('div');
  row.append(span('t', ''), span('g', ''), span('p', ''), span('s', ''));
  return row;
}

function span(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

function setText(element: Element | undefined, text: string): void {
  if (element !== undefined) element.textContent = text;
}
