import { expect, test } from 'vitest';
import type { Bar } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import {
  joinContracts,
  rollsOf,
  type ContractBars,
  type RollAdjustment,
  type RollRule,
} from './continuous-bars.ts';

const DAY_MICROS = 86_400_000_000;
const dayOf = ({ openTime }: Bar): string => `2026-01-0${openTime / DAY_MICROS}`;

/** A contract by day of January: close and volume. */
function contract(
  name: string,
  days: Readonly<Record<number, readonly [number, number]>>,
): ContractBars {
  const bars = Object.entries(days).map(([day, [close, volume]]): Bar => {
    const px = price(close);
    const openTime = unixMicros(Number(day) * DAY_MICROS);
    return {
      openTime,
      open: px,
      high: px,
      low: px,
      close: px,
      volume: quantity(volume),
      closed: true,
    };
  });
  return { contract: name, bars };
}

const MARCH = contract('202603', { 1: [100, 50], 2: [102, 40], 3: [101, 10], 4: [99, 5] });
const JUNE = contract('202606', {
  1: [110, 5],
  2: [112, 41],
  3: [111, 60],
  4: [110, 70],
  5: [114, 90],
});
const SEPTEMBER = contract('202609', { 2: [120, 1], 4: [121, 1], 5: [125, 2], 6: [126, 3] });
const CHAIN = [MARCH, JUNE, SEPTEMBER];

function shown(rule: RollRule, adjustment: RollAdjustment): readonly string[] {
  const rolls = rollsOf(CHAIN, rule, dayOf);
  return joinContracts(CHAIN, rolls, adjustment, dayOf).map(
    (bar) => `${dayOf(bar).at(-1)} ${bar.contract} ${bar.close}`,
  );
}

test('the day after a later contract traded more it is held, and never the one before again', () => {
  expect(rollsOf(CHAIN, { by: 'volume' }, dayOf)).toEqual([
    { day: '2026-01-03', from: '202603', to: '202606', closes: [102, 112] },
    // June has no more bars: it ended.
    { day: '2026-01-06', from: '202606', to: '202609', closes: [114, 125] },
  ]);
  expect(shown({ by: 'volume' }, 'none')).toEqual([
    '1 202603 100',
    '2 202603 102',
    '3 202606 111',
    '4 202606 110',
    '5 202606 114',
    '6 202609 126',
  ]);
});

test('prices before a roll are moved by the difference of the closes before it, of every roll behind them', () => {
  expect(shown({ by: 'volume' }, 'difference').map((row) => row.split(' ')[2])).toEqual([
    ...['121', '123'],
    ...['122', '121', '125'],
    '126',
  ]);
});

test('or multiplied by their ratio', () => {
  const closes = shown({ by: 'volume' }, 'ratio').map((row) => Number(row.split(' ')[2]));
  const [first, second] = [112 / 102, 125 / 114];
  const plain = [100 * first * second, 102 * first * second, 111 * second, 110 * second, 125, 126];
  for (const [index, close] of closes.entries()) {
    expect(Math.abs(close - (plain[index] ?? 0))).toBeLessThanOrEqual(0.5);
  }
});

test('on named days the next contract is taken, and by open interest as by volume', () => {
  const dated = rollsOf(CHAIN, { by: 'date', days: ['2026-01-02', '2026-01-05'] }, dayOf);
  expect(dated.map(({ day, to }) => `${day} ${to}`)).toEqual([
    '2026-01-02 202606',
    '2026-01-05 202609',
  ]);
  const interest = (name: string, day: string): number =>
    name === '202606' && day >= '2026-01-03' ? 2 : 1;
  const rolled = rollsOf(CHAIN, { by: 'open-interest', of: interest }, dayOf);
  expect(rolled[0]).toMatchObject({ day: '2026-01-04', to: '202606', closes: [101, 111] });
});

test('contracts that never traded on one day are joined as they are', () => {
  const chain = [contract('1', { 1: [10, 1] }), contract('2', { 2: [20, 1] })];
  const rolls = rollsOf(chain, { by: 'volume' }, dayOf);
  expect(rolls).toEqual([{ day: '2026-01-02', from: '1', to: '2' }]);
  expect(joinContracts(chain, rolls, 'ratio', dayOf).map(({ close }) => close)).toEqual([10, 20]);
  expect(joinContracts([], [], 'none', dayOf)).toEqual([]);
});
