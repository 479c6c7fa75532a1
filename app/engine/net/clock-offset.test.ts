import { expect, test } from 'vitest';
import { bestOffset } from './clock-offset.ts';

test('the sample with the shortest round trip decides', () => {
  const offset = bestOffset([
    { sentMicros: 0, venueMicros: 900, receivedMicros: 1_000 },
    { sentMicros: 2_000, venueMicros: 2_350, receivedMicros: 2_100 },
    { sentMicros: 3_000, venueMicros: 9_000, receivedMicros: 4_000 },
  ]);
  expect(offset).toEqual({ offsetMicros: 300, roundTripMicros: 100 });
});

test('a venue behind us has a negative offset', () => {
  const offset = bestOffset([{ sentMicros: 1_000, venueMicros: 0, receivedMicros: 1_100 }]);
  expect(offset.offsetMicros).toBe(-1_050);
});

test('no sample is no measurement', () => {
  expect(() => bestOffset([])).toThrow(/a sample/);
});
