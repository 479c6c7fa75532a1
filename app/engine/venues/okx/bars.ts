import { err, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import { readBars } from '../../ports/bar-rows.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { BarRange, PublicQuestion } from '../../ports/stream-venue.ts';
import { isRecord, numberOf } from '../../ports/wire-fields.ts';

/** Days and more begin at 00:00 in Hong Kong, but for the `utc` ones. */
const NAMES: Readonly<Record<Interval, string>> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '1h': '1H',
  '4h': '4H',
  '1d': '1Dutc',
};
const MOST_BARS = 300;
/** As many of the newest bars are in `candles`; older ones in `history-candles`. */
const RECENT_BARS = 1_440;

/** Bars that open before `endTime`: at most 300 an answer, newest first; `after` means older than. */
export function barsQuestion(
  instrument: Instrument,
  interval: Interval,
  { endTime, limit, now }: BarRange,
): PublicQuestion<readonly Bar[]> {
  const bars = Math.min(limit, MOST_BARS);
  const back = (now - endTime) / INTERVAL_MICROS[interval] + bars;
  return {
    path: `/api/v5/market/${back < RECENT_BARS ? 'candles' : 'history-candles'}`,
    params: {
      instId: instrument.symbol,
      bar: NAMES[interval],
      after: Math.ceil(endTime / 1000),
      limit: bars,
    },
    read: (answer) => readCandles(answer, instrument, interval, now),
  };
}

function readCandles(
  answer: unknown,
  instrument: Instrument,
  interval: Interval,
  now: BarRange['now'],
): Result<readonly Bar[], VenueError> {
  const rows = isRecord(answer) ? answer['data'] : undefined;
  if (!Array.isArray(rows)) {
    const message = 'candles: data must be a list of bars';
    return err({ code: 'FIELD_MALFORMED', kind: 'Refused', message });
  }
  const bars = rows.map((row: unknown) => {
    const [time, open, high, low, close, volume] = Array.isArray(row) ? (row as unknown[]) : [];
    return { openMicros: numberOf(time) * 1000, open, high, low, close, volume };
  });
  return readBars(bars, instrument, interval, now);
}
