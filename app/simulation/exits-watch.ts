import { isTerminal, type Order } from '../engine/domain/order.ts';
import type { Update } from '../engine/domain/input.ts';
import type { KernelView } from '../engine/kernel/view.ts';
import type { Exchange } from '../sandbox/exchange/exchange.ts';
import { symbolOf } from './venue-host.ts';
import { must, Violation } from './violation.ts';

const SETTLED_BY = new Set(['BRACKET_TOO_SMALL', 'BRACKET_DROPPED', 'BRACKET_EXIT_REJECTED']);

/** Looks at the exits of brackets: never more than their entry filled at the venue, never the other way, and none forgotten. */
export class ExitsWatch {
  readonly #exchange: Exchange;
  /** What of an entry's fills has exits, by the entry's id. */
  readonly #covered = new Map<string, number>();
  /** Exits that were sent, the first of a list, by their id. */
  readonly #exits = new Map<string, Order>();
  /** Entries of which somebody was told why a part has none. */
  readonly #told = new Set<string>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Entries that have exits. */
  get covered(): number {
    return this.#covered.size;
  }

  /** What a loss of power took is not known any more, and is sent again. */
  begin(view: KernelView): void {
    this.#covered.clear();
    for (const order of view.orders) {
      const { parent, quantity, type, contingency } = order;
      // Of a list one leg counts.
      if (parent === undefined || (contingency !== undefined && type !== 'Limit')) continue;
      if (this.#cameToNothing(order)) continue;
      this.#covered.set(parent, (this.#covered.get(parent) ?? 0) + quantity);
    }
  }

  /** Two exits of one list cover what one does. `held` is the position by the venue's fills. */
  check(exits: readonly Order[], held: number): void {
    const [first] = exits;
    if (first?.parent === undefined) return;
    const { parent, instrument, side, quantity } = first;
    const entry = this.#exchange.desk.find(symbolOf(instrument), undefined, parent);
    const covered = (this.#covered.get(parent) ?? 0) + quantity;
    this.#covered.set(parent, covered);
    this.#exits.set(first.clientOrderId, first);
    must(covered <= (entry?.executed ?? 0), 'EXIT_TOO_LARGE', () => {
      return `exits of ${parent} are for ${covered}, at the venue ${entry?.executed} were filled`;
    });
    const opposite = entry?.request.side === 'Buy' ? 'Sell' : 'Buy';
    const closes = side === 'Sell' ? held : -held;
    const same = exits.every((one) => one.side === opposite && one.quantity === quantity);
    must(same && closes >= quantity, 'EXIT_OPENS', () => {
      return `${first.clientOrderId} ${side} ${quantity} of ${parent} closes nothing: held ${held}`;
    });
  }

  learn(update: Update): void {
    if (update.type === 'OrderChanged') this.#release(update.order);
    if (update.type !== 'Alert' || !SETTLED_BY.has(update.code)) return;
    for (const id of update.message.match(/qd[0-9a-z]+-[0-9a-z]+/g) ?? []) this.#told.add(id);
  }

  /** One that is said to have come to nothing, and that the venue does not know, covers nothing: it may be sent anew. */
  #release(order: Order): void {
    const { clientOrderId: id, parent } = order;
    const exit = this.#exits.get(id);
    if (exit === undefined || parent === undefined || !this.#cameToNothing(order)) return;
    this.#exits.delete(id);
    this.#covered.set(parent, (this.#covered.get(parent) ?? 0) - exit.quantity);
  }

  #cameToNothing({ clientOrderId: id, instrument, status }: Order): boolean {
    if (status !== 'Rejected') return false;
    return this.#exchange.desk.find(symbolOf(instrument), undefined, id) === undefined;
  }

  /** In a trading account nothing that filled is left without its exits, unless somebody was told. */
  assertNoneMissing(view: KernelView): void {
    for (const { clientOrderId: id, bracket, instrument, status } of view.orders) {
      if (bracket === undefined || this.#told.has(id)) continue;
      const entry = this.#exchange.desk.find(symbolOf(instrument), undefined, id);
      if (entry === undefined || entry.executed === 0) continue;
      // While it works, more may fill and make the rest large enough for exits.
      if (this.#covered.has(id) || !isTerminal(status)) continue;
      throw new Violation('UNPROTECTED', `${id} filled ${entry.executed} and has no exits`);
    }
  }
}
