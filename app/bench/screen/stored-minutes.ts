import { join } from 'node:path';
import { joinBars } from '../../engine/bars/time-bars.ts';
import { present } from '../../engine/base/invariant.ts';
import { Xoshiro128 } from '../../engine/base/rng.ts';
import { instrumentId, venueId } from '../../engine/domain/identifiers.ts';
import { INTERVAL_MICROS, type Bar } from '../../engine/domain/market.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import { BarStore, MICROS_A_DAY } from '../../engine/store/ticks/bar-store.ts';
import type { TickDefinition } from '../../engine/store/ticks/tick-folders.ts';
import { DEFAULT_MARKET } from '../../engine/synthetic/instruments.ts';
import { epochMillis } from '../clock.ts';

export const MINUTES_A_DAY = 1440;

/** An instrument of the sandbox's own market, as the tick store names it. */
export function storedInstrument(symbol: string): TickDefinition {
  const listed = DEFAULT_MARKET.instruments.find((one) => one.symbol === symbol);
  const { priceScale, quantityScale } = present(listed, `an instrument ${symbol}`);
  const id = instrumentId(symbol, venueId('BINANCE', 'sandbox'));
  return { id, priceScale, quantityScale };
}

/** Stores so many days of minutes up to the last midnight in a data folder; each day as one bar, by the plain join, oldest first. */
export function storeMinutes(
  dataFolder: string,
  instrument: TickDefinition,
  days: number,
  seed: number,
): readonly Bar[] {
  const store = new BarStore(join(dataFolder, 'ticks'), 'the bench');
  const rng = new Xoshiro128(seed);
  const today = Math.floor((epochMillis() * 1000) / MICROS_A_DAY);
  const whole: Bar[] = [];
  let last = 6_000_000;
  for (let day = today - days; day < today; day += 1) {
    const bars: Bar[] = [];
    for (let minute = 0; minute < MINUTES_A_DAY; minute += 1) {
      const close = Math.max(100_000, last + rng.nextBelow(6001) - 3000);
      bars.push({
        openTime: unixMicros(day * MICROS_A_DAY + minute * INTERVAL_MICROS['1m']),
        open: price(last),
        high: price(Math.max(last, close) + rng.nextBelow(500)),
        low: price(Math.min(last, close) - rng.nextBelow(500)),
        close: price(close),
        volume: quantity(1 + rng.nextBelow(1_000_000)),
        closed: true,
      });
      last = close;
    }
    store.keepDay(instrument, day, bars);
    whole.push(...joinBars(bars, MICROS_A_DAY));
  }
  return whole;
}
