import { invariant, present } from '../../base/invariant.ts';
import type { TradingState } from '../../domain/account.ts';
import type { Effect } from '../../domain/input.ts';
import { isTerminal, type Order, type OrderStatus } from '../../domain/order.ts';
import { ACCOUNT, BTC, CLIENT } from './desk.ts';
import type { Trial } from './trial.ts';

interface Seen {
  readonly status: OrderStatus;
  readonly cumQty: number;
}

/** What stood before a step and decides what it may send. */
interface Ground {
  readonly state: TradingState;
  readonly armed: boolean;
  readonly position: number;
}

/** Looks at a trial after every step; what it keeps of earlier steps shows what must never go back. */
export class Watch {
  readonly #trial: Trial;
  readonly #seen = new Map<string, Seen>();
  readonly #sent = new Set<string>();
  #inputs: number;
  #effects: number;
  #before: Ground;

  constructor(trial: Trial) {
    this.#trial = trial;
    this.#inputs = trial.desk.inputs.length;
    this.#effects = trial.desk.effects.length;
    this.#before = this.#ground();
  }

  /** Throws unless everything that must hold between two steps does. */
  assertSound(): void {
    const { desk, venue } = this.#trial;
    const view = desk.kernel.view();
    for (const order of view.orders) this.#assertOrder(order);
    assertExits(view.orders);
    let held = 0;
    for (const { side, lastQty } of view.fills) held += side === 'Buy' ? lastQty : -lastQty;
    const position = view.positions.find(({ instrument }) => instrument === BTC)?.quantity ?? 0;
    const whole = view.fills.length === view.fillCount;
    invariant(!whole || position === held, `the position must be ${held}, was ${position}`);
    const most = venue.trades.length;
    invariant(view.fillCount <= most, `fills must be at most ${most}, were ${view.fillCount}`);
    this.#assertSent(desk.effects.slice(this.#effects));
    this.#inputs = desk.inputs.length;
    this.#effects = desk.effects.length;
    this.#before = this.#ground();
  }

  #ground(): Ground {
    const view = this.#trial.desk.kernel.view();
    const account = view.accounts.find((one) => one.account === ACCOUNT);
    const position = view.positions.find(({ instrument }) => instrument === BTC);
    return {
      state: account?.tradingState ?? 'Locked',
      armed: view.armed.includes(CLIENT),
      position: position?.quantity ?? 0,
    };
  }

  #assertOrder(order: Order): void {
    const { clientOrderId: id, status, cumQty, leavesQty, quantity } = order;
    const left = isTerminal(status) ? 0 : quantity - cumQty;
    invariant(leavesQty === left, `${id} ${status} must leave ${left}, was ${leavesQty}`);
    const before = this.#seen.get(id);
    this.#seen.set(id, { status, cumQty });
    if (before === undefined) return;
    invariant(cumQty >= before.cumQty, `${id} filled ${before.cumQty}, must not sink to ${cumQty}`);
    const revived = isTerminal(before.status) && !isTerminal(status);
    invariant(!revived, `${id} ended as ${before.status} and must not be ${status}`);
  }

  /** No id twice; by hand nothing that adds risk where trading was closed before the step. */
  #assertSent(effects: readonly Effect[]): void {
    const inputs = this.#trial.desk.inputs.slice(this.#inputs);
    const asked = inputs.some((input) => {
      return input.type === 'UserCommand' && input.envelope.command.type === 'SubmitOrder';
    });
    for (const effect of effects) {
      for (const order of newOrdersOf(effect)) {
        const { clientOrderId: id } = order;
        invariant(!this.#sent.has(id), `${id} must be sent once`);
        this.#sent.add(id);
        if (asked && order.origin === 'Manual') this.#assertAllowed(order);
      }
    }
  }

  #assertAllowed({ clientOrderId: id, side, quantity }: Order): void {
    const { state, armed, position } = this.#before;
    invariant(state !== 'Locked', `${id} must not leave while trading is Locked`);
    if (state === 'Active' && armed) return;
    const against = side === 'Buy' ? -position : position;
    invariant(
      against >= quantity,
      `${id} must not add risk while ${state}${armed ? '' : ' and not armed'}, held ${position}`,
    );
  }
}

function newOrdersOf(effect: Effect): readonly Order[] {
  switch (effect.type) {
    case 'SendOrder':
      return [effect.order];
    case 'SendOrderList':
      return effect.orders;
    case 'SendReplace':
      return [effect.replacement];
    default:
      return [];
  }
}

/** What exits of an entry may still trade and have filled is at most what it filled; the legs of a list trade its quantity once. */
function assertExits(orders: readonly Order[]): void {
  if (orders.every(({ parent }) => parent === undefined)) return;
  const filled = new Map(orders.map(({ clientOrderId, cumQty }) => [clientOrderId, cumQty]));
  const lists = new Map<string, Order[]>();
  for (const order of orders) {
    const { parent, contingency, clientOrderId: id } = order;
    if (parent === undefined) continue;
    const key = [id, contingency?.sibling ?? ''].sort().join(' ');
    lists.set(key, [...(lists.get(key) ?? []), order]);
  }
  const used = new Map<Order['clientOrderId'], number>();
  for (const legs of lists.values()) {
    const { parent, quantity: size } = present(legs[0], 'leg');
    const traded = legs.reduce((sum, { cumQty }) => sum + cumQty, 0);
    const works = legs.some(({ leavesQty }) => leavesQty > 0);
    invariant(traded <= size, `exits of ${parent} must trade at most ${size}, traded ${traded}`);
    if (parent !== undefined) used.set(parent, (used.get(parent) ?? 0) + (works ? size : traded));
  }
  for (const [parent, size] of used) {
    const most = filled.get(parent) ?? 0;
    invariant(size <= most, `exits of ${parent} must be at most ${most}, were ${size}`);
  }
}
