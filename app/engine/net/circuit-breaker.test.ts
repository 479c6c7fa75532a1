import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { CircuitBreaker, type CircuitState } from './circuit-breaker.ts';

const OPTIONS = { failures: 3, openFor: { firstMs: 1000, maxMs: 8000 } };

function setUp() {
  const clock = new ManualClock(0);
  const states: CircuitState[] = [];
  const breaker = new CircuitBreaker({
    ...OPTIONS,
    clock,
    rng: new Xoshiro128(1),
    onChange: (state) => states.push(state),
  });
  const fail = (times: number): void => {
    for (let at = 0; at < times; at += 1) {
      expect(breaker.enter()).toBeUndefined();
      breaker.settle('Failed');
    }
  };
  return { clock, states, breaker, fail };
}

test('failures in a row open it; one answer between them keeps it closed', () => {
  const { breaker, states, fail } = setUp();
  fail(2);
  breaker.settle('Answered');
  fail(2);
  expect(breaker.state).toBe('Closed');
  fail(1);
  expect(breaker.enter()).toBeGreaterThanOrEqual(1000);
  expect(states).toEqual(['Open']);
});

test('after its time one request goes alone: an answer closes it, a failure opens it for longer', () => {
  const { breaker, clock, states, fail } = setUp();
  fail(3);
  clock.advance(1_000_000);
  expect(breaker.enter()).toBeUndefined();
  expect(breaker.enter()).toBeDefined();
  breaker.settle('Failed');
  clock.advance(999_000);
  expect(breaker.enter()).toBeDefined();
  clock.advance(1_001_000);
  expect(breaker.enter()).toBeUndefined();
  breaker.settle('Answered');
  expect([breaker.enter(), breaker.enter()]).toEqual([undefined, undefined]);
  expect(states).toEqual(['Open', 'HalfOpen', 'Open', 'HalfOpen', 'Closed']);
});

test('a trial that never left is tried again by the next', () => {
  const { breaker, clock, fail } = setUp();
  fail(3);
  clock.advance(1_000_000);
  expect(breaker.enter()).toBeUndefined();
  breaker.settle('Unsent');
  expect(breaker.state).toBe('Open');
  expect(breaker.enter()).toBeUndefined();
});

test('a dead server is asked ever more seldom, a healthy one always', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (answers) => {
      const { breaker, clock } = setUp();
      let refusedInRow = 0;
      for (const answered of answers) {
        clock.advance(500_000);
        const waitMs = breaker.enter();
        if (waitMs === undefined) {
          breaker.settle(answered ? 'Answered' : 'Failed');
          refusedInRow = 0;
          if (answered) expect(breaker.state).toBe('Closed');
        } else {
          refusedInRow += 1;
          expect(waitMs).toBeLessThanOrEqual(OPTIONS.openFor.maxMs);
        }
        // Never longer than the longest pause.
        expect(refusedInRow * 500).toBeLessThanOrEqual(OPTIONS.openFor.maxMs);
      }
    }),
  );
});
