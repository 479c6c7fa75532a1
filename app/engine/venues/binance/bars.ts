import { err, ok, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import { FieldReader } from '../../ports/wire-fields.ts';

const COLUMNS = ['openTime', 'open', 'high', 'low', 'close', 'volume', 'closeTime'] as const;

/** Parses `GET /api/v3/klines`, oldest first. A bar whose close time is not past at `now` (venue time) is open. */
export function parseBars(
  wire: unknown,
  instrument: Instrument,
  now: UnixMicros,
): Result<readonly Bar[], VenueError> {
  if (!Array.isArray(wire)) {
    return err({ code: 'FIELD_MALFORMED', kind: 'Refused', message: 'klines must be a list' });
  }
  const bars: Bar[] = [];
  for (const row of wire) {
    const fields = Array.isArray(row)
      ? Object.fromEntries(COLUMNS.map((name, index) => [name, row[index]]))
      : row;
    const reader = new FieldReader(fields, `kline ${bars.length}`);
    const bar = reader.finish({
      openTime: reader.time('openTime'),
      open: reader.price('open', instrument.priceScale),
      high: reader.price('high', instrument.priceScale),
      low: reader.price('low', instrument.priceScale),
      close: reader.price('close', instrument.priceScale),
      volume: reader.quantity('volume', instrument.quantityScale),
      closed: unixMicros(reader.time('closeTime')) < now,
    });
    if (!bar.ok) return bar;
    bars.push(bar.value);
  }
  return ok(bars);
}
