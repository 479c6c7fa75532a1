/** What a watch looks at and does. */
export interface ArmingWatchParts {
  /** Milliseconds of the machine's clock, which goes on while it sleeps. */
  readonly now: () => number;
  /** Milliseconds without a hand after which a window is disarmed. */
  readonly limit: () => number;
  /** Ends the arming, and says why. */
  readonly disarm: (why: string) => void;
}

/** Disarms when nobody is at the desk: after a time without a hand in any of its windows, and when a connection that was lost is back. */
export class ArmingWatch {
  readonly #parts: ArmingWatchParts;
  #lastHand: number;
  #seen = false;
  #lost = false;

  constructor(parts: ArmingWatchParts) {
    this.#parts = parts;
    this.#lastHand = parts.now();
  }

  /** A hand was at this window, or at another of the desk, at `when`. */
  hand(when = this.#parts.now()): void {
    this.#lastHand = Math.max(this.#lastHand, Math.min(when, this.#parts.now()));
  }

  /** Milliseconds until the desk counts as left; 0 when it does. */
  left(): number {
    const now = this.#parts.now();
    // A clock that was set back must not keep the desk armed until it is that late again.
    this.#lastHand = Math.min(this.#lastHand, now);
    return Math.max(0, this.#parts.limit() - (now - this.#lastHand));
  }

  /** Looks at the arming as it is now; asked now and then, and whenever it changes. */
  look({ armed, synced }: { readonly armed: boolean; readonly synced: boolean }): void {
    if (!synced) {
      this.#lost = this.#seen;
      return;
    }
    this.#seen = true;
    if (!armed) {
      this.#lost = false;
      return;
    }
    if (this.#lost) {
      this.#lost = false;
      this.#parts.disarm('The connection to the trading process was lost');
      return;
    }
    if (this.left() === 0) this.#parts.disarm('Nobody was at the desk');
  }
}
