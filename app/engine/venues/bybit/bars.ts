import type { Instrument } from '../../domain/instrument.ts';
import type { Bar, Interval } from '../../domain/market.ts';
import { readBars } from '../../ports/bar-rows.ts';
import type { BarRange, PublicQuestion } from '../../ports/stream-venue.ts';
import { FieldReader, numberOf } from '../../ports/wire-fields.ts';
import type { Category } from './index.ts';

const NAMES: Readonly<Record<Interval, string>> = {
  '1m': '1',
  '5m': '5',
  '15m': '15',
  '1h': '60',
  '4h': '240',
  '1d': 'D',
};
const MOST_BARS = 1_000;

/** `GET /v5/market/kline`: newest first, the end counts. */
export function barsQuestion(
  category: Category,
  instrument: Instrument,
  interval: Interval,
  { endTime, limit, now }: BarRange,
): PublicQuestion<readonly Bar[]> {
  return {
    path: '/v5/market/kline',
    params: {
      category,
      symbol: instrument.symbol,
      interval: NAMES[interval],
      end: Math.ceil(endTime / 1000) - 1,
      limit: Math.min(limit, MOST_BARS),
    },
    read: (answer) => {
      const reader = new FieldReader(answer, 'kline');
      const result = new FieldReader(reader.raw('result'), 'kline');
      const rows = result.list('list').map((row) => {
        const [time, open, high, low, close, volume] = Array.isArray(row) ? (row as unknown[]) : [];
        return { openMicros: numberOf(time) * 1000, open, high, low, close, volume };
      });
      const listed = result.finish(rows);
      return listed.ok ? readBars(listed.value, instrument, interval, now) : listed;
    },
  };
}
