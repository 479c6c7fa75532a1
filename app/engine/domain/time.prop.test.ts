import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMicros, formatNanos, unixMicros } from './time.ts';

// The year 0 and the end of 9999: outside of them the platform prints a sign.
const FIRST = -62_167_219_200_000;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test('nanoseconds print as the platform prints their millisecond, with six more digits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: FIRST, max: LAST }),
      fc.integer({ min: 0, max: 999_999 }),
      (millis, rest) => {
        const printed = formatNanos(BigInt(millis) * 1_000_000n + BigInt(rest));
        const expected = new Date(millis).toISOString().slice(0, 23);
        expect(printed).toBe(`${expected}${String(rest).padStart(6, '0')}Z`);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [-1n, '1969-12-31T23:59:59.999999999Z'],
  [951_782_400_000_000_000n, '2000-02-29T00:00:00.000000000Z'],
  [4_107_542_400_000_000_000n, '2100-03-01T00:00:00.000000000Z'],
])('%s prints as %s', (nanos, text) => {
  expect(formatNanos(nanos)).toBe(text);
});

test('microseconds print with six digits', () => {
  expect(formatMicros(unixMicros(1_782_000_000_123_456))).toBe('2026-06-21T00:00:00.123456Z');
});
