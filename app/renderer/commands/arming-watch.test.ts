import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArmingWatch } from './arming-watch.ts';

const ARMED = { armed: true, synced: true };
const DISARMED = { armed: false, synced: true };
const LOST = { armed: false, synced: false };

function harness(limit = 60_000) {
  const said: string[] = [];
  let now = 1_000_000;
  const watch = new ArmingWatch({
    now: () => now,
    limit: () => limit,
    disarm: (why) => said.push(why),
  });
  return { watch, said, at: () => now, pass: (ms: number) => (now += ms) };
}

describe('a desk that is left', () => {
  test('is disarmed after its time, and not before', () => {
    const { watch, said, pass } = harness();
    watch.look(ARMED);
    pass(59_999);
    watch.look(ARMED);
    expect([said, watch.left()]).toEqual([[], 1]);
    pass(1);
    watch.look(ARMED);
    expect(said).toEqual(['Nobody was at the desk']);
  });

  test('a hand in any window begins the time anew; one told of late counts from when it was', () => {
    const { watch, said, pass, at } = harness();
    pass(50_000);
    const elsewhere = at();
    pass(5000);
    watch.hand(elsewhere);
    expect(watch.left()).toBe(55_000);
    watch.hand();
    watch.hand(elsewhere);
    expect(watch.left()).toBe(60_000);
    pass(60_000);
    watch.look(DISARMED);
    expect(said).toEqual([]);
  });

  test('a clock that is set, by any amount, never arms for longer than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -200_000, max: 200_000 })), (steps) => {
        const { watch, pass, at } = harness();
        for (const step of steps) {
          pass(step);
          if (step % 2 === 0) watch.hand(at() + step);
          const left = watch.left();
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThanOrEqual(60_000);
        }
        pass(60_000);
        expect(watch.left()).toBe(0);
      }),
    );
  });
});

describe('a connection that was lost', () => {
  test('a window that has just been opened leaves the arming of the others', () => {
    const { watch, said } = harness();
    watch.look(LOST);
    watch.look(ARMED);
    expect(said).toEqual([]);
  });

  test('comes back disarmed, also where another window kept the arming', () => {
    const { watch, said } = harness();
    watch.look(DISARMED);
    watch.look(ARMED);
    watch.look(LOST);
    watch.look(ARMED);
    expect(said).toEqual(['The connection to the trading process was lost']);
    watch.look(DISARMED);
    watch.look(ARMED);
    expect(said).toHaveLength(1);
  });
});
