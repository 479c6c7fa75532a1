import type { Instrument } from '../../domain/instrument.ts';
import type { DataState, MarketEvent } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_AGGRESSOR_SELL,
  KIND_BBO,
  KIND_BOOK_STATUS,
  KIND_DIVERGENCE,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  type MarketRecords,
} from '../../native/compute/market-record.ts';
import { bookReasonOf } from '../../ports/market-data-client.ts';

/** True for the records the kernel takes: trades, quotes, book states and divergences. */
export function isKernelRecord(kind: number): boolean {
  return (
    kind === KIND_TRADE ||
    kind === KIND_BBO ||
    kind === KIND_BOOK_STATUS ||
    kind === KIND_DIVERGENCE
  );
}

/** Copies the kernel's records of the first `count` rows together at the start of `into`: those of the first `instruments` of the feed's table, the others are only watched. Returns how many. */
export function takeKernelRecords(
  records: MarketRecords,
  count: number,
  instruments: number,
  into: MarketRecords,
): number {
  let taken = 0;
  for (let row = 0; row < count; row += 1) {
    if (records.instrument(row) >= instruments || !isKernelRecord(records.kind(row))) continue;
    const start = row * MARKET_RECORD_BYTES;
    into.bytes.set(
      records.bytes.subarray(start, start + MARKET_RECORD_BYTES),
      taken * MARKET_RECORD_BYTES,
    );
    taken += 1;
  }
  return taken;
}

/** The market event of a kernel record; absent when it names an instrument outside the session's table. */
export function marketEventOf(
  records: MarketRecords,
  row: number,
  instruments: readonly Instrument[],
): MarketEvent | undefined {
  const instrument = instruments[records.instrument(row)]?.id;
  if (instrument === undefined) return undefined;
  const kind = records.kind(row);
  if (kind === KIND_BOOK_STATUS) {
    const state = dataState(records.price(row));
    const code = records.quantity(row);
    const reason = bookReasonOf(code) ?? `code ${code}`;
    return { type: 'DataStateChanged', instrument, state, reason };
  }
  if (kind === KIND_DIVERGENCE) {
    const divergence = { bps: records.price(row), limitBps: records.quantity(row) };
    const beyond = divergence.limitBps > 0;
    return { type: 'DivergenceChanged', instrument, ...(beyond && { divergence }) };
  }
  const tsEvent = unixMicros(records.tsEventMicros(row));
  if (kind === KIND_TRADE) {
    return {
      type: 'TradePrinted',
      instrument,
      tradeId: records.id(row),
      price: price(records.price(row)),
      quantity: quantity(records.quantity(row)),
      aggressor: (records.flags(row) & FLAG_AGGRESSOR_SELL) === 0 ? 'Buy' : 'Sell',
      tsEvent,
    };
  }
  const bidQuantity = records.quantity(row);
  const askQuantity = records.quantity2(row);
  return {
    type: 'QuoteChanged',
    instrument,
    tsEvent,
    ...(bidQuantity > 0 && {
      bid: price(records.price(row)),
      bidQuantity: quantity(bidQuantity),
    }),
    ...(askQuantity > 0 && {
      ask: price(records.price2(row)),
      askQuantity: quantity(askQuantity),
    }),
  };
}

function dataState(code: number): DataState {
  if (code === BOOK_LIVE) return 'Live';
  return code === BOOK_STALE ? 'Stale' : 'Resyncing';
}
