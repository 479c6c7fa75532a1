import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_LAST,
  KIND_TRADE,
} from '../../native/compute/market-record.ts';
import { putMessage, type BookMessage, type ChangedLevel } from './book-rows.ts';
import type { Cells } from './cells.ts';
import type { RecordSink, RowReader } from './table-shape.ts';

/** Flags of a row: the last of its event, and part of a snapshot. */
const LAST_OF_EVENT = 128;
const OF_SNAPSHOT = 32;

interface RestingOrder {
  readonly bid: boolean;
  readonly price: number;
  readonly quantity: number;
}

/** Rows of market by order: orders come, change and go; what is kept are the trades and the levels that they make, an event at a time. */
export class OrderRows implements RowReader {
  readonly #sink: RecordSink;
  readonly #orders = new Map<string, RestingOrder>();
  readonly #levels = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  /** Levels the event has touched, by side and price. */
  readonly #touched = new Map<string, { readonly bid: boolean; readonly price: number }>();
  /** The snapshot that is being told: nothing marks its last row. */
  #snapshot: BookMessage | undefined;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  read(cells: Cells): void {
    const action = cells.text('action');
    const flags = cells.whole('flags');
    const ofSnapshot = (flags & OF_SNAPSHOT) !== 0;
    if (!ofSnapshot) this.end();
    if (action === 'T') this.#trade(cells);
    else this.#change(cells, action);
    if (ofSnapshot) this.#snapshot = messageOf(cells, true);
    else if ((flags & LAST_OF_EVENT) !== 0) this.#endEvent(messageOf(cells, false));
  }

  end(): void {
    if (this.#snapshot !== undefined) this.#endEvent(this.#snapshot);
    this.#snapshot = undefined;
  }

  #trade(cells: Cells): void {
    const side = cells.word('side', {
      B: 0,
      A: FLAG_AGGRESSOR_SELL,
      N: FLAG_AGGRESSOR_UNKNOWN,
    });
    const { eventNanos, initNanos, id } = messageOf(cells, false);
    const [price, size] = [cells.price('price'), cells.quantity('size')];
    this.#sink.put(KIND_TRADE, FLAG_LAST | side, eventNanos, initNanos, price, size, 0, 0, id);
  }

  #change(cells: Cells, action: string): void {
    const order = cells.text('order_id');
    const before = this.#orders.get(order);
    switch (action) {
      case 'R':
        this.#clear();
        return;
      // A fill takes nothing away: the cancel that follows it does.
      case 'F':
        return;
      case 'A':
        if (before !== undefined) cells.refuse('order_id', 'must be new, for it is added');
        this.#put(order, before, restingOf(cells));
        return;
      case 'M':
        if (before === undefined) cells.refuse('order_id', 'must be known, for it is changed');
        this.#put(order, before, restingOf(cells));
        return;
      case 'C': {
        if (before === undefined)
          return cells.refuse('order_id', 'must be known, for it is canceled');
        const left = Math.max(0, before.quantity - cells.quantity('size'));
        this.#put(order, before, { ...before, quantity: left });
        return;
      }
      default:
        cells.refuse('action', 'must be one of A, C, M, R, T, F');
    }
  }

  #put(order: string, before: RestingOrder | undefined, now: RestingOrder): void {
    if (before !== undefined) this.#add(before, -before.quantity);
    this.#add(now, now.quantity);
    if (now.quantity === 0) this.#orders.delete(order);
    else this.#orders.set(order, now);
  }

  #add({ bid, price }: RestingOrder, by: number): void {
    const levels = bid ? this.#levels.bid : this.#levels.ask;
    levels.set(price, (levels.get(price) ?? 0) + by);
    this.#touched.set(`${bid} ${price}`, { bid, price });
  }

  #clear(): void {
    for (const order of [...this.#orders.keys()]) {
      const before = this.#orders.get(order);
      if (before !== undefined) this.#put(order, before, { ...before, quantity: 0 });
    }
  }

  #endEvent(message: BookMessage): void {
    const changed = [...this.#touched.values()].map(({ bid, price }): ChangedLevel => {
      const levels = bid ? this.#levels.bid : this.#levels.ask;
      const quantity = levels.get(price) ?? 0;
      if (quantity === 0) levels.delete(price);
      return { bid, price, quantity };
    });
    this.#touched.clear();
    if (changed.length > 0) putMessage(this.#sink, message, changed);
  }
}

function restingOf(cells: Cells): RestingOrder {
  const bid = cells.word('side', { B: true, A: false });
  return { bid, price: cells.price('price'), quantity: cells.quantity('size') };
}

function messageOf(cells: Cells, snapshot: boolean): BookMessage {
  return {
    snapshot,
    eventNanos: cells.nanos('ts_event_ns', 'ns'),
    initNanos: cells.nanos('ts_recv_ns', 'ns'),
    id: cells.whole('sequence'),
  };
}
