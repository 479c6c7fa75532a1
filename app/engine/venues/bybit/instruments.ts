import type { Result } from '../../base/result.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { Derivative, Instrument, InstrumentStatus } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ListedInstruments, PublicQuestion } from '../../ports/stream-venue.ts';
import { FieldReader, jsonOf } from '../../ports/wire-fields.ts';
import type { Category } from './index.ts';

const MOST_ROWS = 1_000;

const DERIVATIVE: Readonly<Record<string, Derivative>> = {
  LinearPerpetual: 'Perpetual',
  InversePerpetual: 'Perpetual',
  LinearFutures: 'Future',
  InverseFutures: 'Future',
};

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  Trading: 'Trading',
  PreLaunch: 'Halted',
  Delivering: 'Closed',
  Closed: 'Closed',
};

/** `GET /v5/market/instruments-info`, page by page. What cannot be read is left out and named. */
export function instrumentsQuestion(
  category: Category,
  venue: VenueId,
  cursor?: string,
): PublicQuestion<ListedInstruments> {
  return {
    path: '/v5/market/instruments-info',
    params: { category, limit: MOST_ROWS, cursor },
    read: (answer) => {
      const reader = new FieldReader(answer, 'instruments-info');
      const result = new FieldReader(reader.raw('result'), 'instruments-info');
      const instruments: Instrument[] = [];
      const rejected: string[] = [];
      for (const wire of result.list('list')) {
        const read = readInstrument(wire, category, venue);
        if (read.ok) instruments.push(read.value);
        else rejected.push(jsonOf({ message: read.error.message }));
      }
      const next = result.optionalText('nextPageCursor');
      return result.finish({
        instruments,
        rejected,
        ...(next === undefined ? {} : { next: instrumentsQuestion(category, venue, next) }),
      });
    },
  };
}

function readInstrument(
  wire: unknown,
  category: Category,
  venue: VenueId,
): Result<Instrument, VenueError> {
  const reader = new FieldReader(wire, 'instrument');
  const prices = new FieldReader(reader.raw('priceFilter'), 'priceFilter');
  const lots = new FieldReader(reader.raw('lotSizeFilter'), 'lotSizeFilter');
  const spot = category === 'spot';
  const derivative = DERIVATIVE[reader.optionalText('contractType') ?? ''];
  const least = spot ? 'minOrderAmt' : 'minNotionalValue';
  const terms = {
    symbol: reader.text('symbol'),
    base: reader.text('baseCoin'),
    quote: reader.text('quoteCoin'),
    tick: prices.stepText('tickSize'),
    step: lots.stepText(spot ? 'basePrecision' : 'qtyStep'),
    minQuantity: lots.stepText('minOrderQty'),
    maxQuantity: lots.has('maxOrderQty') ? lots.stepText('maxOrderQty') : '0',
    minNotional: lots.has(least) ? lots.stepText(least) : '0',
    ...(derivative === undefined ? {} : { derivative }),
    ...(category === 'inverse' ? { quantityUnit: 'USD' } : {}),
    status: STATUS[reader.text('status')] ?? 'Halted',
  };
  for (const part of [reader, prices, lots]) {
    const checked = part.finish(terms);
    if (!checked.ok) return checked;
  }
  return reader.finish(instrumentFrom(terms, venue));
}
