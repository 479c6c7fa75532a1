import type { OrderReason } from '../orders/order-events.ts';

/** Why an order never left where nothing is wrong with the order: the same may leave a little later. */
const PASSING: ReadonlySet<string> = new Set([
  'JOURNAL_UNWRITABLE',
  'NOT_CONNECTED',
  'QUEUE_FULL',
  'QUEUE_TIMEOUT',
  'VENUE_BANNED',
]);

/** True of a reason on our own side that passes. */
export function isPassing(reason: OrderReason | undefined): reason is OrderReason {
  return reason !== undefined && PASSING.has(reason.code);
}
