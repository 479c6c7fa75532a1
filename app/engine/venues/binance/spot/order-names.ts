import { err, ok, type Result } from '../../../base/result.ts';
import type { ClientOrderId, VenueOrderId } from '../../../domain/identifiers.ts';
import type { VenueOrder } from '../../../domain/venue-report.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';

/** So many orders are looked up one by one: together they weigh as much as a page of the list. */
const FEW = 5;
/** Pages and single orders asked for at most; beyond them the question fails rather than burns the budget. */
const MOST_PAGES = 40;
const MOST_LOOKUPS = 200;

/** How orders are asked for by the venue's ids. */
export interface OrderNameSource {
  /** One order; absent when the venue does not keep it. */
  one(venueOrderId: VenueOrderId): Promise<Result<VenueOrder | undefined, VenueError>>;
  /** A page of the orders from that one on, oldest first. */
  page(from: VenueOrderId): Promise<Result<readonly VenueOrder[], VenueError>>;
}

/** Our ids of orders; an order the venue no longer keeps goes under the venue's own id. */
export async function namesOf(
  venueOrderIds: Iterable<VenueOrderId>,
  source: OrderNameSource,
): Promise<Result<ReadonlyMap<VenueOrderId, ClientOrderId>, VenueError>> {
  const names = new Map<VenueOrderId, ClientOrderId>();
  let left = [...new Set(venueOrderIds)].sort((one, other) => Number(one) - Number(other));
  let pages = 0;
  let lookups = 0;
  for (let [first] = left; first !== undefined; [first] = left) {
    if (left.length > FEW && pages < MOST_PAGES) {
      pages += 1;
      const page = await source.page(first);
      if (!page.ok) return page;
      for (const { venueOrderId, clientOrderId } of page.value) {
        names.set(venueOrderId, clientOrderId);
      }
      const unnamed = left.filter((id) => !names.has(id));
      const isUseful = unnamed.length < left.length;
      left = unnamed;
      if (isUseful) continue;
    }
    if (lookups === MOST_LOOKUPS) return err(tooMany(left.length));
    lookups += 1;
    const order = await source.one(first);
    if (!order.ok) return order;
    names.set(first, order.value?.clientOrderId ?? (`venue-${first}` as ClientOrderId));
    left = left.slice(1);
  }
  return ok(names);
}

function tooMany(left: number): VenueError {
  const message = `fills of ${left} orders that are not known here, after ${MOST_PAGES} pages and ${MOST_LOOKUPS} orders were read: ask for a shorter window`;
  return { code: 'HISTORY_TOO_LARGE', kind: 'Refused', message };
}
