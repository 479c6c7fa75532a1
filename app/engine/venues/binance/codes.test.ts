import { expect, test } from 'vitest';
import { nameOf, venueError, verdictOf } from './codes.ts';

test.each([
  [400, -2010, 'Refused'],
  [400, -1013, 'Refused'],
  [400, -2011, 'Refused'],
  [400, -1021, 'ClockOff'],
  [429, -1003, 'Limited'],
  [429, -1015, 'Limited'],
  [418, -1003, 'Banned'],
  [401, -2015, 'KeyRefused'],
  [400, -1022, 'KeyRefused'],
  [504, -1007, 'Unknown'],
  [500, -1006, 'Unknown'],
  [503, -1008, 'Unknown'],
  [502, undefined, 'Unknown'],
  [403, undefined, 'Refused'],
] as const)('status %s with code %s is %s', (status, code, verdict) => {
  expect(verdictOf(status, code)).toBe(verdict);
});

test.each([
  [-1013, 'Filter failure: LOT_SIZE', 'FILTER_FAILURE_LOT_SIZE'],
  [-2010, 'Account has insufficient balance for requested action.', 'INSUFFICIENT_BALANCE'],
  [-2010, 'Duplicate order sent.', 'DUPLICATE_ORDER'],
  [-2010, 'Market is closed.', 'MARKET_CLOSED'],
  [-2010, 'Order would immediately match and take.', 'WOULD_MATCH_IMMEDIATELY'],
  [-2010, 'Order would trigger immediately.', 'WOULD_TRIGGER_IMMEDIATELY'],
  [-2010, 'Something new.', 'ORDER_REFUSED'],
  [-2011, 'Unknown order sent.', 'UNKNOWN_ORDER'],
  [-9999, 'Never heard of.', 'BINANCE_-9999'],
])('code %s "%s" is %s', (code, message, name) => {
  expect(nameOf(400, code, message)).toBe(name);
});

test('an answer without a code is named by its status', () => {
  expect(nameOf(502, undefined, '')).toBe('HTTP_502');
});

test('a limit carries the time to wait', () => {
  expect(venueError(429, -1003, 'Too many requests.', 4_000)).toEqual({
    code: 'TOO_MANY_REQUESTS',
    kind: 'Retryable',
    message: 'Too many requests.',
    retryAfterMs: 4_000,
  });
});
