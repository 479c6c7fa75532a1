import { expect, test } from 'vitest';
import type { Bar } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import type { SessionOf } from '../domain/session.ts';
import { unixMicros } from '../domain/time.ts';
import { fillBars, joinSessions } from './session-bars.ts';

const MINUTE = 60_000_000;

/** A market of ten minutes an hour after five before: a session each hour. */
const sessionOf: SessionOf = (at) => {
  const minute = Math.floor(at / MINUTE);
  const within = minute % 60;
  if (within >= 15) return undefined;
  return { tradeDate: `hour ${Math.floor(minute / 60)}`, kind: within < 5 ? 'Pre' : 'Regular' };
};

function bar(minute: number, low: number, high: number, volume = 1): Bar {
  return {
    openTime: unixMicros(minute * MINUTE),
    open: price(low),
    high: price(high),
    low: price(low),
    close: price(high),
    volume: quantity(volume),
    closed: true,
  };
}

const BARS = [bar(3, 1, 9), bar(5, 4, 6), bar(7, 3, 5), bar(30, 1, 99), bar(65, 7, 8, 2)];

test('bars of a session are one bar; those of a closed market have no part in it', () => {
  expect([...joinSessions(BARS, sessionOf, false)]).toEqual([
    { ...bar(5, 3, 6, 2), open: 4, close: 5, tradeDate: 'hour 0' },
    { ...bar(65, 7, 8, 2), tradeDate: 'hour 1' },
  ]);
  const [whole] = joinSessions(BARS, sessionOf, true);
  expect(whole).toMatchObject({ openTime: 3 * MINUTE, high: 9, low: 1, close: 5, volume: 3 });
  expect([...joinSessions([], sessionOf, true)]).toEqual([]);
});

test('what is missing is filled at the close before, while the market was open, and nowhere else', () => {
  const filled = [...fillBars(BARS, MINUTE, sessionOf, false)];
  const shown = filled.map(({ openTime, close, volume, filled: put }) =>
    put ? `${openTime / MINUTE} ${close} ${volume}` : `${openTime / MINUTE}`,
  );
  // The market opened at its fifth minute, and again at the sixty-fifth.
  expect(shown).toEqual([
    ...['3', '5', '6 6 0', '7'],
    ...['8', '9', '10', '11', '12', '13', '14'].map((minute) => `${minute} 5 0`),
    ...['30', '65'],
  ]);
});
