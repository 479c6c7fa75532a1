import fc from 'fast-check';
import { expect, test } from 'vitest';
import { price, quantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import type { VolumeRows } from '../../state/market-store.ts';
import { LadderVolume } from './ladder-volume.ts';

function news(
  rows: readonly (readonly [number, number])[],
  part: Partial<VolumeRows> = {},
): VolumeRows {
  return {
    subscription: 'volume 1',
    whole: false,
    since: unixMicros(1),
    step: 1,
    missed: 0,
    rows: rows.map(([at, sum]) => [price(at), quantity(sum)]),
    ...part,
  };
}

const trades = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 1e6 })),
  { maxLength: 80 },
);

test('each row is the sum of the trades between it and the row above, whatever rows were before', () => {
  fc.assert(
    fc.property(
      trades,
      fc.constantFrom(1, 2, 5, 10),
      fc.constantFrom(1, 2, 5, 10),
      fc.nat(80),
      (list, first, then, known) => {
        const volume = new LadderVolume(first);
        const sums = new Map<number, number>();
        for (const [index, [at, size]] of list.entries()) {
          sums.set(at, (sums.get(at) ?? 0) + size);
          if (index < known) continue;
          if (index === known) volume.take(news([...sums], { whole: true }));
          else volume.take(news([[at, sums.get(at) ?? 0]]));
        }
        if (list.length <= known) volume.take(news([...sums], { whole: true }));
        volume.setRowHeight(then);
        let largest = 0;
        for (let row = 0; row <= 60; row += then) {
          const sum = list
            .filter(([at]) => at >= row && at < row + then)
            .reduce((total, [, size]) => total + size, 0);
          largest = Math.max(largest, sum);
          expect(volume.at(row) ?? 0).toBe(sum);
        }
        expect(volume.largest).toBe(largest);
      },
    ),
  );
});

test('rows finer than what is counted have none; when all is told anew, only that counts', () => {
  const volume = new LadderVolume(5);
  volume.take(news([[10, 7]], { whole: true, step: 10 }));
  expect(volume.at(10)).toBeUndefined();
  volume.setRowHeight(20);
  expect(volume.at(0)).toBe(7);
  volume.take(news([[40, 2]], { whole: true, step: 10, missed: 3 }));
  expect([volume.at(0), volume.at(40), volume.largest]).toEqual([undefined, 2, 2]);
  expect(volume.span).toEqual({ since: 1, missed: 3, step: 10 });
});
