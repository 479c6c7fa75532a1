import { err, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import { formatMicros, unixMicros } from '../../domain/time.ts';
import { readBars, type BarRow } from '../../ports/bar-rows.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import { allOf } from '../../ports/past-rows.ts';
import type { BarRange, PublicQuestion } from '../../ports/stream-venue.ts';
import { FieldReader, numbersAsText } from '../../ports/wire-fields.ts';
import { symbolRows } from './rows.ts';

/** Bars of four hours begin by the clocks of New York, which no other bars here do. */
const TIMEFRAME: Readonly<Record<Interval, string | undefined>> = {
  '1m': '1Min',
  '5m': '5Min',
  '15m': '15Min',
  '1h': '1Hour',
  '4h': undefined,
  '1d': '1Day',
};
const MOST_BARS = 10_000;
/** Before it there is nothing. */
const BEGINNING = '2016-01-01T00:00:00Z';

/** `GET /v2/stocks/bars`: newest first, both ends count; minutes without a trade are left out by the venue. */
export function barsQuestion(
  url: string,
  instrument: Instrument,
  interval: Interval,
  { endTime, limit, now }: BarRange,
): PublicQuestion<readonly Bar[]> {
  const timeframe = TIMEFRAME[interval];
  return {
    url,
    path: '/v2/stocks/bars',
    params: {
      symbols: instrument.symbol,
      timeframe: timeframe ?? TIMEFRAME['1h'],
      start: BEGINNING,
      end: formatMicros(unixMicros(endTime - 1)),
      limit: Math.min(limit, MOST_BARS),
      adjustment: 'raw',
      feed: 'iex',
      sort: 'desc',
    },
    read: (answer) =>
      timeframe === undefined
        ? err({
            code: 'INTERVAL_UNKNOWN',
            kind: 'Refused',
            message: `Alpaca has no bars of ${interval} that begin by UTC`,
          })
        : read(answer, instrument, interval, now),
  };
}

function read(
  answer: unknown,
  instrument: Instrument,
  interval: Interval,
  now: BarRange['now'],
): Result<readonly Bar[], VenueError> {
  const rows = symbolRows(answer, 'bars', instrument.symbol);
  if (!rows.ok) return rows;
  const bars = allOf(rows.value.map((row) => readBar(row, interval)));
  return bars.ok ? readBars(bars.value, instrument, interval, now) : bars;
}

function readBar(row: unknown, interval: Interval): Result<BarRow, VenueError> {
  const fields = new FieldReader(row, 'bar');
  const texts = new FieldReader(numbersAsText(row), 'bar');
  const start = Number(fields.nanos('t') / 1000n);
  return fields.finish({
    // A day of New York stands at the UTC day of its date: all its hours but the last lie in it.
    openMicros: interval === '1d' ? start - (start % INTERVAL_MICROS['1d']) : start,
    open: texts.raw('o'),
    high: texts.raw('h'),
    low: texts.raw('l'),
    close: texts.raw('c'),
    volume: texts.raw('v'),
  });
}
