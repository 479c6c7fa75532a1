import { expect, test } from 'vitest';
import { Bursts } from './bursts.ts';

test('what comes close together is one burst, and after a quiet time another', () => {
  let now = 0;
  const bursts = new Bursts(() => now);
  const first = bursts.count('Rejected');
  now = 7000;
  const second = bursts.count('Rejected');
  now = 14_000;
  const third = bursts.count('Rejected');
  now = 23_000;
  const later = bursts.count('Rejected');
  expect([first, second, third, later].map(({ count }) => count)).toEqual([1, 2, 3, 1]);
  expect(new Set([first.key, second.key, third.key]).size).toBe(1);
  expect(later.key).not.toBe(first.key);
});

test('kinds are counted apart', () => {
  const bursts = new Bursts(() => 0);
  bursts.count('Rejected');
  expect(bursts.count('Expired').count).toBe(1);
});
