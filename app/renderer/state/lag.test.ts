import { expect, test } from 'vitest';
import { Lag } from './lag.ts';

const SECOND = 1_000_000;
/** The engine's clock is elsewhere than the window's. */
const ENGINE = 500 * SECOND;

test('a message on time is not behind, whatever the two clocks say', () => {
  const lag = new Lag('every second');
  lag.shown(ENGINE, 2_000);
  lag.shown(ENGINE + SECOND, SECOND + 2_000);
  expect(lag.behind(SECOND + 2_000)).toBe(0);
});

test('a message that took longer than the quickest one is behind by the difference', () => {
  const lag = new Lag('every second');
  lag.shown(ENGINE, 0);
  lag.shown(ENGINE + SECOND, 5 * SECOND);
  expect(lag.behind(5 * SECOND)).toBe(4 * SECOND);
  lag.shown(ENGINE + 6 * SECOND, 6 * SECOND);
  expect(lag.behind(6 * SECOND)).toBe(0);
});

test('silence is behind once the engine should have spoken', () => {
  const lag = new Lag('every second');
  lag.shown(ENGINE, 0);
  expect(lag.behind(2 * SECOND)).toBe(0);
  expect(lag.behind(3 * SECOND)).toBe(3 * SECOND);
});

test('a new connection begins anew', () => {
  const lag = new Lag('every second');
  lag.shown(ENGINE, 0);
  lag.shown(ENGINE + SECOND, 9 * SECOND);
  lag.reset();
  expect(lag.behind(20 * SECOND)).toBe(0);
  lag.shown(ENGINE, 30 * SECOND);
  expect(lag.behind(30 * SECOND)).toBe(0);
});

test('who speaks only of news is behind for as long as the news is fresh', () => {
  const lag = new Lag('when it has news');
  lag.shown(ENGINE, 0);
  lag.shown(ENGINE, 3 * SECOND);
  expect(lag.behind(4 * SECOND)).toBe(3 * SECOND);
  expect(lag.behind(6 * SECOND)).toBe(0);
});
