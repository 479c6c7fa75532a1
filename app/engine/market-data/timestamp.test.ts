import { describe, expect, test } from 'vitest';
import { parseTimestamp } from './timestamp.ts';

describe('parseTimestamp', () => {
  test.each([
    ['1700000000', 1_700_000_000_000_000_000n],
    ['1700000000123', 1_700_000_000_123_000_000n],
    ['1700000000123456', 1_700_000_000_123_456_000n],
    ['1700000000123456789', 1_700_000_000_123_456_789n],
    ['2023-11-14T22:13:20Z', 1_700_000_000_000_000_000n],
    ['2023-11-14T22:13:20.000000001Z', 1_700_000_000_000_000_001n],
    ['2023-11-14', 1_699_920_000_000_000_000n],
    ['2023-11-14 22:13:20.5+00:00', 1_700_000_000_500_000_000n],
  ])('%s', (text, nanos) => {
    expect(parseTimestamp(text)).toBe(nanos);
  });

  test.each([['yesterday'], ['2023-13-40'], ['-5'], ['']])('%s is refused', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});
