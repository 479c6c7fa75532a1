import { err, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import { readBars } from '../../ports/bar-rows.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { BarRange, PublicQuestion } from '../../ports/stream-venue.ts';
import { decimalText, isRecord, numberOf } from '../../ports/wire-fields.ts';

/** Bars of four hours the venue does not serve: it has three and six. */
const RESOLUTION: Readonly<Record<Interval, string | undefined>> = {
  '1m': '1',
  '5m': '5',
  '15m': '15',
  '1h': '60',
  '4h': undefined,
  '1d': '1D',
};
const COLUMNS = ['ticks', 'open', 'high', 'low', 'close', 'volume', 'cost'] as const;

/** `public/get_tradingview_chart_data`: columns of bare numbers, oldest first. */
export function barsQuestion(
  instrument: Instrument,
  interval: Interval,
  { endTime, limit, now }: BarRange,
): PublicQuestion<readonly Bar[]> {
  const resolution = RESOLUTION[interval];
  const end = Math.ceil(endTime / 1000) - 1;
  return {
    path: '/public/get_tradingview_chart_data',
    params: {
      instrument_name: instrument.symbol,
      start_timestamp: end + 1 - (limit * INTERVAL_MICROS[interval]) / 1000,
      end_timestamp: end,
      resolution: resolution ?? RESOLUTION['1h'],
    },
    read: (answer) =>
      resolution === undefined
        ? err({
            code: 'INTERVAL_UNKNOWN',
            kind: 'Refused',
            message: `Deribit has no bars of ${interval}`,
          })
        : readChart(answer, instrument, interval, now),
  };
}

function readChart(
  answer: unknown,
  instrument: Instrument,
  interval: Interval,
  now: BarRange['now'],
): Result<readonly Bar[], VenueError> {
  const result = isRecord(answer) ? answer['result'] : undefined;
  const columns = COLUMNS.map((name) => (isRecord(result) ? result[name] : undefined));
  const [ticks, opens, highs, lows, closes, volumes, costs] = columns;
  if (!columns.every((column) => Array.isArray(column)) || !Array.isArray(ticks)) {
    const message = `chart: result must hold lists named ${COLUMNS.join(', ')}`;
    return err({ code: 'FIELD_MALFORMED', kind: 'Refused', message });
  }
  // An inverse contract's quantities are dollars: what the venue calls cost.
  const quantities = instrument.quantityUnit === undefined ? volumes : costs;
  const at = (column: unknown, row: number): unknown => {
    const value: unknown = Array.isArray(column) ? column[row] : undefined;
    return typeof value === 'number' ? decimalText(value) : value;
  };
  const rows = ticks.map((tick: unknown, row) => ({
    openMicros: numberOf(tick) * 1000,
    open: at(opens, row),
    high: at(highs, row),
    low: at(lows, row),
    close: at(closes, row),
    volume: at(quantities, row),
  }));
  return readBars(rows, instrument, interval, now);
}
