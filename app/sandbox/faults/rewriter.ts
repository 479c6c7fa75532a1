import type { Faults } from './faults.ts';
import { isObject, objectOf, type Json } from './passing.ts';

/** How far back book updates are numbered after a reset. */
const RESET_BY = 900_000;
/** How old a stale snapshot is, in updates. */
const STALE_BY = 500_000;

/** What lasting faults change in everything that is sent: the venue's time, the numbers of book updates, orders it rejected late. */
export class Rewriter {
  readonly #faults: Faults;
  readonly #rejected = new Set<number>();
  #skewMs = 0;
  #reset = false;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** True when nothing is changed. */
  get idle(): boolean {
    return !this.#reset && this.#rejected.size === 0;
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  /** Looks again which faults last. */
  follow(): void {
    const states = this.#faults.states();
    this.#skewMs = states.find(({ kind }) => kind === 'clock-skew')?.ms ?? 0;
    this.#reset =
      states.some(({ kind }) => kind === 'sequence-reset') || states.some(({ reset }) => reset);
  }

  /** The exchange ends this order, and is to say that it rejected it. */
  rejected(orderId: number): void {
    this.#rejected.add(orderId);
  }

  /** A stream message or event as it is sent; `text` itself when nothing changes. */
  message(message: Json, text: string): string {
    const event = isObject(message['event']) ? message['event'] : undefined;
    if (event?.['x'] === 'CANCELED' && this.#rejected.has(Number(event['i']))) {
      return JSON.stringify({ ...message, event: { ...event, x: 'REJECTED', X: 'REJECTED' } });
    }
    const data = isObject(message['data']) ? message['data'] : undefined;
    if (!this.#reset || data?.['u'] === undefined) return text;
    const made = { ...data, u: Number(data['u']) - RESET_BY };
    const first = data['U'] === undefined ? {} : { U: Number(data['U']) - RESET_BY };
    return JSON.stringify({ ...message, data: { ...made, ...first } });
  }

  /** A REST answer's body as it is sent. */
  body(request: string, body: string, stale: boolean): string {
    if (request === 'GET /api/v3/time' && this.#skewMs !== 0) {
      return JSON.stringify({ serverTime: Number(objectOf(body)['serverTime']) + this.#skewMs });
    }
    if (request === 'GET /api/v3/depth' && (this.#reset || stale)) {
      const book = objectOf(body);
      const by = (this.#reset ? RESET_BY : 0) + (stale ? STALE_BY : 0);
      return JSON.stringify({ ...book, lastUpdateId: Number(book['lastUpdateId']) - by });
    }
    const tellsOrders = request === 'GET /api/v3/order' || request === 'GET /api/v3/allOrders';
    if (this.#rejected.size === 0 || !tellsOrders) return body;
    const orders: unknown = JSON.parse(body);
    const told = Array.isArray(orders)
      ? orders.map((order: unknown) => this.#order(order))
      : this.#order(orders);
    return JSON.stringify(told);
  }

  #order(order: unknown): unknown {
    if (!isObject(order) || order['status'] !== 'CANCELED') return order;
    return this.#rejected.has(Number(order['orderId'])) ? { ...order, status: 'REJECTED' } : order;
  }
}
