import { expect, test } from 'vitest';
import { Behind } from './behind.ts';

test('a window says that it is behind from a second on, and its prices are stale from two', () => {
  const stale: boolean[] = [];
  let lag = 0;
  const behind = new Behind(
    () => lag,
    (now) => stale.push(now),
  );
  const said = [0, 999_999, 1_000_000, 1_999_999, 2_345_678, 500_000].map((micros) => {
    lag = micros;
    behind.look();
    return behind.store.getState().micros;
  });
  expect(said).toEqual([0, 0, 1_000_000, 1_900_000, 2_300_000, 0]);
  expect(stale).toEqual([false, false, false, false, true, false]);
});
