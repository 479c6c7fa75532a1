import type { Result } from '../../base/result.ts';
import { decimalsOf } from '../../domain/decimal.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { Derivative, Instrument } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ListedInstruments } from '../../ports/stream-venue.ts';
import { FieldReader, jsonOf, numbersAsText } from '../../ports/wire-fields.ts';

/** Parses `public/get_instruments`. Combinations have legs and no market of their own here: they are left out. What cannot be read is left out and named. */
export function readInstruments(
  answer: unknown,
  venue: VenueId,
): Result<ListedInstruments, VenueError> {
  const reader = new FieldReader(answer, 'get_instruments');
  const instruments: Instrument[] = [];
  const rejected: string[] = [];
  for (const wire of reader.list('result')) {
    const fields = new FieldReader(numbersAsText(wire), 'instrument');
    if (fields.text('kind').endsWith('_combo')) continue;
    const read = readInstrument(fields, venue);
    if (read.ok) instruments.push(read.value);
    else rejected.push(jsonOf({ message: read.error.message }));
  }
  return reader.finish({ instruments, rejected });
}

function readInstrument(reader: FieldReader, venue: VenueId): Result<Instrument, VenueError> {
  const derivative = derivativeOf(reader);
  const base = reader.text('base_currency');
  const tick = reader.stepText('tick_size');
  // Trades of blocks may have a finer price than the book.
  const blockTick = reader.has('block_trade_tick_size')
    ? reader.stepText('block_trade_tick_size')
    : tick;
  const step = reader.stepText('min_trade_amount');
  const inverse = reader.optionalText('instrument_type') === 'reversed';
  const counts = derivative === 'Option' || !inverse ? base : 'USD';
  const terms = {
    symbol: reader.text('instrument_name'),
    base,
    quote: reader.text('quote_currency'),
    tick,
    step,
    minQuantity: step,
    maxQuantity: '0',
    minNotional: '0',
    priceDecimals: Math.max(decimalsOf(tick), decimalsOf(blockTick)),
    ...(derivative === undefined ? {} : { derivative }),
    ...(counts === base ? {} : { quantityUnit: counts }),
    status: reader.flag('is_active') ? ('Trading' as const) : ('Closed' as const),
  };
  const checked = reader.finish(terms);
  return checked.ok ? reader.finish(instrumentFrom(checked.value, venue)) : checked;
}

function derivativeOf(reader: FieldReader): Derivative | undefined {
  const kind = reader.text('kind');
  if (kind === 'spot') return undefined;
  if (kind === 'option') return 'Option';
  return reader.optionalText('settlement_period') === 'perpetual' ? 'Perpetual' : 'Future';
}
