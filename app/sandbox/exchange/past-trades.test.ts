import { describe, expect, test } from 'vitest';
import { present } from '../../engine/base/invariant.ts';
import { DEFAULT_MARKET } from '../../engine/synthetic/instruments.ts';
import { createPast } from '../../engine/synthetic/past.ts';
import { PastTrades, tradesOf } from './past-trades.ts';
import { Tape } from './tape.ts';

const MINUTE_MS = 60_000;
const past = createPast(DEFAULT_MARKET, 5, Date.UTC(2026, 2, 14, 15, 9));

describe.each(DEFAULT_MARKET.instruments.map(({ symbol }, index) => [symbol, index] as const))(
  'trades of the past of %s',
  (_, index) => {
    const { minutes } = present(past.instruments[index], 'instrument');

    test('add up to the bars they are of: prices, volume, the buyers’ part, how many', () => {
      for (let at = 0; at < 2_000; at += 1) {
        const bar = minutes.bar(at);
        const trades = tradesOf(bar, MINUTE_MS);
        const prices = trades.map(({ price }) => price);
        const sum = (only: (buyerIsMaker: boolean) => boolean): number =>
          trades
            .filter(({ buyerIsMaker }) => only(buyerIsMaker))
            .reduce((total, { quantity }) => total + quantity, 0);
        expect({
          open: prices[0],
          close: prices.at(-1),
          high: Math.max(...prices),
          low: Math.min(...prices),
          volume: sum(() => true),
          takerBuyVolume: sum((buyerIsMaker) => !buyerIsMaker),
          trades: trades.length,
          firstTradeId: trades[0]?.id,
        }).toEqual({
          open: bar.open,
          close: bar.close,
          high: bar.high,
          low: bar.low,
          volume: bar.volume,
          takerBuyVolume: bar.takerBuyVolume,
          trades: bar.trades,
          firstTradeId: bar.firstTradeId,
        });
        expect(trades.every(({ quantity }) => quantity > 0)).toBe(true);
        const times = trades.map(({ timeMs }) => timeMs);
        expect(times.toSorted((left, right) => left - right)).toEqual(times);
        expect(times.at(-1)).toBeLessThan(bar.openTime + MINUTE_MS);
      }
    });
  },
);

test('pages of trades follow each other over minutes, back and forth, by id and by time', () => {
  const { minutes, nextTradeId } = present(past.instruments[0], 'instrument');
  const trades = new PastTrades(minutes, new Tape(nextTradeId));
  const first = minutes.value('firstTradeId', 3) + 17;
  const page = trades.from(first, 1_000);
  expect(page.map(({ id }) => id)).toEqual(Array.from({ length: 1_000 }, (_, row) => first + row));
  expect(trades.before(first + 1_000, 1_000)).toEqual(page);
  const [, , third] = page;
  expect(trades.idAt(present(third, 'a trade').timeMs)).toBe(
    page.find(({ timeMs }) => timeMs === third?.timeMs)?.id,
  );
  expect(trades.from(nextTradeId - 3, 1_000)).toHaveLength(3);
  expect(trades.idAt(minutes.value('openTime', 700))).toBe(minutes.value('firstTradeId', 700));
});
