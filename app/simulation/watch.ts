import { InvariantError } from '../engine/base/invariant.ts';
import type { Clock } from '../engine/base/clock.ts';
import type { InstrumentId } from '../engine/domain/identifiers.ts';
import type { Effect, FlattenReceipt, Input, Update } from '../engine/domain/input.ts';
import { isTerminal, type Fill, type Order, type OrderStatus } from '../engine/domain/order.ts';
import type { Kernel } from '../engine/kernel/kernel.ts';
import type { OpenedSession } from '../engine/processes/trade/open-session.ts';
import type { Exchange } from '../sandbox/exchange/exchange.ts';
import { isOpen } from '../sandbox/exchange/order.ts';
import { ExitsWatch } from './exits-watch.ts';
import { Ground } from './ground.ts';
import { symbolOf } from './venue-host.ts';
import { must, Violation } from './violation.ts';

/** Trades are numbered by market; one of the account with itself is a fill on either side. */
function fillKey(symbol: string, tradeId: number, side: Order['side']): string {
  return `${symbol} ${tradeId} ${side}`;
}

function signed({ side, lastQty }: Fill): number {
  return side === 'Buy' ? lastQty : -lastQty;
}

/** An order that left; one that made the position smaller need not have waited for the disk. */
interface Sent {
  readonly origin: Order['origin'];
  readonly reduces: boolean;
}

interface Seen {
  readonly status: OrderStatus;
  readonly cumQty: number;
}

/** Looks at every input and effect of the kernel with the exchange's books open beside it. */
export class Watch {
  readonly #exchange: Exchange;
  readonly ground = new Ground();
  readonly exits: ExitsWatch;
  readonly #durableBeforeSend: boolean;
  readonly #time: Clock;
  readonly #sent = new Map<string, Sent>();
  readonly #fills = new Set<string>();
  readonly #scopes = new Map<string, InstrumentId>();
  readonly #seen = new Map<string, Seen>();
  readonly #accepted = new Map<string, number>();
  /** Orders that had not to wait for the disk and whose record a loss of power took. */
  readonly #forgotten = new Set<string>();
  #checkedFills = 0;
  #exchangeFills = new Map<string, Exchange['desk']['fills'][number]>();
  readonly #held = new Map<InstrumentId, number>();
  /** What the kernel answered to the last command that it refused. */
  lastRefusal = '';
  inputs = 0;
  effects = 0;

  constructor(exchange: Exchange, durableBeforeSend: boolean, time: Clock) {
    this.#time = time;
    this.#exchange = exchange;
    this.exits = new ExitsWatch(exchange);
    this.#durableBeforeSend = durableBeforeSend;
    exchange.desk.listen({
      report: ({ order, executionType }) => {
        if (executionType !== 'NEW' || order.executed > 0) return;
        this.#noteAccepted(order.clientOrderId, order.orderId);
      },
      list: () => undefined,
      balances: () => undefined,
    });
  }

