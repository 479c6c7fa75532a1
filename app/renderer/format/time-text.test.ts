import { expect, test } from 'vitest';
import { clockMillis, durationMicros, durationNanos, offsetMillis } from './time-text.ts';

test.each([
  [0, '0\u2009ns'],
  [38_000, '38\u2009µs'],
  [18_600_000, '18.6\u2009ms'],
  [412_000_000, '412\u2009ms'],
  [4_200_000_000, '4.2\u2009s'],
  [83_000_000_000, '1:23'],
  [19_072_000_000_000, '5:17:52'],
])('%i ns is %s', (nanos, text) => {
  expect(durationNanos(nanos)).toBe(text);
});

test('times are UTC to the millisecond', () => {
  expect(clockMillis(Date.UTC(2026, 10, 20, 18, 42, 7, 318) * 1000 + 999)).toBe('18:42:07.318');
  expect(durationMicros(1_500)).toBe('1.5\u2009ms');
});

test.each([
  [400, '+0.4'],
  [-1_100, '\u22121.1'],
  [20, '0.0'],
])('an offset of %i µs is %s', (micros, text) => {
  expect(offsetMillis(micros)).toBe(text);
});
