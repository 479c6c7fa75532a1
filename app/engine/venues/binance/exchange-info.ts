import type { Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { VenueError } from '../../ports/market-data-client.ts';
import { FieldReader, isRecord } from '../../ports/wire-fields.ts';
import type { ExchangeInfo } from './market.ts';
import { weightPerMinute } from './rate-limits.ts';

/** Parses `exchangeInfo` of a Binance market, each of its symbols as `read` does. What cannot be read is left out and named. */
export function readExchangeInfo(
  wire: unknown,
  read: (symbol: unknown) => Result<Instrument, VenueError>,
): Result<ExchangeInfo, VenueError> {
  const reader = new FieldReader(wire, 'exchangeInfo');
  const instruments: Instrument[] = [];
  const rejected: { symbol: string; reason: string }[] = [];
  for (const symbol of reader.list('symbols')) {
    const parsed = read(symbol);
    if (parsed.ok) instruments.push(parsed.value);
    else rejected.push({ symbol: nameOf(symbol), reason: parsed.error.message });
  }
  const stated = weightPerMinute(reader.raw('rateLimits'));
  return reader.finish({
    instruments,
    rejected,
    ...(stated === undefined ? {} : { weightPerMinute: stated.limit }),
  });
}

/** What is read of one symbol: its fields, and its filters by their type. */
export function symbolReader(wire: unknown): {
  readonly reader: FieldReader;
  readonly filters: ReadonlyMap<unknown, unknown>;
} {
  const reader = new FieldReader(wire, `symbol ${nameOf(wire)}`);
  const filters = new Map<unknown, unknown>();
  for (const filter of reader.list('filters')) {
    if (isRecord(filter)) filters.set(filter['filterType'], filter);
  }
  return { reader, filters };
}

function nameOf(wire: unknown): string {
  return isRecord(wire) && typeof wire['symbol'] === 'string' ? wire['symbol'] : 'without a name';
}
