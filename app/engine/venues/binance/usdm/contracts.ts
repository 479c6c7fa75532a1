import type { Result } from '../../../base/result.ts';
import type { VenueId } from '../../../domain/identifiers.ts';
import type { Derivative, Instrument, InstrumentStatus } from '../../../domain/instrument.ts';
import { instrumentFrom } from '../../../ports/instrument-terms.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';
import { FieldReader } from '../../../ports/wire-fields.ts';
import { readExchangeInfo, symbolReader } from '../exchange-info.ts';
import type { ExchangeInfo } from '../market.ts';

const DERIVATIVE: Readonly<Record<string, Derivative>> = {
  PERPETUAL: 'Perpetual',
  TRADIFI_PERPETUAL: 'Perpetual',
  CURRENT_QUARTER: 'Future',
  NEXT_QUARTER: 'Future',
};

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  TRADING: 'Trading',
  PENDING_TRADING: 'Halted',
  PRE_SETTLE: 'CancelOnly',
  SETTLING: 'Closed',
  CLOSE: 'Closed',
};

/** Parses `GET /fapi/v1/exchangeInfo`. A contract that cannot be read is left out and named. */
export function parseContracts(wire: unknown, venue: VenueId): Result<ExchangeInfo, VenueError> {
  return readExchangeInfo(wire, (symbol) => readContract(symbol, venue));
}

/** One contract is one unit of its base; `pricePrecision` and `quantityPrecision` are no steps. */
function readContract(wire: unknown, venue: VenueId): Result<Instrument, VenueError> {
  const { reader, filters } = symbolReader(wire);
  const prices = new FieldReader(filters.get('PRICE_FILTER'), 'PRICE_FILTER');
  const lots = new FieldReader(filters.get('LOT_SIZE'), 'LOT_SIZE');
  const notional = new FieldReader(
    filters.get('MIN_NOTIONAL') ?? { notional: '0' },
    'MIN_NOTIONAL',
  );
  const derivative = DERIVATIVE[reader.text('contractType')];
  if (derivative === undefined) reader.reject('contractType', Object.keys(DERIVATIVE).join(', '));
  const terms = {
    symbol: reader.text('symbol'),
    base: reader.text('baseAsset'),
    quote: reader.text('quoteAsset'),
    tick: prices.stepText('tickSize'),
    step: lots.stepText('stepSize'),
    minQuantity: lots.stepText('minQty'),
    maxQuantity: lots.stepText('maxQty'),
    minNotional: notional.stepText('notional'),
    ...(derivative === undefined ? {} : { derivative }),
    status: STATUS[reader.text('status')] ?? 'Halted',
  };
  for (const part of [reader, prices, lots, notional]) {
    const checked = part.finish(terms);
    if (!checked.ok) return checked;
  }
  return reader.finish(instrumentFrom(terms, venue));
}
