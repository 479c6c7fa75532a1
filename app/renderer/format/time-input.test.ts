import { afterEach, expect, test } from 'vitest';
import { setTimeZone } from './time-text.ts';
import { typedTime, typedWithin } from './time-input.ts';

const NEAR = Date.UTC(2024, 7, 8, 23, 54, 30) * 1000;

afterEach(() => setTimeZone('UTC'));

test.each([
  ['2024-08-09 00:01:02', Date.UTC(2024, 7, 9, 0, 1, 2) * 1000],
  ['2024-8-9T0:01:02.5', Date.UTC(2024, 7, 9, 0, 1, 2) * 1000 + 500_000],
  [' 23:55 ', Date.UTC(2024, 7, 8, 23, 55) * 1000],
  ['23:55:10.000001', Date.UTC(2024, 7, 8, 23, 55, 10) * 1000 + 1],
])('%s is a time, its day that of the one beside it when none is typed', (text, micros) => {
  expect(typedTime(text, NEAR)).toBe(micros);
});

test.each(['', 'noon', '24:00', '23:60', '12:00:60', '2024-02-30 10:00', '2024-13-01 10:00', '23'])(
  '%j is none',
  (text) => {
    expect(typedTime(text, NEAR)).toBeUndefined();
  },
);

test('in the zone of the machine it is read as it is shown', () => {
  setTimeZone('local');
  expect(typedTime('2024-08-09 00:01:02', NEAR)).toBe(
    new Date(2024, 7, 9, 0, 1, 2).getTime() * 1000,
  );
});

test('a time of day goes to the day on which it lies in the span', () => {
  const span = { from: Date.UTC(2024, 7, 8, 23, 50) * 1000, to: Date.UTC(2024, 7, 9, 0, 5) * 1000 };
  const evening = Date.UTC(2024, 7, 8, 23, 57) * 1000;
  for (const near of [span.from, evening, span.to]) {
    expect(typedWithin('23:57', { ...span, near })).toBe(evening);
    expect(typedWithin('00:01', { ...span, near })).toBe(Date.UTC(2024, 7, 9, 0, 1) * 1000);
    expect(typedWithin('2024-08-08 23:57', { ...span, near })).toBe(evening);
  }
  // What lies in it on no day is of the day one stands at, and refused there.
  expect(typedWithin('12:00', { ...span, near: span.to })).toBe(Date.UTC(2024, 7, 9, 12) * 1000);
  expect(typedWithin('25:00', { ...span, near: span.to })).toBeUndefined();
});
