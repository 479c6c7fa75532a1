import { present } from '../base/invariant.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { aggregateBars, BarSeries, type SyntheticBar } from './bar-series.ts';
import { choleskyFactor } from './correlation.ts';
import type { SyntheticInstrument, SyntheticMarket } from './instruments.ts';
import { exp, log, Sampler } from './numeric.ts';
import { PriceProcess } from './price-process.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_A_DAY = 1440;
/** Whole days of 1-minute bars before the current day. */
export const MINUTE_HISTORY_DAYS = 30;
/** Whole days of daily bars before the current day. */
export const DAILY_HISTORY_DAYS = 730;

const DAILY_SPREAD = 0.4;
const DAILY_MEMORY = 0.95;

// Arbitrageurs trade more at a time than the noise traders `tradeNotional` describes.
const TRADE_SIZE_FACTOR = 3;

/** What one instrument has lived through. */
export interface InstrumentPast {
  /** From midnight 30 days ago up to the end. */
  readonly minutes: BarSeries;
  /** The 730 days before the current one; the last 30 are the sums of their minutes. */
  readonly days: BarSeries;
  /** The id of the next trade. */
  readonly nextTradeId: number;
}

/** A market with a past. `process` goes on from its end, where every price is the instrument's `startPrice`. */
export interface SyntheticPast {
  readonly instruments: readonly InstrumentPast[];
  readonly process: PriceProcess;
  /** Log price of each instrument at the end: startPrice x e^(log - this). */
  readonly endLogs: Float64Array;
}

/** Log prices of one instrument's bars, relative to the path's beginning. */
class LogBars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;

  constructor(count: number) {
    this.open = new Float64Array(count);
    this.high = new Float64Array(count);
    this.low = new Float64Array(count);
    this.close = new Float64Array(count);
  }

  /** One bar whose inside is a Brownian bridge of variance `variance`: its extremes have a closed form. */
  set(index: number, open: number, close: number, variance: number, sampler: Sampler): void {
    const move = close - open;
    const above = Math.sqrt(move * move - 2 * variance * log(1 - sampler.uniform()));
    const below = Math.sqrt(move * move - 2 * variance * log(1 - sampler.uniform()));
    this.open[index] = open;
    this.close[index] = close;
    this.high[index] = open + (move + above) / 2;
    this.low[index] = open + (move - below) / 2;
  }
}

/** Makes the past of a market up to the minute that begins at `endMs`; a function of its arguments only. */
export function createPast(market: SyntheticMarket, seed: number, endMs: number): SyntheticPast {
  const sampler = new Sampler(new Xoshiro128(seed));
  const midnight = Math.floor(endMs / DAY_MS) * DAY_MS;
  const minuteStart = midnight - MINUTE_HISTORY_DAYS * DAY_MS;
  const minuteCount = Math.floor((endMs - minuteStart) / MINUTE_MS);
  const oldDays = DAILY_HISTORY_DAYS - MINUTE_HISTORY_DAYS;

  const dayLogs = olderDays(market, sampler, oldDays);
  const process = new PriceProcess(market, sampler);
  dayLogs.forEach((bars, index) => {
    process.logs[index] = bars.close[oldDays - 1] ?? 0;
  });
  process.regimes.step();
  const minuteLogs = minutes(market, process, sampler, minuteCount);

  const instruments = market.instruments.map((instrument, index) => {
    const end = process.logs[index] ?? 0;
    const activity = new Sampler(new Xoshiro128(seed + 7919 * (index + 1)));
    const days = new BarSeries(DAY_MS, DAILY_HISTORY_DAYS + 64);
    const series = new BarSeries(MINUTE_MS, minuteCount + 4096);
    const dayLog = present(dayLogs[index], 'daily logs');
    let tradeId = 1;
    for (let day = 0; day < oldDays; day += 1) {
      const openTime = minuteStart - (oldDays - day) * DAY_MS;
      tradeId = push(days, instrument, dayLog, day, end, openTime, tradeId, activity);
    }
    const minuteLog = present(minuteLogs[index], 'minute logs');
    for (let minute = 0; minute < minuteCount; minute += 1) {
      const openTime = minuteStart + minute * MINUTE_MS;
      tradeId = push(series, instrument, minuteLog, minute, end, openTime, tradeId, activity);
    }
    for (let day = 0; day < MINUTE_HISTORY_DAYS; day += 1) {
      const from = day * MINUTES_A_DAY;
      days.push(aggregateBars(series, from, from + MINUTES_A_DAY, minuteStart + day * DAY_MS));
    }
    return { minutes: series, days, nextTradeId: tradeId };
  });
  return { instruments, process, endLogs: process.logs.slice() };
}

