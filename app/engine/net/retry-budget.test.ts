import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

test('retries stay a share of the requests, beyond those it begins with', () => {
  const budget = new RetryBudget({ perRequest: 0.25, most: 3 });
  let taken = 0;
  for (let request = 0; request < 100; request += 1) {
    budget.earn();
    while (budget.take()) taken += 1;
  }
  expect(taken).toBe(3 + 24);
});

test('what is not used is kept up to its most', () => {
  const budget = new RetryBudget({ perRequest: 0.5, most: 2 });
  for (let request = 0; request < 50; request += 1) budget.earn();
  expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
});
