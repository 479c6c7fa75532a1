import type { Result } from '../../base/result.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { Derivative, Instrument, InstrumentStatus } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ListedInstruments } from '../../ports/stream-venue.ts';
import { FieldReader, jsonOf } from '../../ports/wire-fields.ts';

/** Kinds of instruments that are listed. */
export const KINDS = ['SPOT', 'SWAP', 'FUTURES'] as const;

const DERIVATIVE: Readonly<Record<string, Derivative>> = {
  SWAP: 'Perpetual',
  FUTURES: 'Future',
  OPTION: 'Option',
};

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  live: 'Trading',
  post_only: 'Trading',
  suspend: 'Halted',
  preopen: 'Halted',
  rebase: 'Halted',
  test: 'Closed',
  expired: 'Closed',
};

/** Parses `GET /api/v5/public/instruments`. What cannot be read is left out and named. */
export function readInstruments(
  answer: unknown,
  venue: VenueId,
): Result<ListedInstruments, VenueError> {
  const reader = new FieldReader(answer, 'instruments');
  const instruments: Instrument[] = [];
  const rejected: string[] = [];
  for (const wire of reader.list('data')) {
    const read = readInstrument(wire, venue);
    if (read.ok) instruments.push(read.value);
    else rejected.push(jsonOf({ message: read.error.message }));
  }
  return reader.finish({ instruments, rejected });
}

function readInstrument(wire: unknown, venue: VenueId): Result<Instrument, VenueError> {
  const reader = new FieldReader(wire, 'instrument');
  const symbol = reader.text('instId');
  const derivative = DERIVATIVE[reader.text('instType')];
  // A derivative names its currencies only in its family: `BTC-USDT` of `BTC-USDT-SWAP`.
  const [base = '', quote = ''] = symbol.split('-');
  const terms = {
    symbol,
    base: reader.optionalText('baseCcy') ?? base,
    quote: reader.optionalText('quoteCcy') ?? quote,
    tick: reader.stepText('tickSz'),
    step: reader.stepText('lotSz'),
    minQuantity: reader.stepText('minSz'),
    maxQuantity: reader.optionalText('maxLmtSz') ?? '0',
    minNotional: '0',
    ...(derivative === undefined ? {} : { derivative, quantityUnit: 'contracts' }),
    status: STATUS[reader.text('state')] ?? 'Halted',
  };
  const checked = reader.finish(terms);
  return checked.ok ? reader.finish(instrumentFrom(checked.value, venue)) : checked;
}
