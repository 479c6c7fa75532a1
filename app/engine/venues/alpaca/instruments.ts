import type { Result } from '../../base/result.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { Instrument, InstrumentStatus } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ListedInstruments } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord, jsonOf } from '../../ports/wire-fields.ts';

/** A cent. Below one dollar prices are finer, and the list does not tell what a share costs: a multiple of it is right at any price. */
const TICK = '0.01';
/** Decimals of prices on the exchange, and of sizes where parts of a share trade. */
const PRICE_DECIMALS = 4;
const QUANTITY_DECIMALS = 6;

/** Parses `GET /v2/assets`: shares in whole numbers, in dollars. What cannot be read is left out and named. */
export function readAssets(answer: unknown, venue: VenueId): Result<ListedInstruments, VenueError> {
  const reader = new FieldReader({ assets: answer }, 'assets');
  const instruments: Instrument[] = [];
  const rejected: string[] = [];
  for (const wire of reader.list('assets')) {
    if (isRecord(wire) && wire['class'] !== 'us_equity') continue;
    const read = readAsset(wire, venue);
    if (read.ok) instruments.push(read.value);
    else rejected.push(jsonOf({ message: read.error.message }));
  }
  return reader.finish({ instruments, rejected });
}

function readAsset(wire: unknown, venue: VenueId): Result<Instrument, VenueError> {
  const reader = new FieldReader(wire, 'asset');
  const symbol = reader.text('symbol');
  const terms = {
    symbol,
    // A share is not the coin that has its name: BTC is a fund too.
    base: `${symbol}.US`,
    quote: 'USD',
    tick: TICK,
    step: '1',
    minQuantity: '1',
    maxQuantity: '0',
    minNotional: '0',
    priceDecimals: PRICE_DECIMALS,
    quantityDecimals: QUANTITY_DECIMALS,
    status: statusOf(reader),
  };
  const checked = reader.finish(terms);
  return checked.ok ? reader.finish(instrumentFrom(checked.value, venue)) : checked;
}

function statusOf(reader: FieldReader): InstrumentStatus {
  if (reader.text('status') !== 'active') return 'Closed';
  return reader.flag('tradable') ? 'Trading' : 'Halted';
}