  /** The kernel of a start that goes on with the session; what it forgot with a torn tail is forgotten here too. */
  begin({ kernel, lastAlerts }: OpenedSession, tailLost: boolean): void {
    const view = kernel.view();
    for (const alert of lastAlerts) this.exits.learn(alert);
    this.#seen.clear();
    this.#fills.clear();
    for (const { clientOrderId, status, cumQty } of view.orders) {
      this.#seen.set(clientOrderId, { status, cumQty });
    }
    for (const { instrument, tradeId, side } of view.fills) {
      this.#fills.add(fillKey(symbolOf(instrument), Number(tradeId), side));
    }
    this.#held.clear();
    for (const { instrument, quantity } of view.positions) this.#held.set(instrument, quantity);
    this.ground.begin(view);
    if (tailLost) this.exits.begin(view);
    for (const id of this.#accepted.keys()) {
      if (!id.startsWith('qd') || this.#seen.has(id)) continue;
      const exempt = this.#forgotten.has(id) || (tailLost && !this.#waitedForSync(id));
      this.#forgotten.add(id);
      must(exempt, 'ORDER_WITHOUT_INTENT', () => `the venue took ${id}, the journal lacks it`);
    }
  }

  /** A kernel that is watched. */
  around(kernel: Kernel): Kernel {
    return {
      ...kernel,
      apply: (input) => {
        this.ground.note(input);
        this.#noteScope(input);
        const effects = kernel.apply(input);
        this.inputs += 1;
        this.effects += effects.length;
        for (const effect of effects) this.#check(effect, input);
        for (const effect of effects) if (effect.type === 'Publish') this.#learn(effect.update);
        return effects;
      },
    };
  }

  /** Looks at all of a kernel at once. */
  assertSound(kernel: Kernel): void {
    try {
      kernel.encodeState();
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      throw new Violation('STATE_UNSOUND', error.message);
    }
    const view = kernel.view();
    for (const order of view.orders) {
      const left = isTerminal(order.status) ? 0 : order.quantity - order.cumQty;
      must(
        order.leavesQty === left,
        'QUANTITY_LOST',
        () => `${order.clientOrderId} ${order.status} must leave ${left}, was ${order.leavesQty}`,
      );
    }
    if (view.fills.length !== view.fillCount) return;
    const held = new Map<InstrumentId, number>();
    for (const fill of view.fills) {
      held.set(fill.instrument, (held.get(fill.instrument) ?? 0) + signed(fill));
    }
    for (const { instrument, quantity } of view.positions) {
      const sum = held.get(instrument) ?? 0;
      must(quantity === sum, 'POSITION_WRONG', () => {
        return `the fills of ${instrument} make ${sum}, the position is ${quantity}`;
      });
    }
  }

  #waitedForSync(id: string): boolean {
    const sent = this.#sent.get(id);
    return this.#durableBeforeSend && sent?.origin === 'Manual' && !sent.reduces;
  }

  #noteAccepted(id: string, orderId: number): void {
    const before = this.#accepted.get(id);
    this.#accepted.set(id, orderId);
    must(before === undefined || before === orderId, 'ORDER_TWICE', () => {
      return `the venue took ${id} as ${before} and as ${orderId}`;
    });
    if (!id.startsWith('qd')) return;
    must(this.#sent.has(id), 'ORDER_WITHOUT_INTENT', () => `the venue took ${id}`);
  }

