import { invariant } from '../../base/invariant.ts';
import type { Side } from '../../domain/order.ts';
import type { Price, Quantity } from '../../domain/price.ts';
import { addon } from '../addon.mjs';
import type { MatchingCore } from './matching-binding.ts';
import { MatchingCommands, sideCode, type MatchingOrder } from './matching-commands.ts';
import { MatchingEvents } from './matching-events.ts';

/** Trading takes everything, CancelOnly cancels and reductions, Halted nothing. */
export type MarketState = 'Trading' | 'CancelOnly' | 'Halted';

/** The instrument of a book, and what to allocate for. */
export interface MatchingOptions {
  readonly tickSize: Price;
  readonly stepSize: Quantity;
  /** Ticks of each side that are indexed directly; a power of two in 64..262144, 4096 when absent. */
  readonly windowTicks?: number;
  /** 1 when absent. */
  readonly firstTradeId?: number;
  /** Live orders to allocate for; 4096 when absent. More are fine. */
  readonly expectedOrders?: number;
}

/** What stands ahead of an order at its price. */
export interface QueuePosition {
  readonly quantityAhead: number;
  readonly ordersAhead: number;
}

/** Levels of one side, best first, as columns; overwritten by the next `top` of the same reader. */
export class MatchingLevels {
  /** Rows of price, total quantity, number of orders. */
  readonly rows: Float64Array;
  readonly depth: number;
  count = 0;

  constructor(depth: number) {
    invariant(
      Number.isSafeInteger(depth) && depth > 0,
      `depth must be a whole number > 0, was ${depth}`,
    );
    this.depth = depth;
    this.rows = new Float64Array(depth * 3);
  }

  price(index: number): Price {
    return (this.rows[index * 3] ?? 0) as Price;
  }

  total(index: number): Quantity {
    return (this.rows[index * 3 + 1] ?? 0) as Quantity;
  }

  orders(index: number): number {
    return this.rows[index * 3 + 2] ?? 0;
  }
}

/** Levels that changed; overwritten by the next drain. */
export interface MatchingLevelChanges {
  readonly count: number;
  /** Rows of side code (0 buy, 1 sell), price, total of now (0: the level is gone). */
  readonly rows: Float64Array;
}

const STATES = { Trading: 0, CancelOnly: 1, Halted: 2 } as const;

/** One instrument's order book with price-time priority. What a call caused stands in `events` until the next call. */
export class MatchingEngine {
  readonly #core: MatchingCore;
  readonly #single = new MatchingCommands(1);
  readonly #position = new Float64Array(2);
  #events = new MatchingEvents(1024);
  #changes = new Float64Array(3 * 1024);

  /** Throws when an option is not what its docstring says. */
  constructor(options: MatchingOptions) {
    const {
      tickSize,
      stepSize,
      windowTicks = 4096,
      firstTradeId = 1,
      expectedOrders = 4096,
    } = options;
    for (const [name, value] of Object.entries({
      tickSize,
      stepSize,
      firstTradeId,
      expectedOrders,
    })) {
      invariant(
        Number.isSafeInteger(value) && value > 0,
        `${name} must be a safe integer > 0, was ${value}`,
      );
    }
    invariant(
      expectedOrders <= 2 ** 24,
      `expectedOrders must be at most 2^24, was ${expectedOrders}`,
    );
    invariant(
      windowTicks >= 64 &&
        windowTicks <= 262144 &&
        Number.isInteger(windowTicks) &&
        (windowTicks & (windowTicks - 1)) === 0,
      `windowTicks must be a power of two in 64..262144, was ${windowTicks}`,
    );
    this.#core = new addon.MatchingCore(
      tickSize,
      stepSize,
      windowTicks,
      firstTradeId,
      expectedOrders,
    );
    this.#bind();
  }

  /** What the last call caused. The object may be another one after each call. */
  get events(): MatchingEvents {
    return this.#events;
  }

  /** Runs a batch; what it caused stands in `events`. */
  apply(commands: MatchingCommands): MatchingEvents {
    const count = this.#core.apply(commands.rows, commands.count);
    if (count > this.#events.capacity) {
      this.#events = new MatchingEvents(count * 2);
      this.#bind();
    }
    this.#events.count = count;
    return this.#events;
  }

  submit(order: MatchingOrder): MatchingEvents {
    this.#single.clear();
    this.#single.submit(order);
    return this.apply(this.#single);
  }

  /** Cancels what is left of an order; Rejected with UNKNOWN_ORDER when it is not live. */
  cancel(orderId: number): MatchingEvents {
    this.#single.clear();
    this.#single.cancel(orderId);
    return this.apply(this.#single);
  }

  /** Lowers what is left of an order to `leaves`; it keeps its place in the queue. */
  amend(orderId: number, leaves: Quantity): MatchingEvents {
    this.#single.clear();
    this.#single.amend(orderId, leaves);
    return this.apply(this.#single);
  }

  /** Cancels `orderId` and enters `order` at the end of its queue; an unknown `orderId` rejects `order`. */
  replace(orderId: number, order: MatchingOrder): MatchingEvents {
    this.#single.clear();
    this.#single.replace(orderId, order);
    return this.apply(this.#single);
  }

  setState(state: MarketState): void {
    this.#core.setState(STATES[state]);
  }

  /** Fills `into` with the best levels of a side. */
  top(side: Side, into: MatchingLevels): MatchingLevels {
    into.count = this.#core.top(sideCode(side), into.depth, into.rows);
    return into;
  }

  /** Total quantity at a price; 0 when nothing rests there. */
  levelTotal(side: Side, price: Price): Quantity {
    return this.#core.levelTotal(sideCode(side), price) as Quantity;
  }

  /** What stands ahead of a resting order; absent when it does not rest. Constant time after the first question about an order. */
  queuePosition(orderId: number): QueuePosition | undefined {
    if (!this.#core.queuePosition(orderId, this.#position)) return undefined;
    return { quantityAhead: this.#position[0] ?? 0, ordersAhead: this.#position[1] ?? 0 };
  }

  /** What is left of a live order (resting or waiting for its trigger); 0 when there is none. */
  leaves(orderId: number): Quantity {
    return this.#core.leaves(orderId) as Quantity;
  }

  get liveOrders(): number {
    return this.#core.liveOrders();
  }

  /** The levels whose total changed since the last call, each once, in no useful order. */
  drainLevelChanges(): MatchingLevelChanges {
    const count = this.#core.drainLevelChanges(this.#changes);
    if (count * 3 > this.#changes.length) {
      this.#changes = new Float64Array(count * 6);
      this.#core.copyLevelChanges(this.#changes);
    }
    return { count, rows: this.#changes };
  }

  #bind(): void {
    const { kind, reason, side, numbers } = this.#events;
    this.#core.bind(kind, reason, side, numbers);
  }
}
