import type { Sampler } from './numeric.ts';

/** The market's moods, as a Markov chain in minutes. */
export const REGIMES = ['calm', 'trend', 'chop', 'crash'] as const;
export type Regime = (typeof REGIMES)[number];

/** What a regime does to every instrument. */
export interface RegimeTraits {
  readonly meanMinutes: number;
  /** Multiplies every instrument's volatility. */
  readonly volatility: number;
  /** Drift of a minute in that minute's standard deviations. */
  readonly drift: number;
  /** Pull back to where the regime began, per minute. */
  readonly reversion: number;
  /** Relative odds of the regime that follows. */
  readonly next: Readonly<Partial<Record<Regime, number>>>;
}

/** The traits of every regime. */
export const REGIME_TRAITS: Readonly<Record<Regime, RegimeTraits>> = {
  calm: {
    meanMinutes: 240,
    volatility: 0.65,
    drift: 0,
    reversion: 0,
    next: { trend: 0.4, chop: 0.54, crash: 0.06 },
  },
  trend: {
    meanMinutes: 120,
    volatility: 1,
    drift: 0.08,
    reversion: 0,
    next: { calm: 0.4, chop: 0.46, crash: 0.14 },
  },
  chop: {
    meanMinutes: 180,
    volatility: 0.95,
    drift: 0,
    reversion: 0.03,
    next: { calm: 0.6, trend: 0.34, crash: 0.06 },
  },
  crash: {
    meanMinutes: 20,
    volatility: 2.6,
    drift: -0.35,
    reversion: 0,
    next: { calm: 0.1, trend: 0.2, chop: 0.7 },
  },
};

// Crashes only fall; trends rise often enough to make up for them over a month.
const TREND_UP = 0.65;

/** One stay in a regime; `minute` counts from the beginning of the path. */
export interface RegimeLabel {
  readonly minute: number;
  readonly regime: Regime;
  readonly direction: 1 | -1;
}

/** The chain itself: call `step` once a minute. */
export class RegimeChain {
  readonly #sampler: Sampler;
  readonly #labels: RegimeLabel[] = [];
  #minute = 0;
  #regime: Regime = 'calm';
  #direction: 1 | -1 = 1;

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
    this.#enter('calm');
  }

  /** The regime of the current minute. */
  get regime(): Regime {
    return this.#regime;
  }

  /** Drift of the current minute in standard deviations. */
  get drift(): number {
    return REGIME_TRAITS[this.#regime].drift * this.#direction;
  }

  /** Every regime entered so far: what the market hides. */
  get labels(): readonly RegimeLabel[] {
    return this.#labels;
  }

  /** Moves on a minute; true when a new regime begins. */
  step(): boolean {
    this.#minute += 1;
    const traits = REGIME_TRAITS[this.#regime];
    if (this.#sampler.uniform() * traits.meanMinutes >= 1) return false;
    this.#enter(this.#successor(traits));
    return true;
  }

  #successor(traits: RegimeTraits): Regime {
    let left = this.#sampler.uniform();
    let chosen: Regime = 'calm';
    for (const regime of REGIMES) {
      const odds = traits.next[regime] ?? 0;
      if (odds === 0) continue;
      chosen = regime;
      left -= odds;
      if (left < 0) break;
    }
    return chosen;
  }

  #enter(regime: Regime): void {
    this.#regime = regime;
    const falls = regime === 'trend' && this.#sampler.uniform() >= TREND_UP;
    this.#direction = falls ? -1 : 1;
    this.#labels.push({ minute: this.#minute, regime, direction: this.#direction });
  }
}
