import fc from 'fast-check';
import { expect, test } from 'vitest';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { Print } from './instrument-feed.ts';
import { MOST_STEPS, VolumeByPrice } from './volume-by-price.ts';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

const trades = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 9 * HOUR }),
    skipped: fc.constantFrom(0, 0, 0, 1, 7),
    ticks: fc.integer({ min: 1, max: 40 }),
    size: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { minLength: 1, maxLength: 60 },
);

function printsOf(
  list: typeof trades extends fc.Arbitrary<infer T> ? T : never,
  tick: number,
): Print[] {
  let at = 20_000 * DAY + 5 * HOUR;
  let id = 100;
  return list.map(({ after, skipped, ticks, size }) => {
    at += after;
    id += 1 + skipped;
    return {
      id,
      price: price(ticks * tick),
      quantity: quantity(size),
      buyer: true,
      at: unixMicros(at),
    };
  });
}

test('the sum at each price is that of the trades of the last day, added up by themselves', () => {
  fc.assert(
    fc.property(trades, fc.constantFrom(1, 5, 25), (list, tick) => {
      const prints = printsOf(list, tick);
      const volume = new VolumeByPrice(tick);
      for (const print of prints) volume.add(print);
      const lastDay = Math.floor((prints.at(-1)?.at ?? 0) / DAY);
      const today = prints.filter(({ at }) => Math.floor(at / DAY) === lastDay);
      const sums = Object.groupBy(today, (print) => String(print.price));
      for (const [at, some = []] of Object.entries(sums)) {
        const sum = some.reduce((total, print) => total + BigInt(print.quantity), 0n);
        expect(BigInt(volume.at(Number(at)))).toBe(sum);
      }
      expect(new Set(volume.steps())).toEqual(new Set(Object.keys(sums).map(Number)));
      const whole = prints.length === today.length;
      expect(volume.since).toBe(whole ? prints[0]?.at : lastDay * DAY);
      // Between two ids of one day lie those that never came; before the first of a feed nothing is missed.
      const ids = prints.slice(whole ? 0 : prints.length - today.length - 1).map(({ id }) => id);
      const span = (ids.at(-1) ?? 0) - (ids[0] ?? 0);
      expect(volume.missed).toBe(span - (ids.length - 1));
    }),
  );
});

test('more prices than are counted one by one become steps of ten, and nothing is lost', () => {
  const volume = new VolumeByPrice(1);
  const count = MOST_STEPS * 3;
  for (let index = 0; index < count; index += 1) {
    const at = unixMicros(20_000 * DAY + index);
    const print = { id: index + 1, price: price(1000 + index), quantity: quantity(index + 1) };
    volume.add({ ...print, buyer: false, at });
  }
  expect(volume.step).toBe(10);
  const steps = [...volume.steps()];
  expect(steps.length).toBeLessThanOrEqual(MOST_STEPS);
  expect(steps.every((step) => step % 10 === 0)).toBe(true);
  expect(steps.reduce((sum, step) => sum + volume.at(step), 0)).toBe((count * (count + 1)) / 2);
  expect(volume.at(1000)).toBe(55);
});

test('a trade of the day before that comes late is no trade of today', () => {
  const volume = new VolumeByPrice(1);
  const at = (id: number, micros: number): Print => ({
    id,
    price: price(7),
    quantity: quantity(3),
    buyer: true,
    at: unixMicros(micros),
  });
  volume.add(at(1, 20_000 * DAY - 5));
  volume.add(at(2, 20_000 * DAY + 5));
  volume.add(at(3, 20_000 * DAY - 1));
  expect(volume.at(7)).toBe(3);
  expect(volume.since).toBe(20_000 * DAY);
});
