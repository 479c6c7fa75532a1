import type { HistoryMark } from '../domain/carried.ts';
import type { TradeId } from '../domain/identifiers.ts';

/** True of a trade that came after another on its instrument. */
export function isLater(left: TradeId, right: TradeId): boolean {
  return left.length === right.length ? left > right : left.length > right.length;
}

/**
 * The marks after history was read up to `trades`. Only history moves a mark: a fill that came on the stream or with a query
 * says nothing of those before it, which may have been missed.
 */
export function advanceHistory(
  marks: readonly HistoryMark[],
  trades: readonly HistoryMark[],
): readonly HistoryMark[] {
  const last = new Map(marks.map(({ instrument, tradeId }) => [instrument, tradeId]));
  for (const { instrument, tradeId } of trades) {
    const known = last.get(instrument);
    if (known === undefined || isLater(tradeId, known)) last.set(instrument, tradeId);
  }
  return [...last]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([instrument, tradeId]) => ({ instrument, tradeId }));
}

/** True when history has not been read up to this trade. */
export function isAfterMark(marks: readonly HistoryMark[], trade: HistoryMark): boolean {
  const mark = marks.find(({ instrument }) => instrument === trade.instrument);
  return mark === undefined || isLater(trade.tradeId, mark.tradeId);
}