function olderDays(market: SyntheticMarket, sampler: Sampler, count: number): LogBars[] {
  const factor = choleskyFactor(market.correlations);
  const logs = market.instruments.map(() => new LogBars(count));
  const last = new Float64Array(logs.length);
  const noise = DAILY_SPREAD * Math.sqrt(1 - DAILY_MEMORY * DAILY_MEMORY);
  let volatility = 0;
  for (let day = 0; day < count; day += 1) {
    volatility = DAILY_MEMORY * volatility + noise * sampler.normal();
    const scale =
      (exp(volatility - DAILY_SPREAD * DAILY_SPREAD) * sampler.fatTail()) / Math.sqrt(365);
    const shocks = logs.map(() => sampler.normal());
    logs.forEach((bars, index) => {
      const deviation = (market.instruments[index]?.annualVolatility ?? 0) * scale;
      let shock = 0;
      for (let column = 0; column <= index; column += 1) {
        shock += (factor[index]?.[column] ?? 0) * (shocks[column] ?? 0);
      }
      const open = last[index] ?? 0;
      const close = open + deviation * shock;
      bars.set(day, open, close, deviation * deviation, sampler);
      last[index] = close;
    });
  }
  return logs;
}

function minutes(
  market: SyntheticMarket,
  process: PriceProcess,
  sampler: Sampler,
  count: number,
): LogBars[] {
  const logs = market.instruments.map(() => new LogBars(count));
  const before = new Float64Array(logs.length);
  for (let minute = 0; minute < count; minute += 1) {
    before.set(process.logs);
    process.minute();
    process.wholeMinute();
    for (let index = 0; index < logs.length; index += 1) {
      const deviation = process.state.deviation[index] ?? 0;
      logs[index]?.set(
        minute,
        before[index] ?? 0,
        process.logs[index] ?? 0,
        deviation * deviation,
        sampler,
      );
    }
  }
  return logs;
}

function push(
  series: BarSeries,
  instrument: SyntheticInstrument,
  logs: LogBars,
  index: number,
  endLog: number,
  openTime: number,
  firstTradeId: number,
  activity: Sampler,
): number {
  const priceAt = (value: number): number => priceOf(instrument, value - endLog);
  const open = priceAt(logs.open[index] ?? 0);
  const close = priceAt(logs.close[index] ?? 0);
  const high = Math.max(open, close, priceAt(logs.high[index] ?? 0));
  const low = Math.min(open, close, priceAt(logs.low[index] ?? 0));
  const bar: SyntheticBar = {
    openTime,
    open,
    high,
    low,
    close,
    firstTradeId,
    ...traded(instrument, series.intervalMs, open, high, low, close, activity),
  };
  series.push(bar);
  return firstTradeId + bar.trades;
}

/** What was traded in a bar: more when it moved more. */
function traded(
  instrument: SyntheticInstrument,
  intervalMs: number,
  open: number,
  high: number,
  low: number,
  close: number,
  activity: Sampler,
): Pick<
  SyntheticBar,
  'volume' | 'quoteVolume' | 'takerBuyVolume' | 'takerBuyQuoteVolume' | 'trades'
> {
  const seconds = intervalMs / 1000;
  const usualRange = instrument.annualVolatility * Math.sqrt(seconds / 31_536_000) * 1.6;
  const range = (high - low) / open / usualRange;
  const trades =
    1 +
    Math.floor(
      instrument.tradesPerSecond * seconds * (0.45 + 0.55 * range) * exp(0.25 * activity.normal()),
    );
  const quoteUnits =
    trades * TRADE_SIZE_FACTOR * instrument.tradeNotional * exp(0.2 * activity.normal());
  const perUnit = powerOfTen(instrument.quantityScale + instrument.priceScale);
  const volume = Math.max(1, Math.floor((3 * quoteUnits * perUnit) / (high + low + close)));
  const bias = high === low ? 0 : (0.3 * (close - open)) / (high - low);
  const share = Math.min(0.95, Math.max(0.05, 0.5 + bias + 0.05 * activity.normal()));
  const takerBuyVolume = Math.floor(volume * share);
  const meanPrice = BigInt(Math.floor((high + low + close) / 3));
  return {
    volume,
    quoteVolume: BigInt(volume) * meanPrice,
    takerBuyVolume,
    takerBuyQuoteVolume: BigInt(takerBuyVolume) * meanPrice,
    trades,
  };
}

function powerOfTen(exponent: number): number {
  let value = 1;
  for (let index = 0; index < exponent; index += 1) value *= 10;
  return value;
}

/** The price at a log distance from an instrument's start price, on its tick. */
export function priceOf(instrument: SyntheticInstrument, logDistance: number): number {
  const ticks = Math.round((instrument.startPrice * exp(logDistance)) / instrument.tickSize);
  return Math.max(1, ticks) * instrument.tickSize;
}
