import { formatDecimal } from '../../domain/decimal.ts';
import { isBarKind, type TickKind, RATE_SCALE } from '../../domain/market.ts';
import { formatNanos } from '../../domain/time.ts';
import {
  BOOK_SNAPSHOT,
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_FUNDING_RATE,
  KIND_INDEX_PRICE,
  KIND_KLINE_PRICES,
  KIND_KLINE_VOLUMES,
  KIND_LIQUIDATION,
  KIND_MARK_PRICE,
  KIND_OPEN_INTEREST,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  MarketRecords,
  isDerivativeKind,
} from '../../native/compute/market-record.ts';
import type { TickSegmentReader } from '../../native/io/tick-segment.ts';
import type { TickDefinition } from './tick-folders.ts';

const TICK_COLUMNS = [
  'event',
  'received',
  'what',
  'side',
  'price',
  'quantity',
  'askPrice',
  'askQuantity',
  'id',
] as const;

const BAR_COLUMNS = ['opened', 'open', 'high', 'low', 'close', 'volume'] as const;

/** One record, or one bar, as text: times ISO 8601 with nanoseconds, numbers as decimals; what a kind does not have is empty. */
export type TickRow = Readonly<Record<string, string>>;

/** The columns of a kind's rows, in the order they are printed. */
export function columnsOf(kind: TickKind): readonly string[] {
  return isBarKind(kind) ? BAR_COLUMNS : TICK_COLUMNS;
}

const BATCH = 4096;
const NAMES: Readonly<Record<number, string>> = {
  [KIND_TRADE]: 'trade',
  [KIND_BBO]: 'bbo',
  [KIND_DIFF_HEADER]: 'diff',
  [KIND_SNAPSHOT_HEADER]: 'snapshot',
  [KIND_BID_LEVEL]: 'level',
  [KIND_ASK_LEVEL]: 'level',
  [KIND_BOOK_STATUS]: 'status',
  [KIND_MARK_PRICE]: 'markPrice',
  [KIND_INDEX_PRICE]: 'indexPrice',
  [KIND_FUNDING_RATE]: 'fundingRate',
  [KIND_OPEN_INTEREST]: 'openInterest',
  [KIND_LIQUIDATION]: 'liquidation',
};

/** Rows of a segment received in [fromNanos, toNanos). */
export function* readTicks(
  reader: TickSegmentReader,
  definition: TickDefinition,
  range: { readonly fromNanos?: bigint; readonly toNanos?: bigint },
): Generator<TickRow> {
  const records = new MarketRecords(BATCH);
  if (range.fromNanos !== undefined) reader.seek(range.fromNanos);
  for (;;) {
    const count = reader.next(records.bytes.subarray(0, BATCH * MARKET_RECORD_BYTES));
    if (count <= 0) return;
    for (let row = 0; row < count; row += 1) {
      const at = records.tsInitNanos(row);
      if (range.toNanos !== undefined && at >= range.toNanos) return;
      const kind = records.kind(row);
      // A bar is two records; a batch holds a whole number of them.
      if (kind === KIND_KLINE_PRICES) yield barOf(records, row, definition);
      else if (kind !== KIND_KLINE_VOLUMES) yield rowOf(records, row, definition);
    }
  }
}

function barOf(records: MarketRecords, row: number, definition: TickDefinition): TickRow {
  const px = (value: number): string => formatDecimal(value, definition.priceScale);
  return {
    opened: formatNanos(records.tsEventNanos(row)),
    open: px(records.price(row)),
    high: px(records.quantity(row)),
    low: px(records.price2(row)),
    close: px(records.quantity2(row)),
    volume: formatDecimal(records.price(row + 1), definition.quantityScale),
  };
}

function rowOf(records: MarketRecords, row: number, definition: TickDefinition): TickRow {
  const kind = records.kind(row);
  if (isDerivativeKind(kind)) return derivativeOf(records, row);
  const px = (value: number): string => formatDecimal(value, definition.priceScale);
  const qty = (value: number): string => formatDecimal(value, definition.quantityScale);
  const event = records.tsEventNanos(row);
  const priced = kind === KIND_TRADE || kind === KIND_BID_LEVEL || kind === KIND_ASK_LEVEL;
  const quoted = kind === KIND_BBO;
  return {
    event: event === 0n ? '' : formatNanos(event),
    received: formatNanos(records.tsInitNanos(row)),
    what: nameOf(records, row),
    side: sideOf(kind, records.flags(row)),
    price: priced || quoted ? px(records.price(row)) : '',
    quantity: priced || quoted ? qty(records.quantity(row)) : '',
    askPrice: quoted ? px(records.price2(row)) : '',
    askQuantity: quoted ? qty(records.quantity2(row)) : '',
    id: String(records.id(row)),
  };
}

/** A mark among changes says that a snapshot stood there. */
function nameOf(records: MarketRecords, row: number): string {
  const kind = records.kind(row);
  const marks = kind === KIND_BOOK_STATUS && records.price(row) === BOOK_SNAPSHOT;
  return marks ? 'snapshot' : (NAMES[kind] ?? String(kind));
}

/** A rate stands where prices do; the time it is for in ms where ids do. */
function derivativeOf(records: MarketRecords, row: number): TickRow {
  const kind = records.kind(row);
  const event = records.tsEventNanos(row);
  const isRate = kind === KIND_FUNDING_RATE;
  const sized = kind === KIND_OPEN_INTEREST || kind === KIND_LIQUIDATION;
  const decimals = isRate ? RATE_SCALE : records.price2(row);
  return {
    event: event === 0n ? '' : formatNanos(event),
    received: formatNanos(records.tsInitNanos(row)),
    what: NAMES[kind] ?? String(kind),
    side: sideOf(kind, records.flags(row)),
    price: kind === KIND_OPEN_INTEREST ? '' : formatDecimal(records.price(row), decimals),
    quantity: sized ? formatDecimal(records.quantity(row), records.quantity2(row)) : '',
    askPrice: '',
    askQuantity: '',
    id: String(records.id(row)),
  };
}

function sideOf(kind: number, flags: number): string {
  if (kind === KIND_BID_LEVEL) return 'bid';
  if (kind === KIND_ASK_LEVEL) return 'ask';
  if (kind !== KIND_TRADE && kind !== KIND_LIQUIDATION) return '';
  if ((flags & FLAG_AGGRESSOR_UNKNOWN) !== 0) return '';
  return (flags & FLAG_AGGRESSOR_SELL) === 0 ? 'buy' : 'sell';
}
