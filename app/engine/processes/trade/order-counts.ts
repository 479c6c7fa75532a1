import type { KernelView } from '../../kernel/view.ts';
import type { Order } from '../../domain/order.ts';
import type { OwnVitals } from '../../server/vital-signs.ts';

/** Orders by status, and how many the venue leaves Unknown. */
export function countOrders(orders: readonly Order[]): NonNullable<OwnVitals['orders']> {
  const byStatus: Record<string, number> = {};
  let oldestUnknownAt: number | undefined;
  let unknown = 0;
  for (const { status, unknownSince } of orders) {
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (unknownSince === undefined) continue;
    unknown += 1;
    oldestUnknownAt = Math.min(oldestUnknownAt ?? unknownSince, unknownSince);
  }
  return { byStatus, unknown, ...(oldestUnknownAt === undefined ? {} : { oldestUnknownAt }) };
}

/** Reports of the venue that the kernel did not take. */
export function refusedEvents(counters: KernelView['counters']): number {
  const { illegalTransitions, contradictoryFills, overfills, unknownAccounts } = counters;
  return illegalTransitions + contradictoryFills + overfills + unknownAccounts;
}
