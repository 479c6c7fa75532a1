import { createStore } from 'zustand/vanilla';
import type { ClientOrderId } from '../../engine/domain/identifiers.ts';
import type { Order } from '../../engine/domain/order.ts';
import type { Quantity } from '../../engine/domain/price.ts';
import {
  MOST_QUEUED_ORDERS,
  type FeedRequest,
  type QueuedOrder,
  type QueuePlace,
} from '../client/feed-client.ts';
import { Pace, type Frames } from './pace.ts';

/** Places are shown so often: they change with every trade. */
const SHOWN_MS = 200;

/** What is asked of an order changes nothing before the venue has answered. */
const RESTING: ReadonlySet<Order['status']> = new Set([
  'Accepted',
  'PartiallyFilled',
  'PendingReplace',
  'PendingCancel',
]);

/** What is to trade before an order at its price, at most, and all that is there. */
export interface KnownPlace {
  readonly ahead: Quantity;
  readonly level: Quantity;
}

/** Places of own orders in their queues, as the feed estimates them; an order without one is not here. */
export type Places = ReadonlyMap<ClientOrderId, KnownPlace>;

/** Says which orders' places are wanted and keeps what the feed tells of them. */
export class QueuePlaces {
  readonly store = createStore<{ readonly places: Places }>(() => ({ places: new Map() }));
  readonly #send: (request: FeedRequest) => boolean;
  readonly #pace: Pace;
  readonly #places = new Map<ClientOrderId, KnownPlace>();
  #watched: readonly QueuedOrder[] = [];

  constructor(send: (request: FeedRequest) => boolean, frames: Frames) {
    this.#send = send;
    this.#pace = new Pace(frames, SHOWN_MS, () =>
      this.store.setState({ places: new Map(this.#places) }),
    );
  }

  /** Replaces the own orders; those that rest whole in sight are watched, the newest 1,000 of them. */
  watch(orders: Iterable<Order>): void {
    const queued = [...orders].flatMap((order) => queuedOf(order) ?? []).slice(-MOST_QUEUED_ORDERS);
    if (queued.map(keyOf).join() === this.#watched.map(keyOf).join()) return;
    this.#watched = queued;
    const wanted = new Set(queued.map(({ order }) => order));
    for (const order of this.#places.keys()) if (!wanted.has(order)) this.#places.delete(order);
    if (this.#places.size < this.store.getState().places.size) this.#pace.ask();
    this.#send({ type: 'WatchQueue', orders: queued });
  }

  take(places: readonly QueuePlace[]): void {
    if (places.length === 0) return;
    for (const { order, ahead, level } of places) {
      if (ahead === undefined || level === undefined) this.#places.delete(order);
      else this.#places.set(order, { ahead, level });
    }
    this.#pace.ask();
  }

  /** Another feed answers: it is told all, and tells all. */
  welcome(): void {
    this.disconnected();
    if (this.#watched.length > 0) this.#send({ type: 'WatchQueue', orders: [...this.#watched] });
  }

  /** Nothing that was told counts any more. */
  disconnected(): void {
    if (this.#places.size === 0) return;
    this.#places.clear();
    this.#pace.ask();
  }
}

/** An order as the feed takes it; undefined while it does not rest, or shows a part of itself only, or began as a stop: nobody knows since when that rests. */
function queuedOf(order: Order): QueuedOrder | undefined {
  const { clientOrderId, instrument, side, price, leavesQty: leaves, status } = order;
  const takenAt = order.venueAcceptedAt;
  if (!RESTING.has(status) || price === undefined || takenAt === undefined) return undefined;
  if (order.stopPrice !== undefined || order.displayQuantity !== undefined) return undefined;
  return { order: clientOrderId, instrument, side, price, leaves, takenAt };
}

function keyOf({ order, price, leaves, takenAt }: QueuedOrder): string {
  return `${order} ${price} ${leaves} ${takenAt}`;
}