  /** Of a flatten: what it is to cover, when that is not the whole account. */
  #noteScope(input: Input): void {
    if (input.type !== 'UserCommand') return;
    const { commandId, command } = input.envelope;
    if (command.type === 'Flatten' && command.instrument !== undefined) {
      this.#scopes.set(commandId, command.instrument);
    }
  }

  #check(effect: Effect, input: Input): void {
    if (effect.type === 'SendOrder') {
      this.#checkSent(effect.order, input);
      this.exits.check([effect.order], this.#heldOf(effect.order.instrument));
    }
    if (effect.type === 'SendReplace') this.#checkSent(effect.replacement, undefined);
    if (effect.type === 'SendOrderList') {
      for (const leg of effect.orders) this.#checkSent(leg, input);
      this.exits.check(effect.orders, this.#heldOf(effect.orders[0].instrument));
    }
    if (effect.type !== 'Publish') return;
    const { update } = effect;
    if (update.type === 'OrderChanged') this.#checkOrder(update.order);
    if (update.type === 'FillAdded') this.#checkFill(update.fill);
    if (update.type === 'PositionChanged') {
      const { instrument, quantity } = update.position;
      const held = this.#heldOf(instrument);
      must(quantity === held, 'POSITION_WRONG', () => {
        return `the fills of ${instrument} make ${held}, the position is ${quantity}`;
      });
    }
    if (update.type === 'FlattenChanged' && update.receipt.flat) this.#checkFlat(update.receipt);
  }

  #checkSent(order: Order, input: Input | undefined): void {
    const { clientOrderId: id, origin, side, quantity, instrument } = order;
    must(!this.#sent.has(id), 'SENT_TWICE', () => `${id} left twice`);
    const held = this.#heldOf(instrument);
    const reduces = side === 'Buy' ? held < 0 : held > 0;
    this.#sent.set(id, { origin, reduces });
    if (input?.type !== 'UserCommand' || origin !== 'Manual') return;
    must(!this.ground.locked, 'SENT_WHILE_LOCKED', () => `${id} left while Locked`);
    const closed = this.ground.closed(instrument, this.#time.nowMicros());
    if (closed === undefined) return;
    const position = this.ground.position(instrument);
    const against = side === 'Buy' ? -position : position;
    must(against >= quantity, 'RISK_WHILE_CLOSED', () => {
      return `${id} ${side} ${quantity} left while ${closed}, held ${position}`;
    });
  }

  #heldOf(instrument: InstrumentId): number {
    return this.#held.get(instrument) ?? 0;
  }

  #checkOrder(order: Order): void {
    const { clientOrderId: id, status, cumQty } = order;
    const before = this.#seen.get(id);
    this.#seen.set(id, { status, cumQty });
    const truth = this.#exchange.desk.find(symbolOf(order.instrument), undefined, id);
    const executed = truth?.executed ?? 0;
    must(cumQty <= executed, 'FILL_INVENTED', () => {
      return `${id} is filled ${cumQty}, at the venue ${executed}`;
    });
    const openThere = truth !== undefined && isOpen(truth);
    must(!isTerminal(status) || !openThere, 'ENDED_TOO_SOON', () => {
      return `${id} is ${status} (${order.reason?.code ?? 'no reason'}), at the venue ${truth?.status}`;
    });
    if (before === undefined) return;
    must(
      cumQty >= before.cumQty,
      'FILL_LOST',
      () => `${id} sank from ${before.cumQty} to ${cumQty}`,
    );
    must(!isTerminal(before.status) || isTerminal(status), 'REVIVED', () => {
      return `${id} went from ${before.status} to ${status}`;
    });
  }

  #checkFill(fill: Fill): void {
    const id = Number(fill.tradeId);
    const key = fillKey(symbolOf(fill.instrument), id, fill.side);
    must(!this.#fills.has(key), 'FILL_TWICE', () => `trade ${id} was counted twice`);
    this.#fills.add(key);
    this.#held.set(fill.instrument, this.#heldOf(fill.instrument) + signed(fill));
    const truth = this.#truth(key);
    const same =
      truth !== undefined &&
      truth.price === fill.lastPx &&
      truth.quantity === fill.lastQty &&
      truth.commission === fill.fee &&
      truth.order.clientOrderId === fill.clientOrderId;
    must(same, 'FILL_INVENTED', () => {
      const told = truth === undefined ? 'nothing' : `${truth.quantity} at ${truth.price}`;
      return `trade ${id} of ${fill.clientOrderId} is ${fill.lastQty} at ${fill.lastPx}, at the venue ${told}`;
    });
  }

  #truth(key: string): Exchange['desk']['fills'][number] | undefined {
    const { fills } = this.#exchange.desk;
    for (; this.#checkedFills < fills.length; this.#checkedFills += 1) {
      const fill = fills[this.#checkedFills];
      if (fill === undefined) continue;
      const { side, listing } = fill.order.request;
      this.#exchangeFills.set(fillKey(listing.symbol, fill.tradeId, side), fill);
    }
    return this.#exchangeFills.get(key);
  }

  #checkFlat({ id, commandId }: FlattenReceipt): void {
    const scope = this.#scopes.get(commandId);
    const ours = this.#exchange.desk.openOrders(scope && symbolOf(scope)).filter((order) => {
      return order.clientOrderId.startsWith('qd');
    });
    must(ours.length === 0, 'RECEIPT_WRONG', () => {
      return `${id} says flat with ${ours.length} orders of ours open at the venue`;
    });
  }

  #learn(update: Update): void {
    if (update.type === 'CommandAnswered' && !update.result.ok) {
      this.lastRefusal = `${update.result.code}: ${update.result.message}`;
    }
    this.ground.learn(update);
    this.exits.learn(update);
  }
}
