import { describe, expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { exp, log, Sampler } from './numeric.ts';

describe('exp and log', () => {
  test.each([-40, -3.7, -1, -1e-9, 0, 1e-12, 0.3, 1, 2.5, 17, 60])('exp(%f) is e to it', (x) => {
    expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
  });

  test.each([1e-16, 1e-3, 0.2, 0.7, 0.999999, 1, 1.4, 3, 1e6])('log(%f) is its logarithm', (x) => {
    expect(Math.abs(log(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))));
  });

  test('are the same bits on every platform', () => {
    const bits = new BigUint64Array(
      new Float64Array([exp(0.3), exp(-5.5), log(0.123), log(7)]).buffer,
    );
    expect([...bits].map((value) => value.toString(16))).toMatchInlineSnapshot(`
      [
        "3ff599058c8c1a95",
        "3f70bd4a5aca7727",
        "c000c3bab03ad16d",
        "3fff2272ae325a56",
      ]
    `);
  });
});

describe('draws', () => {
  const COUNT = 200_000;

  function moments(draw: (sampler: Sampler) => number): {
    mean: number;
    variance: number;
    fourth: number;
  } {
    const sampler = new Sampler(new Xoshiro128(42));
    const values = Array.from({ length: COUNT }, () => draw(sampler));
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
    const power = (exponent: number): number =>
      values.reduce((sum, value) => sum + (value - mean) ** exponent, 0) / COUNT;
    return { mean, variance: power(2), fourth: power(4) };
  }

  test('a normal has mean 0, variance 1 and no excess kurtosis', () => {
    const { mean, variance, fourth } = moments((sampler) => sampler.normal());
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.015);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.1);
  });

  test('an exponential has mean 1 and variance 1', () => {
    const { mean, variance } = moments((sampler) => sampler.exponential());
    expect(Math.abs(mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  test('a fat-tailed normal keeps variance 1', () => {
    const { variance, fourth } = moments((sampler) => sampler.fatTail() * sampler.normal());
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    expect(fourth).toBeGreaterThan(4);
  });

  test('a Poisson count has its mean as variance', () => {
    const { mean, variance } = moments((sampler) => sampler.poisson(0.7));
    expect(Math.abs(mean - 0.7)).toBeLessThan(0.01);
    expect(Math.abs(variance - 0.7)).toBeLessThan(0.02);
  });
});
