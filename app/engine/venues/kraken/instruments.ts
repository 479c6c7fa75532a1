import type { Result } from '../../base/result.ts';
import type { VenueId } from '../../domain/identifiers.ts';
import type { InstrumentStatus, Instrument } from '../../domain/instrument.ts';
import { instrumentFrom } from '../../ports/instrument-terms.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import type { ListedInstruments } from '../../ports/stream-venue.ts';
import { FieldReader, isRecord, jsonOf } from '../../ports/wire-fields.ts';

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  online: 'Trading',
  post_only: 'Trading',
  limit_only: 'Trading',
  reduce_only: 'CancelOnly',
  cancel_only: 'CancelOnly',
  delisted: 'Closed',
};

/** Names that WebSocket v2 spells otherwise than REST. */
const NEWER: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' };
const OLDER = Object.fromEntries(Object.entries(NEWER).map(([old, now]) => [now, old]));

/** Parses `GET /0/public/AssetPairs`. A pair that cannot be read is left out and named. */
export function readAssetPairs(
  answer: unknown,
  venue: VenueId,
): Result<ListedInstruments, VenueError> {
  const reader = new FieldReader(answer, 'AssetPairs');
  const result = reader.raw('result');
  if (!isRecord(result)) reader.reject('result', 'an object');
  const instruments: Instrument[] = [];
  const rejected: string[] = [];
  for (const wire of isRecord(result) ? Object.values(result) : []) {
    const read = readPair(wire, venue);
    if (read.ok) instruments.push(read.value);
    else rejected.push(jsonOf({ message: read.error.message }));
  }
  return reader.finish({ instruments, rejected });
}

/** The name REST has for a pair: `BTC/USD` is `XBTUSD`. */
export function restName(symbol: string): string {
  return symbol
    .split('/')
    .map((asset) => OLDER[asset] ?? asset)
    .join('');
}

function readPair(wire: unknown, venue: VenueId): Result<Instrument, VenueError> {
  const reader = new FieldReader(wire, 'pair');
  const symbol = reader
    .text('wsname')
    .split('/')
    .map((asset) => NEWER[asset] ?? asset)
    .join('/');
  const [base = '', quote = ''] = symbol.split('/');
  if (base === '' || quote === '') reader.reject('wsname', 'BASE/QUOTE');
  const priceDecimals = reader.scale('pair_decimals');
  const quantityDecimals = reader.scale('lot_decimals');
  const terms = {
    symbol,
    base,
    quote,
    tick: reader.has('tick_size') ? reader.stepText('tick_size') : stepOfDecimals(priceDecimals),
    step: stepOfDecimals(quantityDecimals),
    minQuantity: reader.has('ordermin') ? reader.stepText('ordermin') : '0',
    maxQuantity: '0',
    minNotional: reader.has('costmin') ? reader.stepText('costmin') : '0',
    priceDecimals,
    quantityDecimals,
    // Older answers have no status: what is listed trades.
    status: STATUS[reader.optionalText('status') ?? 'online'] ?? 'Halted',
  };
  const checked = reader.finish(terms);
  return checked.ok ? reader.finish(instrumentFrom(checked.value, venue)) : checked;
}

function stepOfDecimals(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
}
