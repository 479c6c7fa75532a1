import type { QueuedOrder } from '../../api/feed-service.ts';
import type { ClientOrderId, InstrumentId } from '../../domain/identifiers.ts';
import type { InstrumentFeed } from './instrument-feed.ts';

/** Own orders whose queues are estimated, for as long as a window watches them: an order once, however many windows know it. */
export class QueuedOrders {
  readonly #find: (instrument: InstrumentId) => InstrumentFeed | undefined;
  readonly #byWindow = new Map<object, readonly QueuedOrder[]>();
  #told = new Set<InstrumentFeed>();

  constructor(find: (instrument: InstrumentId) => InstrumentFeed | undefined) {
    this.#find = find;
  }

  /** Replaces what a window watches; none when it leaves. */
  set(window: object, orders: readonly QueuedOrder[]): void {
    if (orders.length === 0) this.#byWindow.delete(window);
    else this.#byWindow.set(window, orders);
    const all = new Map<InstrumentFeed, Map<ClientOrderId, QueuedOrder>>();
    for (const known of this.#byWindow.values()) {
      for (const one of known) {
        const feed = this.#find(one.instrument);
        if (feed === undefined) continue;
        const there = all.get(feed) ?? new Map<ClientOrderId, QueuedOrder>();
        all.set(feed, there.set(one.order, one));
      }
    }
    for (const feed of this.#told) if (!all.has(feed)) feed.queue.setOrders([]);
    for (const [feed, there] of all) feed.queue.setOrders([...there.values()]);
    this.#told = new Set(all.keys());
  }
}
