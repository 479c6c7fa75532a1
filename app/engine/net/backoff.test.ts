import { expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { Backoff } from './backoff.ts';

test('each wait lies in the upper half of its doubling ceiling, up to the bound', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const backoff = new Backoff({ firstMs: 100, maxMs: 1_000 }, new Xoshiro128(seed));
    for (const ceiling of [100, 200, 400, 800, 1_000, 1_000]) {
      const wait = backoff.next();
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
      expect(wait).toBeLessThanOrEqual(ceiling + 1);
    }
  }
});

test('waits of different clients differ, so that they do not come back together', () => {
  const first = new Set(
    Array.from({ length: 20 }, (_, seed) =>
      new Backoff({ firstMs: 10_000, maxMs: 60_000 }, new Xoshiro128(seed)).next(),
    ),
  );
  expect(first.size).toBeGreaterThan(15);
});

test('a success starts over', () => {
  const backoff = new Backoff({ firstMs: 100, maxMs: 10_000 }, new Xoshiro128(1));
  for (let attempt = 0; attempt < 5; attempt += 1) backoff.next();
  backoff.reset();
  expect(backoff.next()).toBeLessThanOrEqual(101);
});
