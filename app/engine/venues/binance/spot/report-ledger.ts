import type { ClientOrderId, VenueOrderId } from '../../../domain/identifiers.ts';
import type { KnownOrder } from '../../../ports/execution-client.ts';
import type { OrderRestated, VenueReport, VenueWords } from '../../../domain/venue-report.ts';

/** A set that forgets its oldest members. */
class RecentSet {
  readonly #members = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(member: string): boolean {
    return this.#members.has(member);
  }

  /** True when the member is new. */
  add(member: string): boolean {
    if (this.#members.has(member)) return false;
    this.#members.add(member);
    const [oldest] = this.#members;
    if (this.#members.size > this.#limit && oldest !== undefined) this.#members.delete(oldest);
    return true;
  }
}

const REMEMBERED = 20_000;

/**
 * What this connection has told already. The same fact comes twice (answer and stream, two connections in a rotation)
 * and is told once; which orders are known and which client order id a venue order id has is remembered here.
 */
export class ReportLedger {
  readonly #told = new RecentSet(REMEMBERED);
  readonly #sources = new RecentSet(REMEMBERED);
  readonly #known = new RecentSet(REMEMBERED);
  readonly #clientIds = new Map<VenueOrderId, ClientOrderId>();

  /** Marks an order as one the kernel knows. */
  know(clientOrderId: ClientOrderId): void {
    this.#known.add(clientOrderId);
  }

  knows(clientOrderId: ClientOrderId): boolean {
    return this.#known.has(clientOrderId);
  }

  /** Remembers which order a venue order id is. */
  link(venueOrderId: VenueOrderId, clientOrderId: ClientOrderId): void {
    this.#clientIds.delete(venueOrderId);
    this.#clientIds.set(venueOrderId, clientOrderId);
    const [oldest] = this.#clientIds.keys();
    if (this.#clientIds.size > REMEMBERED && oldest !== undefined) this.#clientIds.delete(oldest);
  }

  /** Remembers them of orders that have one. */
  linkAll(orders: Iterable<KnownOrder>): void {
    for (const { clientOrderId, venueOrderId } of orders) {
      if (venueOrderId !== undefined) this.link(venueOrderId, clientOrderId);
    }
  }

  clientOrderIdOf(venueOrderId: VenueOrderId): ClientOrderId | undefined {
    return this.#clientIds.get(venueOrderId);
  }

  /** True when the report says something not told before. */
  isNews(report: VenueReport): boolean {
    const fact = factOf(report);
    if (fact === undefined) return true;
    if (!this.#told.add(fact)) return false;
    if ('said' in report && report.said !== undefined) {
      this.#sources.add(`${fact} ${report.said.source}`);
    }
    return true;
  }

  /** What another source than before says of a fact that was told already; undefined when that source said it too. */
  restated(report: VenueReport): OrderRestated | undefined {
    if (!('clientOrderId' in report) || !('venueTime' in report)) return undefined;
    const { said, account, instrument, clientOrderId, venueTime } = report;
    const fact = factOf(report);
    if (fact === undefined || said === undefined) return undefined;
    if (!this.#sources.add(`${fact} ${said.source}`)) return undefined;
    const status = said.status ?? statusOf(report);
    const words = { ...said, ...(status === undefined ? {} : { status }) };
    return {
      type: 'OrderRestated',
      account,
      instrument,
      clientOrderId,
      venueTime,
      said: words,
    };
  }
}

/** The status a report alone tells. */
function statusOf({ type }: VenueReport): VenueWords['status'] {
  switch (type) {
    case 'OrderAccepted':
      return 'Accepted';
    case 'OrderRejected':
      return 'Rejected';
    case 'OrderCanceled':
      return 'Canceled';
    case 'OrderExpired':
      return 'Expired';
    default:
      return undefined;
  }
}

/** The key of a fact that is true once; absent for reports that may rightly repeat. */
function factOf(report: VenueReport): string | undefined {
  switch (report.type) {
    case 'OrderAccepted':
    case 'OrderTriggered':
    case 'OrderRejected':
    case 'OrderCanceled':
    case 'OrderExpired':
      return `${report.type} ${report.clientOrderId}`;
    case 'OrderFilled':
      // A trade of the account with itself is two fills of one id.
      return `OrderFilled ${report.instrument} ${report.tradeId} ${report.clientOrderId}`;
    default:
      return undefined;
  }
}
