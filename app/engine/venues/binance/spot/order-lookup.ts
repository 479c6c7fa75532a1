import { err, ok, type Result } from '../../../base/result.ts';
import type { ClientOrderId } from '../../../domain/identifiers.ts';
import type { UnixMicros } from '../../../domain/time.ts';
import type { VenueOrder } from '../../../domain/venue-report.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';

/** So many orders asked for at once are looked for in one list. */
const CROWD = 5;

/** How orders are asked for. */
export interface OrderSource {
  /** One by our id; absent when the venue does not know it. */
  one(clientOrderId: ClientOrderId): Promise<Result<VenueOrder | undefined, VenueError>>;
  /** Every order from `since` on, or undefined when the venue gives no list so long. */
  all(since: UnixMicros): Promise<Result<readonly VenueOrder[], VenueError>> | undefined;
}

interface Question {
  readonly clientOrderId: ClientOrderId;
  readonly since: UnixMicros;
  readonly answer: (found: Result<VenueOrder | undefined, VenueError>) => void;
}

/**
 * Finds orders by our ids: a few one by one; of a crowd (a process that died in a storm has hundreds to ask for) one list that
 * begins after the last of them was asked for weighs as much as five.
 */
export class OrderLookup {
  readonly #source: OrderSource;
  #waiting: Question[] = [];
  #running = false;

  constructor(source: OrderSource) {
    this.#source = source;
  }

  /** The order as the venue has it; absent when it does not know it. */
  ask(
    clientOrderId: ClientOrderId,
    since: UnixMicros,
  ): Promise<Result<VenueOrder | undefined, VenueError>> {
    return new Promise((answer) => {
      this.#waiting.push({ clientOrderId, since, answer });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // What is asked for within one turn of the event loop goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#answer(group);
    }
    this.#running = false;
  }

  async #answer(group: readonly Question[]): Promise<void> {
    const since = group.reduce((least, one) => (one.since < least ? one.since : least), Infinity);
    const list = group.length < CROWD ? undefined : this.#source.all(since as UnixMicros);
    if (list === undefined) {
      const each = group.map(async (one) => one.answer(await this.#source.one(one.clientOrderId)));
      await Promise.all(each);
      return;
    }
    const all = await list;
    const byId = new Map(all.ok ? all.value.map((order) => [order.clientOrderId, order]) : []);
    for (const { clientOrderId, answer } of group) {
      answer(all.ok ? ok(byId.get(clientOrderId)) : err(all.error));
    }
  }
}
