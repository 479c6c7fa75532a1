import type { Masker } from './mask.ts';

/** Codes told apart; whatever comes under more is counted together. */
const MOST_CODES = 100;
const SAMPLE_LENGTH = 200;

/** Input that was refused, by code. */
export interface BadInput {
  readonly code: string;
  readonly count: number;
  /** Our time, microseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The newest one, masked and cut. */
  readonly sample: string;
}

/** Counts everything that came in wrong, so that nothing is dropped silently. */
export class BadInputs {
  readonly #entries = new Map<string, BadInput>();
  readonly #masker: Masker;
  readonly #nowMicros: () => number;

  constructor(masker: Masker, nowMicros: () => number) {
    this.#masker = masker;
    this.#nowMicros = nowMicros;
  }

  /** Counts one; true when its code is new or its count a power of ten, so that the log can follow without drowning. */
  note(code: string, sample: string): boolean {
    const known = this.#entries.has(code) || this.#entries.size < MOST_CODES;
    const key = known ? code : 'OTHER';
    const before = this.#entries.get(key);
    const at = this.#nowMicros();
    const count = (before?.count ?? 0) + 1;
    this.#entries.set(key, {
      code: key,
      count,
      firstAt: before?.firstAt ?? at,
      lastAt: at,
      sample: this.#masker.text(sample).slice(0, SAMPLE_LENGTH),
    });
    return /^10*$/.test(String(count));
  }

  get entries(): BadInput[] {
    return [...this.#entries.values()];
  }
}
