import { describe, expect, test } from 'vitest';
import { checkedStudy, type StudySpec } from '../../domain/study.ts';
import { StudyRun } from './study.ts';

function ofCloses(spec: StudySpec, closes: readonly number[]): number[] {
  const bars = closes.flatMap((close, at) => [at * 60, close, close, close, close, 1]);
  return [...new StudyRun(spec).commit(Float64Array.from(bars))];
}

// Published worked examples (StockCharts ChartSchool): RSI of QQQQ, moving averages of INTC.
const QQQQ = [
  44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
  46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521,
  45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
];
const RSI = [
  70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46,
  41.87, 45.46, 37.3, 33.08, 37.77,
];
const INTC = [
  22.2734, 22.194, 22.0847, 22.1741, 22.184, 22.1344, 22.2337, 22.4323, 22.2436, 22.2933, 22.1542,
  22.3926, 22.3816, 22.6109, 23.3558, 24.0519, 23.753, 23.8324, 23.9516, 23.6338,
];

test('Wilder\u2019s relative strength index is that of the published table', () => {
  const values = ofCloses({ kind: 'Rsi', parameters: [14] }, QQQQ);
  expect(values.slice(0, 14).every(Number.isNaN)).toBe(true);
  for (const [at, wanted] of RSI.entries()) expect(values[14 + at]).toBeCloseTo(wanted, 1);
});

test.each([
  ['Sma', [22.22, 22.21, 22.23, 22.26, 22.31, 22.42, 22.61, 22.77, 22.91, 23.08, 23.21]],
  ['Ema', [22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.8, 22.97, 23.13, 23.28, 23.34]],
] as const)('%s of ten closes is that of the published table', (kind, table) => {
  const values = ofCloses({ kind, parameters: [10] }, INTC);
  expect(values.slice(0, 9).every(Number.isNaN)).toBe(true);
  for (const [at, wanted] of table.entries()) {
    expect(Math.abs((values[9 + at] ?? Number.NaN) - wanted)).toBeLessThan(0.0101);
  }
});

test('a market that does not move has values in the middle, never a division by nothing', () => {
  const still = Array.from({ length: 80 }, () => 100);
  const last = (kind: StudySpec['kind'], parameters: readonly number[]): number | undefined =>
    ofCloses({ kind, parameters }, still).at(-1);
  expect(last('Rsi', [14])).toBe(50);
  expect(last('Mfi', [14])).toBe(50);
  expect(last('Stochastic', [14, 3, 3])).toBe(50);
  expect(last('WilliamsR', [14])).toBe(-50);
  expect(last('Cci', [20])).toBe(0);
  expect(last('Adx', [14])).toBe(0);
});

describe('parameters', () => {
  test.each([
    [{ kind: 'Sma', parameters: [0] }, /Length must be a whole number from 1 to 500, was 0/],
    [{ kind: 'Sma', parameters: [2.5] }, /was 2\.5/],
    [{ kind: 'Sma', parameters: [Number.NaN] }, /was NaN/],
    [{ kind: 'Sma', parameters: [] }, /takes 1 parameters, was given 0/],
    [{ kind: 'Bollinger', parameters: [20, -1] }, /Deviations must be a number from 0\.1 to 10/],
    [{ kind: 'Macd', parameters: [26, 12, 9] }, /Fast must be shorter than Slow/],
  ] satisfies [StudySpec, RegExp][])('%j is refused with what would do', (spec, message) => {
    const checked = checkedStudy(spec);
    expect(checked.ok ? '' : checked.error.message).toMatch(message);
    expect(() => new StudyRun(spec)).toThrow(message);
  });
});
