import type { Result } from '../../base/result.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { Instrument, InstrumentStatus } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ListedInstruments } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord, jsonOf } from '../../ports/wire-fields.ts';

/** Parses `GET /api/v3/brokerage/market/products`. What cannot be read is left out and named. */
export function readProducts(
  answer: unknown,
  venue: VenueId,
): Result<ListedInstruments, VenueError> {
  const reader = new FieldReader(answer, 'products');
  const instruments: Instrument[] = [];
  const rejected: string[] = [];
  for (const wire of reader.list('products')) {
    // Another name of a product: its market data comes under the first.
    if (isRecord(wire) && typeof wire['alias'] === 'string' && wire['alias'] !== '') continue;
    const read = readProduct(wire, venue);
    if (read.ok) instruments.push(read.value);
    else rejected.push(jsonOf({ message: read.error.message }));
  }
  return reader.finish({ instruments, rejected });
}

function readProduct(wire: unknown, venue: VenueId): Result<Instrument, VenueError> {
  const reader = new FieldReader(wire, 'product');
  const symbol = reader.text('product_id');
  const future = reader.text('product_type') === 'FUTURE';
  const [first = ''] = symbol.split('-');
  const terms = {
    symbol,
    base: reader.optionalText('base_currency_id') ?? first,
    quote: reader.text('quote_currency_id'),
    tick: reader.stepText('price_increment'),
    step: reader.stepText('base_increment'),
    minQuantity: reader.stepText('base_min_size'),
    maxQuantity: reader.stepText('base_max_size'),
    minNotional: reader.stepText('quote_min_size'),
    ...(future
      ? {
          derivative: isPerpetual(reader.raw('future_product_details'))
            ? ('Perpetual' as const)
            : ('Future' as const),
          quantityUnit: 'contracts',
        }
      : {}),
    status: statusOf(reader),
  };
  const checked = reader.finish(terms);
  return checked.ok ? reader.finish(instrumentFrom(checked.value, venue)) : checked;
}

function isPerpetual(details: unknown): boolean {
  return isRecord(details) && details['contract_expiry_type'] === 'PERPETUAL';
}

function statusOf(reader: FieldReader): InstrumentStatus {
  if (reader.raw('is_disabled') === true || reader.raw('status') === 'delisted') return 'Closed';
  if (reader.raw('trading_disabled') === true || reader.raw('view_only') === true) return 'Halted';
  return reader.raw('cancel_only') === true ? 'CancelOnly' : 'Trading';
}
