import { describe, expect, it } from 'vitest';
import { boundText, meets } from './floor.ts';
import { compared, measure } from './measure.ts';
import { BENCHMARKS } from './registry.ts';
import { resultOf, selectBenchmarks } from './run.ts';
import { median, quantile, ratioOf, spreadOf, theilSen } from './statistics.ts';
import type { Workload } from './workload.ts';

describe('statistics', () => {
  it('takes the sample that a fraction does not exceed', () => {
    const hundred = Float64Array.from({ length: 101 }, (_, at) => at);
    expect([0, 0.5, 0.99, 1].map((fraction) => quantile(hundred, fraction))).toEqual([
      0, 50, 99, 100,
    ]);
    expect(quantile([7], 0.999)).toBe(7);
    expect(() => quantile([], 0.5)).toThrow('at least one sample');
  });

  it('finds the middle in any order, as numbers', () => {
    expect(median([100, 9, 10])).toBe(10);
  });

  it('finds the slope of a line through noise that a mean would follow', () => {
    expect(theilSen([0, 2, 4, 6, 8])).toBe(2);
    expect(theilSen([0, 2, 400, 6, 8, 10, 12])).toBe(2);
    expect(theilSen([5])).toBe(0);
  });

  it('compares repeat by repeat, so that a slow machine cancels out', () => {
    expect(
      ratioOf([
        [10, 20],
        [30, 60],
        [9, 10],
      ]),
    ).toBe(0.5);
  });

  it('states how far repeats lie apart', () => {
    expect(
      spreadOf([
        [8, 1],
        [10, 1],
        [13, 1],
      ]),
    ).toBe(0.5);
  });
});

describe('a floor', () => {
  const figures = { p50: 150, p999: 1001, perSecond: 2_000_000 };

  it('holds when every bound does, its value included', () => {
    expect(meets(figures, [{ figure: 'p50', is: '<=', value: 150 }])).toBe(true);
    expect(meets(figures, [{ figure: 'perSecond', is: '>=', value: 2_000_000 }])).toBe(true);
    expect(
      meets(figures, [
        { figure: 'p50', is: '<=', value: 150 },
        { figure: 'p999', is: '<=', value: 1000 },
      ]),
    ).toBe(false);
    expect(meets(figures, [{ figure: 'perSecond', is: '>=', value: 2_000_001 }])).toBe(false);
  });

  it('is refused on a figure that was not measured', () => {
    const bound = { figure: 'ratio', is: '<=', value: 1.3 } as const;
    expect(boundText(bound)).toBe('ratio <= 1.3');
    expect(() => meets(figures, [bound])).toThrow('ratio');
  });
});

/** Costs that are known before: each run of the workload costs 1 more than the one before, the baseline always 2. */
function scripted(wrongAt?: number): Workload & { readonly order: string[] } {
  const order: string[] = [];
  let runs = 0;
  return {
    order,
    unit: 'ns/op',
    inputHash: 'known',
    baseline: 'two',
    run() {
      order.push('own');
      runs += 1;
      return Float64Array.from([runs, runs, runs]);
    },
    runBaseline() {
      order.push('baseline');
      return Float64Array.from([2]);
    },
    check: () => runs !== wrongAt,
  };
}

describe('measuring', () => {
  it('runs in turns, leaves the first turn out and pools the rest', async () => {
    const workload = scripted();
    const measured = await measure('known', workload);
    expect(workload.order).toEqual(Array.from({ length: 8 }, () => ['own', 'baseline']).flat());
    expect(measured).toMatchObject({ p50: 5, p999: 8, mean: 5, agreed: true });
    expect(measured.medians).toEqual([2, 3, 4, 5, 6, 7, 8].map((own) => [own, 2]));
    expect(compared(measured)).toEqual({ ratio: 2.5, spread: 6 / 5 });
  });

  it.each([1, 4, 8])('tells when run %i came to another result', async (wrongAt) => {
    expect(await measure('known', scripted(wrongAt))).toMatchObject({ agreed: false });
  });

  it('judges a result by its floor, and judges nothing without one', async () => {
    const measured = await measure('known', scripted());
    const benchmark = { name: 'known', workload: 'known costs' };
    const bound = { figure: 'ratio', is: '<=', value: 2.4 } as const;
    expect(resultOf({ ...benchmark, floor: [bound] }, measured)).toMatchObject({
      perSecond: 200_000_000,
      repeats: 7,
      floor: 'ratio <= 2.4',
      meetsFloor: false,
    });
    expect(resultOf({ ...benchmark, floor: [] }, measured)).toMatchObject({
      floor: null,
      meetsFloor: null,
    });
  });
});

describe('names', () => {
  it('are all different', () => {
    expect(new Set(BENCHMARKS.map(({ name }) => name)).size).toBe(BENCHMARKS.length);
  });

  it('mean themselves and what begins with them at a dash', () => {
    const names = (asked: string[]): unknown => {
      const selected = selectBenchmarks(asked);
      return selected.ok ? selected.value.map(({ name }) => name) : selected.error;
    };
    expect(names(['journal'])).toEqual(['journal-batch', 'journal-append']);
    expect(names(['orders', 'book'])).toEqual(['book-1000', 'orders', 'orders-journalled']);
    expect(names(['jour'])).toEqual({ unknown: 'jour' });
    expect(names([])).toHaveLength(BENCHMARKS.length);
  });
});
