import { expect, test } from 'vitest';
import { unixMicros } from '../../domain/time.ts';
import type { Effect, Input } from '../../domain/input.ts';
import { LastAlerts, toldLate } from './last-alerts.ts';

function timerAt(at: number): Input {
  return { type: 'TimerFired', at: unixMicros(at), timer: 'any' };
}

function saying(message: string): Effect {
  return { type: 'Publish', update: { type: 'Alert', level: 'Info', code: 'SAID', message } };
}

function said(...inputs: readonly (readonly [at: number, message: string])[]): readonly string[] {
  const last = new LastAlerts();
  for (const [at, message] of inputs) last.note(timerAt(at), [saying(message)]);
  return last.alerts.map(({ message }) => message);
}

test('gives what was said in the last two seconds, the oldest first', () => {
  expect(said([0, 'old'], [1_000_000, 'first'], [3_000_000, 'second'])).toEqual([
    'first',
    'second',
  ]);
});

test('what follows quietly makes alerts old', () => {
  const last = new LastAlerts();
  last.note(timerAt(0), [saying('old')]);
  last.note(timerAt(2_000_001), []);
  expect(last.alerts).toEqual([]);
});

test('a clock that was set back makes none of them older', () => {
  expect(said([9_000_000, 'before'], [1_000_000, 'after'])).toEqual(['before', 'after']);
});

test('holds twenty at most, the newest', () => {
  const many = Array.from({ length: 30 }, (_, index) => [0, String(index)] as const);
  expect(said(...many)).toEqual(many.slice(10).map(([, message]) => message));
});

test('is told later with the time at which it was said', () => {
  const last = new LastAlerts();
  last.note(timerAt(Date.UTC(2026, 2, 2, 9, 5, 7) * 1000), [saying('all canceled')]);
  expect(last.alerts.map(toldLate)).toEqual([
    {
      type: 'Alert',
      level: 'Info',
      code: 'SAID',
      message: 'before the last stop, at 09:05:07 UTC: all canceled',
    },
  ]);
});
