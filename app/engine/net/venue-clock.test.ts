import { expect, test } from 'vitest';
import { err, ok } from '../base/result.ts';
import { unixMicros } from '../domain/time.ts';
import { ManualTime } from './scheduler.ts';
import { MEASURE_EVERY_MS, SAMPLES, VenueClock } from './venue-clock.ts';

function setUp() {
  const time = new ManualTime();
  const state = { aheadMs: 2_500, asked: 0, down: false };
  const clock = new VenueClock(time, time, async () => {
    state.asked += 1;
    if (state.down) return err({ code: 'HTTP_NETWORK', kind: 'Retryable', message: 'down' });
    time.advance(10);
    return ok(time.nowMicros() - 5_000 + state.aheadMs * 1_000);
  });
  return { time, state, clock };
}

test('the offset is that of the middle of the round trip', async () => {
  const { time, clock } = setUp();
  expect(clock.nowMs()).toBe(time.nowMicros() / 1_000);
  expect(await clock.measure()).toEqual({
    ok: true,
    value: { offsetMicros: 2_500_000, roundTripMicros: 10_000 },
  });
  expect(clock.nowMs()).toBe(time.nowMicros() / 1_000 + 2_500);
});

test('it is measured again after some minutes', async () => {
  const { time, state, clock } = setUp();
  await clock.measure();
  expect(state.asked).toBe(SAMPLES);
  time.advance(MEASURE_EVERY_MS);
  await clock.measure();
  expect(state.asked).toBe(2 * SAMPLES);
});

test('callers at the same time share one measurement', async () => {
  const { state, clock } = setUp();
  await Promise.all([clock.measure(), clock.measure()]);
  expect(state.asked).toBe(SAMPLES);
});

test('a failure keeps the last offset and is told', async () => {
  const { state, clock } = setUp();
  await clock.measure();
  state.down = true;
  expect(await clock.measure()).toMatchObject({ error: { code: 'HTTP_NETWORK' } });
  expect(clock.offset?.offsetMicros).toBe(2_500_000);
});

test('a time of ours is told as the venue would; one read off a clock that was set back lies a day before now', async () => {
  const { time, clock } = setUp();
  await clock.measure();
  const now = time.nowMicros();
  expect(clock.fromOurs(unixMicros(now - 60_000_000))).toBe(now - 57_500_000);
  expect(clock.fromOurs(unixMicros(now + 1_000_000))).toBe(now + 2_500_000 - 86_400_000_000);
});

test('disposing ends the measuring', async () => {
  const { time, clock } = setUp();
  await clock.measure();
  clock[Symbol.dispose]();
  expect(time.pending).toBe(0);
});
