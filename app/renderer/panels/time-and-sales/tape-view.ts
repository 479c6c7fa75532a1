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
import type { TradeBatch } from '../../state/market-store.ts';
import { TAPE_ROWS, TapeModel, type TapeLine } from './tape-model.ts';

/** Widest bar, percent of the row. */
const BAR_PERCENT = 46;

/** Draws the tape without React: rows are pooled and rewritten, at most as many as fit the bound. */
export class TapeView {
  readonly model = new TapeModel();
  readonly #host: HTMLElement;
  readonly #instrument: Instrument;
  readonly #pool: HTMLElement[] = [];
  #decimals = 0;

  constructor(host: HTMLElement, instrument: Instrument) {
    this.#host = host;
    this.#instrument = instrument;
    host.replaceChildren();
  }

  add(batch: TradeBatch): void {
    const [first] = batch.rows;
    if (this.model.largest === 0 && first !== undefined) this.#fit(first[1]);
    const added = this.model.add(batch);
    const reading = this.#host.scrollTop > 0;
    const made = this.model.lines.slice(0, added).map((line) => this.#element(line));
    this.#host.prepend(...made);
    let height = 0;
    if (reading) for (const element of made) height += element.offsetHeight;
    // Someone who scrolled back keeps reading the same rows.
    if (reading) this.#host.scrollTop += height;
    while (this.#host.childElementCount > TAPE_ROWS) {
      const last = this.#host.lastElementChild;
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
    const [bar, time, arrow, price, size] = element.children;
    if (line.kind === 'omitted') {
      element.className = 'tk omitted';
      setText(time, '');
      setText(arrow, '');
      setText(price, `${line.count} more`);
      setText(size, compactQuantity(line.quantity, this.#instrument.quantityScale));
      setWidth(bar, 0);
      return element;
    }
    const [, px, quantity, buyer, at] = line.row;
    element.className = `tk ${buyer ? 'buy' : 'sell'} w${this.model.weight(quantity)}`;
    const text = clockMillis(at);
    setText(time, '');
    const quiet = line.sameSecond ? 't3' : 't2';
    const hour = span(`hour ${quiet}`, text.slice(0, 3));
    time?.append(hour, span(quiet, text.slice(3, 8)), span('milli t2', text.slice(8)));
    setText(arrow, buyer ? '\u25b4' : '\u25be');
    arrow?.setAttribute('aria-label', buyer ? 'buyer took' : 'seller took');
    setText(price, priceText(px, this.#instrument));
    setText(size, columnSize(quantity, this.#instrument.quantityScale, this.#decimals));
    size?.setAttribute('title', shortQuantity(quantity, this.#instrument));
    setWidth(bar, this.model.share(quantity) * BAR_PERCENT);
    return element;
  }
}

function newRow(): HTMLElement {
  const row = document.createElement('div');
  row.append(span('b', ''), span('t', ''), span('g', ''), span('p', ''), span('s', ''));
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

function setWidth(element: Element | undefined, percent: number): void {
  if (element instanceof HTMLElement) element.style.width = `${percent.toFixed(1)}%`;
}
