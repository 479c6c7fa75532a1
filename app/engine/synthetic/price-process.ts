import { present } from '../base/invariant.ts';
import { choleskyFactor } from './correlation.ts';
import type { SyntheticMarket } from './instruments.ts';
import { exp, type Sampler } from './numeric.ts';
import { REGIME_TRAITS, RegimeChain } from './regimes.ts';

const MINUTES_A_YEAR = 525_600;
const SECONDS_A_MINUTE = 60;

// Log-volatility: one part for the whole market, one for each instrument; both are autoregressions with these half-lives.
const MARKET_SPREAD = 0.55;
const MARKET_MEMORY = 0.9923;
const OWN_SPREAD = 0.2;
const OWN_MEMORY = 0.97;

/** What a minute of the process is made of, by instrument. */
export interface MinuteState {
  /** Standard deviation of the minute's log return. */
  readonly deviation: Float64Array;
  /** Mean of the minute's log return. */
  readonly drift: Float64Array;
  /** Volatility that market makers see, 1 when ordinary. */
  readonly visible: Float64Array;
}

/**
 * Correlated log prices with stochastic volatility, Student t shocks and regimes. `minute` moves the hidden state;
 * `step` draws returns of the minute's law over a fraction of it. The logs start at 0.
 */
export class PriceProcess {
  readonly regimes: RegimeChain;
  readonly logs: Float64Array;
  readonly state: MinuteState;
  readonly #sampler: Sampler;
  readonly #base: Float64Array;
  readonly #factor: Float64Array[];
  readonly #own: Float64Array;
  readonly #anchor: Float64Array;
  readonly #shocks: Float64Array;
  #common = 0;

  constructor(market: SyntheticMarket, sampler: Sampler) {
    const count = market.instruments.length;
    this.#sampler = sampler;
    this.regimes = new RegimeChain(sampler);
    this.logs = new Float64Array(count);
    this.state = {
      deviation: new Float64Array(count),
      drift: new Float64Array(count),
      visible: new Float64Array(count).fill(1),
    };
    this.#base = Float64Array.from(
      market.instruments,
      (instrument) => instrument.annualVolatility / Math.sqrt(MINUTES_A_YEAR),
    );
    this.#factor = choleskyFactor(market.correlations);
    this.#own = new Float64Array(count);
    this.#anchor = new Float64Array(count);
    this.#shocks = new Float64Array(count);
  }

  /** Begins the next minute: regime, volatility, drift. */
  minute(): void {
    const sampler = this.#sampler;
    if (this.regimes.step()) this.#anchor.set(this.logs);
    const traits = REGIME_TRAITS[this.regimes.regime];
    this.#common =
      MARKET_MEMORY * this.#common + noiseOf(MARKET_SPREAD, MARKET_MEMORY) * sampler.normal();
    const tail = sampler.fatTail();
    for (let index = 0; index < this.logs.length; index += 1) {
      const own =
        OWN_MEMORY * (this.#own[index] ?? 0) + noiseOf(OWN_SPREAD, OWN_MEMORY) * sampler.normal();
      this.#own[index] = own;
      // The minus keeps the mean variance at the set one: E[e^2x] = e^(2 var x).
      const visible =
        traits.volatility *
        exp(this.#common + own - MARKET_SPREAD * MARKET_SPREAD - OWN_SPREAD * OWN_SPREAD);
      const base = this.#base[index] ?? 0;
      const log = this.logs[index] ?? 0;
      this.state.visible[index] = visible;
      this.state.deviation[index] = base * visible * tail;
      this.state.drift[index] =
        this.regimes.drift * base * visible - traits.reversion * (log - (this.#anchor[index] ?? 0));
    }
  }

  /** Moves every log price by the whole minute. */
  wholeMinute(): void {
    this.#move(1, 1);
  }

  /** Moves every log price by one second of the minute, with a fat tail of its own. */
  second(): void {
    this.#move(1 / SECONDS_A_MINUTE, this.#sampler.fatTail());
  }

  #move(fraction: number, tail: number): void {
    const scale = Math.sqrt(fraction) * tail;
    const shocks = this.#shocks;
    for (let index = 0; index < shocks.length; index += 1) shocks[index] = this.#sampler.normal();
    for (let index = 0; index < shocks.length; index += 1) {
      const row = present(this.#factor[index], 'row of the factor');
      let shock = 0;
      for (let column = 0; column <= index; column += 1) {
        shock += (row[column] ?? 0) * (shocks[column] ?? 0);
      }
      this.logs[index] =
        (this.logs[index] ?? 0) +
        (this.state.drift[index] ?? 0) * fraction +
        (this.state.deviation[index] ?? 0) * scale * shock;
    }
  }
}

function noiseOf(spread: number, memory: number): number {
  return spread * Math.sqrt(1 - memory * memory);
}
