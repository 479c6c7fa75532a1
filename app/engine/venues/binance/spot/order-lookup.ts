import { err, ok, type Result } from '../../../base/result.ts';
import type { ClientOrderId } from '../../../domain/identifiers.ts';
import type { UnixMicros } from '../../../domain/time.ts';
import type { VenueOrder } from '../../../domain/venue-report.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';

/** So many orders asked for at once are looked for in one list. */
const CROWD = 5;

type Found = Result<VenueOrder | undefined, VenueError>;

/** How orders are asked for. */
export interface OrderSource {
  /** One by our id; absent when the venue does not know it. */
  one(clientOrderId: ClientOrderId): Promise<Found>;
  /** Every order from `since` on, or undefined when the venue gives no list so long. */
  all(since: UnixMicros): Promise<Result<readonly VenueOrder[], VenueError>> | undefined;
}

/** An order to ask for, and all who want to know. */
interface Question {
  readonly clientOrderId: ClientOrderId;
  readonly since: UnixMicros;
  readonly answers: readonly ((found: Found) => void)[];
}

/**
 * Finds orders by our ids: a few one by one; of a crowd (a process that died in a storm has hundreds to ask for) one list that
 * begins after the last of them was asked for weighs as much as five; what it lacks is asked for by name. No answer is older than its question, and who asks for an
 * order that is waited for already shares the next answer. An answer that does not come holds up no other order: beside four
 * questions on their way the others go as a list.
 */
export class OrderLookup {
  readonly #source: OrderSource;
  readonly #waiting = new Map<ClientOrderId, Question>();
  readonly #asked = new Set<ClientOrderId>();
  #listing = false;
  #due = false;

  constructor(source: OrderSource) {
    this.#source = source;
  }

  /** The order as the venue has it; absent when it does not know it. */
  ask(clientOrderId: ClientOrderId, since: UnixMicros): Promise<Found> {
    return new Promise((answer) => {
      const before = this.#waiting.get(clientOrderId);
      this.#waiting.set(clientOrderId, {
        clientOrderId,
        since: before === undefined || since < before.since ? since : before.since,
        answers: [...(before?.answers ?? []), answer],
      });
      this.#goOn();
    });
  }

  /** Sends what may be sent; what is asked for within one turn of the event loop goes together. */
  #goOn(): void {
    if (this.#due) return;
    this.#due = true;
    void Promise.resolve().then(() => {
      this.#due = false;
      this.#send();
    });
  }

  #send(): void {
    const ready = [...this.#waiting.values()].filter((one) => !this.#asked.has(one.clientOrderId));
    if (ready.length === 0) return;
    if (ready.length + this.#asked.size < CROWD) return this.#askEach(ready);
    if (this.#listing) return;
    const since = ready.reduce((least, one) => (one.since < least ? one.since : least), Infinity);
    const list = this.#source.all(since as UnixMicros);
    if (list === undefined) return this.#askEach(ready);
    for (const { clientOrderId } of ready) this.#waiting.delete(clientOrderId);
    void this.#askAll(ready, list);
  }

  #askEach(questions: readonly Question[]): void {
    for (const question of questions) {
      this.#waiting.delete(question.clientOrderId);
      void this.#askOne(question);
    }
  }

  async #askOne({ clientOrderId, answers }: Question): Promise<void> {
    this.#asked.add(clientOrderId);
    const found = await this.#source.one(clientOrderId);
    this.#asked.delete(clientOrderId);
    for (const answer of answers) answer(found);
    this.#goOn();
  }

  async #askAll(
    questions: readonly Question[],
    list: Promise<Result<readonly VenueOrder[], VenueError>>,
  ): Promise<void> {
    this.#listing = true;
    const all = await list;
    this.#listing = false;
    const byId = new Map(all.ok ? all.value.map((order) => [order.clientOrderId, order]) : []);
    for (const question of questions) {
      const order = byId.get(question.clientOrderId);
      // The list begins at a time of our clock, which may have been set since.
      if (all.ok && order === undefined) void this.#askOne(question);
      else for (const answer of question.answers) answer(all.ok ? ok(order) : err(all.error));
    }
    this.#goOn();
  }
}
