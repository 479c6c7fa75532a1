import type { Result } from '../../../../base/result.ts';
import type { AssetCode, VenueId } from '../../../../domain/identifiers.ts';
import type { Instrument, InstrumentStatus } from '../../../../domain/instrument.ts';
import { price, quantity } from '../../../../domain/price.ts';
import { bounded, stepOf, upperBound } from '../../../../ports/instrument-terms.ts';
import type { VenueError } from '../../../../ports/market-data-client.ts';
import { instrumentOf } from '../symbols.ts';
import { FieldReader, isRecord } from '../../../../ports/wire-fields.ts';
import { readExchangeInfo, symbolReader } from '../../exchange-info.ts';
import type { ExchangeInfo } from '../../market.ts';

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  TRADING: 'Trading',
  HALT: 'Halted',
  BREAK: 'Halted',
  END_OF_DAY: 'Closed',
  CANCEL_ONLY: 'CancelOnly',
};

/** Parses `GET /api/v3/exchangeInfo`. A symbol that cannot be read is left out and named. */
export function parseExchangeInfo(wire: unknown, venue: VenueId): Result<ExchangeInfo, VenueError> {
  return readExchangeInfo(wire, (symbol) => parseInstrument(symbol, venue));
}

/** Parses one symbol of exchangeInfo. An unknown status counts as Halted: orders are refused, data goes on. */
export function parseInstrument(wire: unknown, venue: VenueId): Result<Instrument, VenueError> {
  const { reader, filters } = symbolReader(wire);
  const prices = new FieldReader(filters.get('PRICE_FILTER'), 'PRICE_FILTER');
  const lots = new FieldReader(filters.get('LOT_SIZE'), 'LOT_SIZE');
  const notionals = filters.get('NOTIONAL') ?? filters.get('MIN_NOTIONAL');
  const quoteScale = reader.scale(
    reader.has('quoteAssetPrecision') ? 'quoteAssetPrecision' : 'quotePrecision',
  );
  const baseScale = reader.scale('baseAssetPrecision');
  const tick = stepOf(prices.stepText('tickSize'), quoteScale);
  const step = stepOf(lots.stepText('stepSize'), baseScale);
  const maxDisplayParts = partsOf(reader, filters.get('ICEBERG_PARTS'));
  const minNotional = new FieldReader(notionals ?? { minNotional: '0' }, 'NOTIONAL');
  const symbol = reader.text('symbol');
  const instrument: Instrument = {
    id: instrumentOf(symbol, venue),
    venue,
    symbol,
    base: reader.text('baseAsset') as AssetCode,
    quote: reader.text('quoteAsset') as AssetCode,
    baseScale,
    quoteScale,
    priceScale: tick.scale,
    quantityScale: step.scale,
    tickSize: price(tick.mantissa),
    minPrice: price(bounded(prices.stepText('minPrice'), tick.scale)),
    maxPrice: price(upperBound(prices.stepText('maxPrice'), tick.scale)),
    stepSize: quantity(step.mantissa),
    minQuantity: quantity(bounded(lots.stepText('minQty'), step.scale)),
    maxQuantity: quantity(upperBound(lots.stepText('maxQty'), step.scale)),
    minNotional: minNotional.amount('minNotional', tick.scale + step.scale),
    ...(maxDisplayParts === undefined ? {} : { maxDisplayParts }),
    ...(reader.raw('ocoAllowed') === true ? { orderLists: true } : {}),
    status: STATUS[reader.text('status')] ?? 'Halted',
  };
  for (const part of [reader, prices, lots, minNotional]) {
    const checked = part.finish(instrument);
    if (!checked.ok) return checked;
  }
  return reader.finish(instrument);
}

/** Most parts of an iceberg order; absent where the symbol takes none or does not say. */
function partsOf(symbol: FieldReader, filter: unknown): number | undefined {
  if (symbol.raw('icebergAllowed') !== true || !isRecord(filter)) return undefined;
  const { limit } = filter;
  return typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 1 ? limit : undefined;
}
