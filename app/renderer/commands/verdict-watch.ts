import type { OrderTerms } from '../../engine/domain/order.ts';
import type { Verdict } from '../state/trade-session.ts';

/** Milliseconds without a change after which risk is asked. */
const AFTER_MS = 120;
/** A verdict that time or the market alone changes is asked for again after this. */
const AGAIN_AFTER_MS = 250;
/** Denials that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'DUPLICATE_ORDER',
  'ORDER_RATE',
  'PRICE_COLLAR',
  'STALE_DATA',
  'DATA_DOUBTFUL',
]);

/** What risk said of an order; `order` is what `orderOf` makes of its terms. */
export interface WatchedVerdict {
  readonly order: string;
  readonly verdict: Verdict;
}

/** What a watch asks and tells, and its timer: `later` gives what cancels it. */
export interface VerdictWatchParts {
  readonly ask: (terms: OrderTerms) => Promise<Verdict | undefined>;
  readonly later: (run: () => void, afterMs: number) => () => void;
  readonly onVerdict: (verdict: WatchedVerdict) => void;
}

/** Keeps the verdict on an order that is being written true: asked when it changes, when something risk looks at does, and until a denial that passes by itself has passed. One question at a time. */
export class VerdictWatch implements Disposable {
  readonly #parts: VerdictWatchParts;
  #terms: OrderTerms | undefined;
  #key = '';
  #cancel: (() => void) | undefined;
  /** Answers to questions of an earlier round are about another order. */
  #round = 0;
  #asking = false;
  #again = false;

  constructor(parts: VerdictWatchParts) {
    this.#parts = parts;
  }

  /** Takes the order as it stands now; undefined while it is none. */
  write(terms: OrderTerms | undefined): void {
    const key = terms === undefined ? '' : JSON.stringify(terms);
    if (key === this.#key) return;
    this.#key = key;
    this.#terms = terms;
    this.#round += 1;
    this.#asking = false;
    this.#again = false;
    this.#stopTimer();
    this.#schedule(AFTER_MS);
  }

  /** Something that risk looks at is not what it was. */
  changed(): void {
    if (this.#asking) this.#again = true;
    else if (this.#cancel === undefined) this.#schedule(AFTER_MS);
  }

  [Symbol.dispose](): void {
    this.write(undefined);
  }

  #schedule(afterMs: number): void {
    const terms = this.#terms;
    if (terms === undefined) return;
    this.#cancel = this.#parts.later(() => {
      this.#cancel = undefined;
      void this.#ask(terms);
    }, afterMs);
  }

  async #ask(terms: OrderTerms): Promise<void> {
    const round = this.#round;
    this.#asking = true;
    const verdict = await this.#parts.ask(terms);
    if (round !== this.#round) return;
    const again = this.#again;
    this.#asking = false;
    this.#again = false;
    if (verdict !== undefined) this.#parts.onVerdict({ order: orderOf(terms), verdict });
    if (again) this.#schedule(AFTER_MS);
    else if (verdict?.ok === false && PASSING.has(verdict.code)) this.#schedule(AGAIN_AFTER_MS);
  }

  #stopTimer(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

/** What makes an order the same one while a price beside the market moves with it. */
export function orderOf(terms: OrderTerms): string {
  const { instrument, account, side, type, quantity, displayQuantity, tag } = terms;
  return [instrument, account, side, type, quantity, displayQuantity, tag].join(' ');
}
