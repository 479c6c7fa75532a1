import type { Side } from '../../../engine/domain/order.ts';
import type { Price } from '../../../engine/domain/price.ts';

/** What would happen on a click, said before it. */
export interface TipText {
  readonly side: Side;
  readonly order: string;
  readonly price: string;
  /** What is special about it; undefined for an order that would simply rest. */
  readonly warning: string | undefined;
}

/** The tip beside the row that a click or key would act on. */
export class LadderTip {
  readonly #element = document.createElement('div');
  readonly #line = document.createElement('div');
  readonly #warning = document.createElement('div');
  readonly #host: HTMLElement;

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#element.className = 'tip';
    this.#element.setAttribute('role', 'tooltip');
    this.#element.hidden = true;
    this.#warning.className = 'warn';
    this.#element.append(this.#line, this.#warning);
    host.append(this.#element);
  }

  hide(): void {
    this.#element.hidden = true;
  }

  /** Shows `text` beside the row at `offset`, under it where there is room. */
  show(text: TipText, offset: number, rowHeight: number, side: Side): void {
    const strong = document.createElement('b');
    strong.className = text.side === 'Buy' ? 'buy' : 'sell';
    strong.textContent = text.order;
    this.#line.replaceChildren(strong, ` at ${text.price}`);
    this.#warning.textContent = text.warning ?? '';
    this.#warning.hidden = text.warning === undefined;
    this.#element.hidden = false;
    const below = offset + rowHeight + 4;
    const room = this.#host.clientHeight - below > 48;
    this.#element.style.top = `${room ? below : offset - 4 - this.#element.offsetHeight}px`;
    this.#element.dataset['at'] = side === 'Buy' ? 'left' : 'right';
  }
}

/** The cell a click or key would act on. */
export interface Target {
  readonly side: Side;
  readonly price: Price;
}
