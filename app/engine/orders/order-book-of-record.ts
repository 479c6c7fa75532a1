import { invariant } from '../base/invariant.ts';
import type {
  AccountId,
  ClientOrderId,
  InstrumentId,
  VenueOrderId,
} from '../domain/identifiers.ts';
import { isTerminal, type Order } from '../domain/order.ts';
import type { Quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';

/** An order and what we still wait for. */
export interface OrderRecord {
  readonly order: Order;
  /** The request the venue has not answered. */
  readonly request?: { readonly kind: 'submit' | 'cancel' | 'replace'; readonly since: UnixMicros };
  /** The highest cumQty the venue stated; above the order's own, fills are owed to us. */
  readonly venueCumQty: Quantity;
  /** The order that was sent to stand in its place, and the quantity that one, this and all this stood for were to make up in all. */
  readonly replacedBy?: { readonly clientOrderId: ClientOrderId; readonly total: Quantity };
  /** Of an entry with a bracket: how much of its cumQty is answered for, and the quantity of its exits so far. */
  readonly exits?: {
    readonly answered: Quantity;
    readonly quantity: Quantity;
    /** Set once people were told that exits wait. */
    readonly told?: true;
    /** The last ones could not leave: none before this time. */
    readonly notBefore?: UnixMicros;
  };
  /** When the venue first counted fills, in passing, that had not come; they may be on their way. */
  readonly owedSince?: UnixMicros;
  /** When it was last asked about. */
  readonly queriedAt?: UnixMicros;
  /** Of an order adopted: what the venue had filled by `until` and whose executions have not come. They are counted in its quantities already. */
  readonly past?: { readonly quantity: Quantity; readonly until: UnixMicros };
  /** When the venue first said that it does not know it, since it last knew it. */
  readonly firstNegativeAt?: UnixMicros;
}

/** True while fills that the venue counted have not been seen. */
export function owesFills(record: OrderRecord): boolean {
  return record.venueCumQty > record.order.cumQty;
}

/** True while something about the order is to be found out: an unanswered request, the Unknown flag, fills owed. A denied order never left: what is told of it is counted as contradictory and asked about no further. */
export function needsAttention(record: OrderRecord): boolean {
  if (record.order.status === 'Denied') return false;
  return (
    record.request !== undefined || record.order.unknownSince !== undefined || owesFills(record)
  );
}

/** True while some of an entry's fills have no answer of its bracket. */
function owesExits({ order, exits }: OrderRecord): boolean {
  return order.bracket !== undefined && order.cumQty > (exits?.answered ?? 0);
}

/** Asserts what holds of every order at every moment. */
function assertOrder(order: Order): void {
  const live = !isTerminal(order.status);
  invariant(
    live ? order.cumQty + order.leavesQty === order.quantity : order.leavesQty === 0,
    `${order.clientOrderId} ${order.status}: cumQty ${order.cumQty} + leavesQty ${order.leavesQty} must conserve quantity ${order.quantity}`,
  );
  invariant(
    live || order.unknownSince === undefined,
    `${order.clientOrderId} ${order.status} must not be Unknown: it has ended`,
  );
  invariant(
    order.status !== 'PendingReplace' || order.pending !== undefined,
    `${order.clientOrderId} PendingReplace must carry what was asked for`,
  );
}

/** The one store of orders: by our id, by the venue's, with indexes of the live ones and of those that need attention. */
export class OrderBookOfRecord {
  readonly #records = new Map<ClientOrderId, OrderRecord>();
  readonly #byVenueId = new Map<string, ClientOrderId>();
  readonly #live = new Map<ClientOrderId, OrderRecord>();
  readonly #attention = new Map<ClientOrderId, OrderRecord>();
  readonly #owing = new Map<ClientOrderId, OrderRecord>();
  readonly #birth = new Map<ClientOrderId, number>();
  #born = 0;

  /** The record of an order, or undefined. */
  get(id: ClientOrderId): OrderRecord | undefined {
    return this.#records.get(id);
  }

  /** The record of the order the venue calls `id` on `instrument`. */
  byVenueId(instrument: InstrumentId, id: VenueOrderId): OrderRecord | undefined {
    const own = this.#byVenueId.get(`${instrument} ${id}`);
    return own === undefined ? undefined : this.#records.get(own);
  }

  /** Writes a record; identity and terms of an order never change and an ended one stays ended. */
  put(record: OrderRecord): void {
    const { order } = record;
    assertOrder(order);
    const before = this.#records.get(order.clientOrderId)?.order;
    if (before !== undefined) {
      invariant(
        before.quantity === order.quantity && before.instrument === order.instrument,
        `${order.clientOrderId}: terms must not change`,
      );
      invariant(
        !isTerminal(before.status) || before.status === order.status,
        `${order.clientOrderId}: ${before.status} must stay, was made ${order.status}`,
      );
      invariant(
        order.cumQty >= before.cumQty,
        `${order.clientOrderId}: cumQty must not fall, was ${before.cumQty}, made ${order.cumQty}`,
      );
    }
    const id = order.clientOrderId;
    this.#records.set(id, record);
    if (before === undefined) {
      this.#birth.set(id, this.#born);
      this.#born += 1;
    }
    if (order.venueOrderId !== undefined) {
      this.#byVenueId.set(`${order.instrument} ${order.venueOrderId}`, id);
    }
    this.#index(this.#live, record, !isTerminal(order.status));
    this.#index(this.#attention, record, needsAttention(record));
    this.#index(this.#owing, record, owesExits(record));
  }

  /** Forgets an order that has ended and of which nothing is to be found out. */
  forget(id: ClientOrderId): void {
    const record = this.#records.get(id);
    if (record === undefined) return;
    const { instrument, venueOrderId } = record.order;
    invariant(this.isOver(id), `${id} must be over to be forgotten, is ${record.order.status}`);
    this.#records.delete(id);
    this.#birth.delete(id);
    if (venueOrderId !== undefined) this.#byVenueId.delete(`${instrument} ${venueOrderId}`);
  }

  /** True while the order has not ended. */
  isLive(id: ClientOrderId): boolean {
    return this.#live.has(id);
  }

  /** Live orders of an account, and of one instrument when named, oldest first. */
  liveOf(account: AccountId, instrument?: InstrumentId): OrderRecord[] {
    return [...this.#live.values()].filter(
      ({ order }) =>
        order.account === account && (instrument === undefined || order.instrument === instrument),
    );
  }

  /**
   * True of the leg of an order list that stands behind the other: the venue sets the quantity of both aside once, so that
   * exposure is the limit leg's while it lives, then this one's.
   */
  isBehind(order: Order): boolean {
    const { contingency, type } = order;
    return contingency !== undefined && type !== 'Limit' && this.isLive(contingency.sibling);
  }

  /** Orders about which something is to be found out, oldest first. */
  attention(): OrderRecord[] {
    return this.#byBirth(this.#attention);
  }

  /** As `attention`, in no order that says anything: for what looks at each of them after every input. */
  inAttention(): Iterable<OrderRecord> {
    return this.#attention.values();
  }

  /** Entries of which some fills have no answer of their bracket, oldest first. */
  owingExits(): OrderRecord[] {
    return this.#owing.size === 0 ? [] : this.#byBirth(this.#owing);
  }

  /** True of an order that has ended, about which nothing is to be found out and whose exits are answered for. */
  isOver(id: ClientOrderId): boolean {
    return !this.#live.has(id) && !this.#attention.has(id) && !this.#owing.has(id);
  }

  /** Every record that is kept, in the order of birth. */
  all(): IterableIterator<OrderRecord> {
    return this.#records.values();
  }

  #byBirth(index: ReadonlyMap<ClientOrderId, OrderRecord>): OrderRecord[] {
    const birth = (record: OrderRecord): number => this.#birth.get(record.order.clientOrderId) ?? 0;
    return [...index.values()].sort((left, right) => birth(left) - birth(right));
  }

  #index(index: Map<ClientOrderId, OrderRecord>, record: OrderRecord, wanted: boolean): void {
    if (wanted) index.set(record.order.clientOrderId, record);
    else index.delete(record.order.clientOrderId);
  }
}
