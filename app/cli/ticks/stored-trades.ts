import { price, quantity } from '../../engine/domain/price.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { TakerTrade } from '../../engine/domain/taker-orders.ts';
import type { UnixMicros } from '../../engine/domain/time.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  KIND_TRADE,
  MarketRecords,
} from '../../engine/native/compute/market-record.ts';
import type { TickDefinition } from '../../engine/store/ticks/tick-folders.ts';
import { CommandFailure, FAILED, WRONG_INPUT } from '../output.ts';
import { openSegment, segmentsOf, type StoreOptions } from './tick-options.ts';

const BATCH = 4096;

/** Which stored trades. */
export interface TradesOptions extends StoreOptions {
  readonly instrument: InstrumentId;
  readonly from?: bigint;
  readonly to?: bigint;
}

/** A stored trade, `at` by the venue's clock. */
export interface StoredTrade extends TakerTrade {
  readonly receivedAt: UnixMicros;
}

/** Trades of an instrument in the order they came, with the decimals that all of them have. Throws a `CommandFailure` when there are none, or their decimals change. */
export function storedTrades(options: TradesOptions): {
  readonly definition: TickDefinition;
  readonly trades: Iterable<StoredTrade>;
} {
  const segments = segmentsOf({ ...options, kind: 'trades' });
  const [first] = segments;
  if (first === undefined) {
    const message = `the tick store has no trades of ${options.instrument}`;
    throw new CommandFailure(WRONG_INPUT, message);
  }
  const { definition } = first;
  for (const { path, definition: own } of segments) {
    const same =
      own.priceScale === definition.priceScale && own.quantityScale === definition.quantityScale;
    if (same) continue;
    const message = `${path}: its decimals are others than before: choose days by --from, --to`;
    throw new CommandFailure(FAILED, message);
  }
  return { definition, trades: tradesOf(segments, options) };
}

function* tradesOf(
  segments: ReturnType<typeof segmentsOf>,
  { from, to }: TradesOptions,
): Generator<StoredTrade> {
  const records = new MarketRecords(BATCH);
  for (const place of segments) {
    using reader = openSegment(place);
    if (from !== undefined) reader.seek(from);
    for (let count = reader.next(records.bytes); count > 0; count = reader.next(records.bytes)) {
      for (let row = 0; row < count; row += 1) {
        if (to !== undefined && records.tsInitNanos(row) >= to) return;
        if (records.kind(row) === KIND_TRADE) yield tradeOf(records, row);
      }
    }
  }
}

function tradeOf(records: MarketRecords, row: number): StoredTrade {
  const flags = records.flags(row);
  const told = (flags & FLAG_AGGRESSOR_UNKNOWN) === 0;
  const aggressor = (flags & FLAG_AGGRESSOR_SELL) === 0 ? ('Buy' as const) : ('Sell' as const);
  return {
    id: records.id(row),
    price: price(records.price(row)),
    quantity: quantity(records.quantity(row)),
    at: records.tsEventMicros(row),
    receivedAt: records.tsInitMicros(row),
    ...(told ? { aggressor } : {}),
  };
}
