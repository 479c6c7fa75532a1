import { err, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Bar, Interval } from '../../domain/market.ts';
import { readBars } from '../../ports/bar-rows.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { BarRange, PublicQuestion } from '../../ports/stream-venue.ts';
import { isRecord, numberOf } from '../../ports/wire-fields.ts';
import { restName } from './instruments.ts';

const MINUTES: Readonly<Record<Interval, number>> = {
  '1m': 1,
  '5m': 5,
  '15m': 15,
  '1h': 60,
  '4h': 240,
  '1d': 1440,
};

/** `GET /0/public/OHLC`: the newest 720 bars, whatever is asked for; older ones the venue does not keep. */
export function barsQuestion(
  instrument: Instrument,
  interval: Interval,
  { now }: BarRange,
): PublicQuestion<readonly Bar[]> {
  return {
    path: '/0/public/OHLC',
    params: { pair: restName(instrument.symbol), interval: MINUTES[interval] },
    read: (answer) => readOhlc(answer, instrument, interval, now),
  };
}

function readOhlc(
  answer: unknown,
  instrument: Instrument,
  interval: Interval,
  now: BarRange['now'],
): Result<readonly Bar[], VenueError> {
  const result = isRecord(answer) ? answer['result'] : undefined;
  const rows = isRecord(result)
    ? Object.entries(result).find(([name]) => name !== 'last')?.[1]
    : undefined;
  if (!Array.isArray(rows)) {
    const message = 'OHLC: result must hold a list of bars';
    return err({ code: 'FIELD_MALFORMED', kind: 'Refused', message });
  }
  const bars = rows.map((row: unknown) => {
    const [time, open, high, low, close, , volume] = Array.isArray(row) ? (row as unknown[]) : [];
    return { openMicros: numberOf(time) * 1_000_000, open, high, low, close, volume };
  });
  return readBars(bars, instrument, interval, now);
}
