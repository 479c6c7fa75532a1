import type { Rng } from '../base/rng.ts';

// `Math.exp` and `Math.log` may differ in the last bit between platforms. Everything here uses only +, -, *, / and sqrt, which
// IEEE 754 rounds exactly, so that one seed is one market everywhere.

const LN2 = 0.6931471805599453;

/** e^x for |x| <= 100 to about 1e-15, bit-equal on every platform. */
export function exp(x: number): number {
  const power = Math.floor(x / LN2 + 0.5);
  const rest = x - power * LN2;
  let term = 1;
  let sum = 1;
  for (let index = 1; index <= 14; index += 1) {
    term *= rest / index;
    sum += term;
  }
  return power < 0 ? sum / powerOfTwo(-power) : sum * powerOfTwo(power);
}

function powerOfTwo(exponent: number): number {
  let value = 1;
  for (let index = 0; index < exponent; index += 1) value *= 2;
  return value;
}

/** Natural logarithm of x > 0 to about 1e-15, bit-equal on every platform. */
export function log(x: number): number {
  let mantissa = x;
  let power = 0;
  while (mantissa < 0.7) {
    mantissa *= 2;
    power -= 1;
  }
  while (mantissa > 1.4) {
    mantissa /= 2;
    power += 1;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 21; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return power * LN2 + 2 * ratio * sum;
}

/** Draws from the distributions the market is made of. */
export class Sampler {
  readonly #rng: Rng;
  #spare: number | undefined;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.#rng.nextDouble();
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return this.#rng.nextBelow(bound);
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    let first = 0;
    let second = 0;
    let square = 0;
    do {
      first = 2 * this.#rng.nextDouble() - 1;
      second = 2 * this.#rng.nextDouble() - 1;
      square = first * first + second * second;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * log(square)) / square);
    this.#spare = second * factor;
    return first * factor;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -log(1 - this.#rng.nextDouble());
  }

  /** Square root of a unit-mean inverse chi-square (6 degrees): times a normal it is a Student t of variance 1 and excess kurtosis 3. */
  fatTail(): number {
    const chiSquare = 2 * (this.exponential() + this.exponential() + this.exponential());
    return Math.sqrt(4 / chiSquare);
  }

  /** Poisson counts for small means. */
  poisson(mean: number): number {
    let count = 0;
    let left = mean - this.exponential();
    while (left > 0) {
      count += 1;
      left -= this.exponential();
    }
    return count;
  }
}
