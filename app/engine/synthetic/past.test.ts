import { describe, expect, test } from 'vitest';
import { present } from '../base/invariant.ts';
import { DEFAULT_MARKET } from './instruments.ts';
import { createPast, DAILY_HISTORY_DAYS, MINUTE_HISTORY_DAYS, type SyntheticPast } from './past.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const END_MS = Date.UTC(2026, 2, 14, 15, 9);
const MIDNIGHT_MS = Date.UTC(2026, 2, 14);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(left: readonly number[], right: readonly number[]): number {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  const product = mean(
    left.map((value, index) => (value - leftMean) * ((right[index] ?? 0) - rightMean)),
  );
  const spread = (values: readonly number[], centre: number): number =>
    Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  return product / (spread(left, leftMean) * spread(right, rightMean));
}

function autocorrelation(values: readonly number[], lag: number): number {
  return correlation(values.slice(lag), values.slice(0, -lag));
}

function minuteReturns(past: SyntheticPast, index: number): number[] {
  const { minutes } = present(past.instruments[index], 'instrument');
  return Array.from({ length: minutes.length - 1 }, (_, minute) =>
    Math.log(minutes.value('close', minute + 1) / minutes.value('close', minute)),
  );
}

describe.each([1, 2, 3])('the past of seed %i', (seed) => {
  const past = createPast(DEFAULT_MARKET, seed, END_MS);
  const returns = DEFAULT_MARKET.instruments.map((_, index) => minuteReturns(past, index));

  test('has fat tails: excess kurtosis of 1-minute returns above 2', () => {
    for (const series of returns) {
      const centre = mean(series);
      const variance = mean(series.map((value) => (value - centre) ** 2));
      const fourth = mean(series.map((value) => (value - centre) ** 4));
      expect(fourth / variance ** 2 - 3).toBeGreaterThan(2);
    }
  });

  test('returns forget, their size does not', () => {
    for (const series of returns) {
      for (const lag of [1, 2, 5, 10]) {
        expect(Math.abs(autocorrelation(series, lag))).toBeLessThan(0.1);
      }
      expect(autocorrelation(series.map(Math.abs), 10)).toBeGreaterThan(0.1);
    }
  });

  test('instruments move together as set', () => {
    DEFAULT_MARKET.correlations.forEach((row, left) => {
      row.forEach((wanted, right) => {
        const found = correlation(returns[left] ?? [], returns[right] ?? []);
        expect(Math.abs(found - wanted)).toBeLessThan(0.1);
      });
    });
  });

  test('covers 30 days of minutes and 730 days, up to the end', () => {
    for (const { minutes, days } of past.instruments) {
      expect(minutes.value('openTime', 0)).toBe(MIDNIGHT_MS - MINUTE_HISTORY_DAYS * DAY_MS);
      expect(minutes.value('openTime', minutes.length - 1)).toBe(END_MS - MINUTE_MS);
      expect(days.length).toBe(DAILY_HISTORY_DAYS);
      expect(days.value('openTime', days.length - 1)).toBe(MIDNIGHT_MS - DAY_MS);
    }
  });

  test('every bar holds its open and close and joins the next', () => {
    for (const { minutes, days, nextTradeId } of past.instruments) {
      for (const series of [minutes, days]) {
        let broken = 0;
        for (let index = 0; index < series.length; index += 1) {
          const bar = series.bar(index);
          const inside =
            bar.low <= Math.min(bar.open, bar.close) && bar.high >= Math.max(bar.open, bar.close);
          const joins = index === 0 || bar.open === series.value('close', index - 1);
          const ids =
            index === 0 ||
            bar.firstTradeId ===
              series.value('firstTradeId', index - 1) + series.value('trades', index - 1);
          const taken = bar.takerBuyVolume <= bar.volume && bar.volume > 0 && bar.trades > 0;
          if (!inside || !joins || !ids || !taken) broken += 1;
        }
        expect(broken).toBe(0);
      }
      const last = minutes.bar(minutes.length - 1);
      expect(last.firstTradeId + last.trades).toBe(nextTradeId);
    }
  });

  test('minutes add up to the days they fall in', () => {
    for (const { minutes, days } of past.instruments) {
      for (let day = 0; day < MINUTE_HISTORY_DAYS; day += 1) {
        const bars = Array.from({ length: 1440 }, (_, index) => minutes.bar(day * 1440 + index));
        const whole = days.bar(DAILY_HISTORY_DAYS - MINUTE_HISTORY_DAYS + day);
        expect(whole).toEqual({
          openTime: bars[0]?.openTime,
          open: bars[0]?.open,
          high: Math.max(...bars.map((bar) => bar.high)),
          low: Math.min(...bars.map((bar) => bar.low)),
          close: bars[1439]?.close,
          volume: bars.reduce((sum, bar) => sum + bar.volume, 0),
          quoteVolume: bars.reduce((sum, bar) => sum + bar.quoteVolume, 0n),
          takerBuyVolume: bars.reduce((sum, bar) => sum + bar.takerBuyVolume, 0),
          takerBuyQuoteVolume: bars.reduce((sum, bar) => sum + bar.takerBuyQuoteVolume, 0n),
          firstTradeId: bars[0]?.firstTradeId,
          trades: bars.reduce((sum, bar) => sum + bar.trades, 0),
        });
      }
    }
  });

  test('ends at the start prices of the live market', () => {
    past.instruments.forEach(({ minutes }, index) => {
      expect(minutes.value('close', minutes.length - 1)).toBe(
        DEFAULT_MARKET.instruments[index]?.startPrice,
      );
    });
  });
});

test('one seed has one past, another seed another', () => {
  const closes = (seed: number): number[] => {
    const { minutes } = present(createPast(DEFAULT_MARKET, seed, END_MS).instruments[0], 'BTC');
    return Array.from({ length: 500 }, (_, index) => minutes.value('close', index));
  };
  expect(closes(9)).toEqual(closes(9));
  expect(closes(9)).not.toEqual(closes(10));
});
