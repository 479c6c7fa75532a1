import type { OrdersListed, VenueOrder } from '../../domain/venue-report.ts';
import type { AccountId } from '../../domain/identifiers.ts';
import { needsAttention, type OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import { takeAnswer } from './reconcile.ts';
import { correctReplacements } from './replace.ts';
import { repairOrder } from './repair.ts';
import { holdStray } from './strays.ts';
import { MAX_QUERIES, queryOrder } from './unknown.ts';

/** True when a list asked for at `askedAt` may be older than what was asked of the order since. */
export function isOutdated({ request }: OrderRecord, askedAt: number): boolean {
  return request !== undefined && request.kind !== 'submit' && request.since >= askedAt;
}

/** Live orders of ours, sent before the list was asked for, that it does not name: each is asked about by name. */
export function queryMissing(
  context: KernelContext,
  account: AccountId,
  listed: readonly VenueOrder[],
  askedAt: number,
): void {
  const named = new Set(listed.map(({ clientOrderId }) => clientOrderId));
  context.state.orders
    .liveOf(account)
    .filter((record) => !named.has(record.order.clientOrderId))
    .filter((record) => record.order.decidedAt < askedAt && !needsAttention(record))
    .slice(0, MAX_QUERIES)
    .forEach((record) => queryOrder(context, record));
}

/** The open orders between two comparisons: ends that were not told, orders placed elsewhere, orders of ours that are not there. */
export function onOrdersListed(context: KernelContext, report: OrdersListed): void {
  const askedAt = takeAnswer(context, report, 'orders');
  if (askedAt === undefined) return;
  for (const stated of report.openOrders) {
    const { clientOrderId, terms } = stated;
    const known = context.state.orders.get(clientOrderId);
    if (known === undefined) holdStray(context, { ...terms, clientOrderId }, undefined);
    else if (!isOutdated(known, askedAt))
      repairOrder(context, known, stated, 'the list of open orders');
  }
  queryMissing(context, report.account, report.openOrders, askedAt);
  correctReplacements(context, report.account);
}
