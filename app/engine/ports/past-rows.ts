import { ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { RATE_SCALE } from '../domain/market.ts';
import type { VenueError } from './market-data-client.ts';
import type {
  HistoryPage,
  HistorySpan,
  PageOrder,
  PastFunding,
  PastTrade,
} from './market-history.ts';
import type { AnsweredRows } from './stream-venue.ts';
import { FieldReader } from './wire-fields.ts';

/** A venue's trade: price and quantity are decimals as texts. */
export interface TradeRow {
  readonly tradeId: number;
  readonly tsNanos: bigint;
  readonly price: unknown;
  readonly quantity: unknown;
  readonly aggressor: 'Buy' | 'Sell' | undefined;
}

/** A trade of the past; one whose number or time is none is refused. */
export function readPastTrade(
  { tradeId, tsNanos, aggressor, ...texts }: TradeRow,
  { priceScale, quantityScale }: Instrument,
): Result<PastTrade, VenueError> {
  const reader = new FieldReader({ ...texts, tradeId }, `trade ${tradeId}`);
  return reader.finish({
    tradeId: reader.integer('tradeId'),
    tsNanos,
    price: reader.price('price', priceScale),
    quantity: reader.quantity('quantity', quantityScale),
    ...(aggressor === undefined ? {} : { aggressor }),
  });
}

/** What was paid at a time in ms; the rate is a decimal as text. */
export function readPastFunding(
  atMs: number,
  rate: unknown,
  periodMs?: number,
): Result<PastFunding, VenueError> {
  const reader = new FieldReader({ atMs, rate }, 'funding');
  const told = Number(reader.amount('rate', RATE_SCALE));
  if (!Number.isSafeInteger(told)) reader.reject('rate', 'a rate of at most 9000');
  return reader.finish({
    tsNanos: BigInt(reader.integer('atMs')) * 1_000_000n,
    rate: told,
    ...(periodMs === undefined ? {} : { periodMs }),
  });
}

/** All of some results, or the first failure. */
export function allOf<T>(
  results: readonly Result<T, VenueError>[],
): Result<readonly T[], VenueError> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}

/** Where a row stands among those of its kind. */
export type Place<T> = (row: T) => number | bigint;

/** Trades are ordered by their numbers: several may be of one time. */
export const placeOfTrade: Place<PastTrade> = ({ tradeId }) => tradeId;
export const placeOfFunding: Place<PastFunding> = ({ tsNanos }) => tsNanos;

/** What of an answer lies within the span and beyond the row that was had; it is the last page when it reached the span's other end or there is nothing more. Without a place rows are in the order in which they are told, that of `after` among them. */
export function pageOf<T extends { readonly tsNanos: bigint; readonly tradeId?: number }>(
  { rows, full }: AnsweredRows<T>,
  { from, to, after }: HistorySpan<T>,
  order: PageOrder,
  place: Place<T> | undefined,
): HistoryPage<T> {
  const first = BigInt(from) * 1000n;
  const end = BigInt(to) * 1000n;
  const ahead = order === 'OldestFirst';
  const had = rows.findIndex(
    ({ tsNanos, tradeId }) => tsNanos === after?.tsNanos && tradeId === after.tradeId,
  );
  const isBeyond = (row: T, at: number): boolean => {
    if (after === undefined) return true;
    if (place === undefined) return at > had;
    return ahead ? place(row) > place(after) : place(row) < place(after);
  };
  const over = rows.some(({ tsNanos }) => (ahead ? tsNanos >= end : tsNanos < first));
  return {
    rows: rows.filter((row, at) => row.tsNanos >= first && row.tsNanos < end && isBeyond(row, at)),
    last: over || !full,
  };
}
