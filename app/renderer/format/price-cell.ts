import { changedTail, splitTrailingZeros } from './number-text.ts';

/** Milliseconds that changed digits stay lit; the token `--motion-lit`. */
const LIT_MS = 400;

/** Writes a price into an element without React: trailing zeros quiet, changed digits lit for a moment. */
export class PriceCell {
  readonly #front = document.createElement('span');
  readonly #tail = document.createElement('span');
  readonly #host: HTMLElement;
  #text = '';
  #order: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
    host.replaceChildren(this.#front, this.#tail);
  }

  /** Shows `text`; `value` orders it against what was shown so that the lit digits take the side's colour. */
  show(text: string, value: number): void {
    if (text === this.#text) return;
    const changed = this.#text === '' ? 0 : changedTail(this.#text, text);
    const direction = value >= (this.#order ?? value) ? 'up' : 'down';
    this.#text = text;
    this.#order = value;
    this.#host.classList.remove('none');
    if (changed === 0 || changed === text.length) {
      this.#rest();
      return;
    }
    this.#front.textContent = text.slice(0, -changed);
    this.#tail.textContent = text.slice(-changed);
    this.#tail.className = `lit ${direction}`;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), LIT_MS);
  }

  /** Shows a word where there is no number. */
  missing(word: string): void {
    clearTimeout(this.#timer);
    this.#text = '';
    this.#order = undefined;
    this.#front.textContent = word;
    this.#tail.textContent = '';
    this.#host.classList.add('none');
  }

  #rest(): void {
    const [front, zeros] = splitTrailingZeros(this.#text);
    this.#front.textContent = front;
    this.#tail.textContent = zeros;
    this.#tail.className = 'z';
  }
}
