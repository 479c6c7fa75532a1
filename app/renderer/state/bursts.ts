/** Things of one kind that come close together, counted. */
export interface Burst {
  /** Names the burst: the next one of its kind has another. */
  readonly key: string;
  readonly count: number;
}

/** Milliseconds without another after which a burst is over. */
const QUIET_MS = 8000;

/** Counts what comes in bursts, by kind. */
export class Bursts {
  readonly #now: () => number;
  readonly #last = new Map<string, { number: number; count: number; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The burst that `kind` belongs to now, this one counted. */
  count(kind: string): Burst {
    const at = this.#now();
    const last = this.#last.get(kind) ?? { number: 0, count: 0, at: Number.NEGATIVE_INFINITY };
    const over = at - last.at > QUIET_MS;
    const burst = { number: last.number + (over ? 1 : 0), count: over ? 1 : last.count + 1, at };
    this.#last.set(kind, burst);
    return { key: `${kind} ${burst.number}`, count: burst.count };
  }
}
