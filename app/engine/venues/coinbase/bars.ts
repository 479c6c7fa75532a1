import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import { readBars } from '../../ports/bar-rows.ts';
import type { BarRange, PublicQuestion } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord, numberOf } from '../../ports/wire-fields.ts';

const GRANULARITY: Readonly<Record<Interval, string>> = {
  '1m': 'ONE_MINUTE',
  '5m': 'FIVE_MINUTE',
  '15m': 'FIFTEEN_MINUTE',
  '1h': 'ONE_HOUR',
  '4h': 'FOUR_HOUR',
  '1d': 'ONE_DAY',
};
const MOST_BARS = 350;

/** Bars of a span, newest first; those without a trade are left out by the venue. */
export function barsQuestion(
  instrument: Instrument,
  interval: Interval,
  { endTime, limit, now }: BarRange,
): PublicQuestion<readonly Bar[]> {
  const bars = Math.min(limit, MOST_BARS);
  const length = INTERVAL_MICROS[interval] / 1_000_000;
  const end = Math.ceil(endTime / 1_000_000);
  return {
    path: `/api/v3/brokerage/market/products/${encodeURIComponent(instrument.symbol)}/candles`,
    params: { start: end - bars * length, end, granularity: GRANULARITY[interval], limit: bars },
    read: (answer) => {
      const reader = new FieldReader(answer, 'candles');
      const rows = reader.list('candles').map((row) => {
        const { start, open, high, low, close, volume } = isRecord(row) ? row : {};
        return { openMicros: numberOf(start) * 1_000_000, open, high, low, close, volume };
      });
      const listed = reader.finish(rows);
      return listed.ok ? readBars(listed.value, instrument, interval, now) : listed;
    },
  };
}
