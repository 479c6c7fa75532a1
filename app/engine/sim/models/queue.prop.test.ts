import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cancelFromQueue, tradeThroughQueue } from './queue.ts';

/** The slow second calculation: one entry a unit, served from the front. */
function unitQueue(total: number, own: readonly { ahead: number; leaves: number }[]): string[] {
  const units: string[] = [];
  let others = 0;
  own.forEach((order, index) => {
    for (; others < order.ahead; others += 1) units.push('other');
    for (let unit = 0; unit < order.leaves; unit += 1) units.push(`own ${index}`);
  });
  for (; others < total; others += 1) units.push('other');
  return units;
}

const queue = fc
  .record({
    gaps: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
    leaves: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 4, maxLength: 4 }),
    behind: fc.nat(20),
    traded: fc.nat(120),
  })
  .map(({ gaps, leaves, behind, traded }) => {
    let ahead = 0;
    const own = gaps.map((gap, index) => {
      ahead += gap;
      return { ahead, leaves: leaves[index] ?? 1 };
    });
    return { own, standing: ahead + behind, traded };
  });

describe('tradeThroughQueue', () => {
  test('serves the same units as a queue of single units', () => {
    fc.assert(
      fc.property(queue, ({ own, standing, traded }) => {
        const served = unitQueue(standing, own).slice(0, traded);
        const left = unitQueue(standing, own).slice(traded);
        const fills = tradeThroughQueue(own, traded);
        own.forEach((order, index) => {
          expect(fills[index]).toBe(served.filter((unit) => unit === `own ${index}`).length);
          const place = left.indexOf(`own ${index}`);
          if (place < 0) return;
          const others = left.slice(0, place).filter((unit) => unit === 'other').length;
          expect(order.ahead).toBe(others);
        });
      }),
    );
  });
});

describe('cancelFromQueue', () => {
  test('ahead never grows, never goes negative and stays within what is left', () => {
    fc.assert(
      fc.property(queue, fc.nat(100), ({ own, standing }, percent) => {
        const canceled = Math.floor((standing * percent) / 100);
        const before = own.map((order) => order.ahead);
        cancelFromQueue(own, canceled, standing);
        own.forEach((order, index) => {
          expect(order.ahead).toBeLessThanOrEqual(before[index] ?? 0);
          expect(order.ahead).toBeGreaterThanOrEqual(0);
          expect(order.ahead).toBeLessThanOrEqual(standing - canceled);
        });
      }),
    );
  });

  test('half of the level leaving moves an order in its middle up by half of what is ahead', () => {
    const own = [{ ahead: 40, leaves: 5 }];
    cancelFromQueue(own, 50, 100);
    expect(own[0]?.ahead).toBe(20);
  });
});
