import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../domain/market.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import type { VenueError } from './market-data-client.ts';
import { FieldReader } from './wire-fields.ts';

/** A venue's bar: its opening in microseconds, the rest decimals as texts. */
export interface BarRow {
  readonly openMicros: number;
  readonly open: unknown;
  readonly high: unknown;
  readonly low: unknown;
  readonly close: unknown;
  readonly volume: unknown;
}

/** Bars oldest first, whatever the order of the rows. One that is not over at `now` is open; volumes are rounded to the instrument's scale. */
export function readBars(
  rows: readonly BarRow[],
  instrument: Instrument,
  interval: Interval,
  now: UnixMicros,
): Result<readonly Bar[], VenueError> {
  const { priceScale, quantityScale } = instrument;
  const bars: Bar[] = [];
  for (const { openMicros, ...texts } of rows) {
    if (!Number.isSafeInteger(openMicros)) {
      const message = `bar ${bars.length}: its time must be a whole number, was ${openMicros}`;
      return err({ code: 'FIELD_MALFORMED', kind: 'Refused', message });
    }
    const reader = new FieldReader(texts, `bar ${bars.length}`);
    const volume = Number(reader.amount('volume', quantityScale));
    const isVolume = Number.isSafeInteger(volume) && volume >= 0;
    if (!isVolume) reader.reject('volume', 'a quantity >= 0 of at most 15 digits');
    const bar = reader.finish({
      openTime: unixMicros(openMicros),
      open: reader.price('open', priceScale),
      high: reader.price('high', priceScale),
      low: reader.price('low', priceScale),
      close: reader.price('close', priceScale),
      volume: quantity(isVolume ? volume : 0),
      closed: openMicros + INTERVAL_MICROS[interval] <= now,
    });
    if (!bar.ok) return bar;
    bars.push(bar.value);
  }
  return ok(bars.toSorted((left, right) => left.openTime - right.openTime));
}
