import { expect, test } from 'vitest';
import { filterOf } from './filter-match.ts';

test.each([
  ['BTCUSDT', 'btc', true],
  ['BTCUSDT', ' eth', false],
  ['BTCUSDT', '!eth', true],
  ['BTCUSDT', '!btc', false],
  ['67,435.09', '> 67000', true],
  ['67,435.09', '>67,435.09', false],
  ['67,435.09', '>=67435.09', true],
  ['\u2212204.86', '< 0', true],
  ['+1,284.60', '= 1284.6', true],
  ['12', '10..20', true],
  ['21', '10..20', false],
  ['not known', '> 0', false],
  ['12', '> many', false],
  ['a..b', 'a..b', true],
  ['', '', true],
])('%j with %j: %s', (cell, typed, passes) => {
  expect(filterOf(typed)(cell)).toBe(passes);
});
