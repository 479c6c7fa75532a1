import { InvariantError } from '../engine/base/invariant.ts';
import type { Clock } from '../engine/base/clock.ts';
import type { TradingState } from '../engine/domain/account.ts';
import type { Effect, Input, Update } from '../engine/domain/input.ts';
import { isTerminal, type Fill, type Order, type OrderStatus } from '../engine/domain/order.ts';
import type { Kernel } from '../engine/kernel/kernel.ts';
import type { Exchange } from '../sandbox/exchange/exchange.ts';
import { isOpen } from '../sandbox/exchange/order.ts';

/** Something that must never be, and was. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** What did not hold, the same for every place where it does not. */
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.rule = rule;
  }
}

function must(condition: boolean, rule: string, detail: () => string): asserts condition {
  if (!condition) throw new Violation(rule, detail());
}

/** A trade of the account with itself is a fill on either side. */
function fillKey(tradeId: number, side: Order['side']): string {
  return `${tradeId} ${side}`;
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

/** What decides whether an order that adds risk may leave. */
interface Ground {
  state: TradingState;
  armed: boolean;
  position: number;
  /** What the feed says of its data, and whether a quote came since it was last in doubt. */
  live: boolean;
  quoted: boolean;
  /** When the newest quote was made, by the world's time. */
  quotedAt: number;
}

/** What the limits of the process say, and what a step of the clock too small to be noticed may add. */
const STALE_AFTER_MICROS = 5_000_000;
const UNNOTICED_MICROS = 550_000;

/** Looks at every input and effect of the kernel with the exchange's books open beside it. */
export class Watch {
  readonly #exchange: Exchange;
  readonly #symbol: string;
  readonly #durableBeforeSend: boolean;
  readonly #time: Clock;
  readonly #sent = new Map<string, Sent>();
  readonly #fills = new Set<string>();
  readonly #seen = new Map<string, Seen>();
  readonly #accepted = new Map<string, number>();
  /** Orders that had not to wait for the disk and whose record a loss of power took. */
  readonly #forgotten = new Set<string>();
  #checkedFills = 0;
  #exchangeFills = new Map<string, Exchange['desk']['fills'][number]>();
  #ground: Ground = {
    state: 'Locked',
    armed: false,
    position: 0,
    live: false,
    quoted: false,
    quotedAt: 0,
  };
  #held = 0;
  /** What the kernel answered to the last command that it refused. */
  lastRefusal = '';
  inputs = 0;
  effects = 0;

  constructor(exchange: Exchange, symbol: string, durableBeforeSend: boolean, time: Clock) {
    this.#time = time;
    this.#exchange = exchange;
    this.#symbol = symbol;
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
  begin(kernel: Kernel, tailLost: boolean): void {
    const view = kernel.view();
    this.#seen.clear();
    this.#fills.clear();
    for (const { clientOrderId, status, cumQty } of view.orders) {
      this.#seen.set(clientOrderId, { status, cumQty });
    }
    for (const { tradeId, side } of view.fills) this.#fills.add(fillKey(Number(tradeId), side));
    this.#held = view.positions[0]?.quantity ?? 0;
    this.#ground = {
      state: view.accounts[0]?.tradingState ?? 'Locked',
      armed: view.armed.length > 0,
      position: this.#held,
      live: false,
      quoted: false,
      quotedAt: 0,
    };
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
        this.#note(input);
        const effects = kernel.apply(input);
        this.inputs += 1;
        this.effects += effects.length;
        for (const effect of effects) this.#check(effect, input);
        for (const effect of effects) if (effect.type === 'Publish') this.#learn(effect.update);
        return effects;
      },
    };
  }

  /** The process reads a quote that the feed made at `micros` of the world's time. */
  noteQuote(micros: number): void {
    this.#ground.quotedAt = micros;
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
    let held = 0;
    for (const { side, lastQty } of view.fills) held += side === 'Buy' ? lastQty : -lastQty;
    const position = view.positions[0]?.quantity ?? 0;
    const whole = view.fills.length === view.fillCount;
    must(!whole || position === held, 'POSITION_WRONG', () => {
      return `the fills make ${held}, the position is ${position}`;
    });
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

  #note(input: Input): void {
    const ground = this.#ground;
    if (input.type === 'FeedLapped' || input.type === 'ClockAdjusted') ground.quoted = false;
    if (input.type !== 'Market') return;
    if (input.event.type === 'DataStateChanged') ground.live = input.event.state === 'Live';
    if (input.event.type === 'QuoteChanged') ground.quoted = true;
  }

  #check(effect: Effect, input: Input): void {
    if (effect.type === 'SendOrder') this.#checkSent(effect.order, input);
    if (effect.type === 'SendReplace') this.#checkSent(effect.replacement, undefined);
    if (effect.type !== 'Publish') return;
    const { update } = effect;
    if (update.type === 'OrderChanged') this.#checkOrder(update.order);
    if (update.type === 'FillAdded') this.#checkFill(update.fill);
    if (update.type === 'PositionChanged') {
      const { quantity } = update.position;
      must(quantity === this.#held, 'POSITION_WRONG', () => {
        return `the fills make ${this.#held}, the position is ${quantity}`;
      });
    }
    if (update.type === 'FlattenChanged' && update.receipt.flat) this.#checkFlat(update.receipt.id);
  }

  #checkSent(order: Order, input: Input | undefined): void {
    const { clientOrderId: id, origin, side, quantity } = order;
    must(!this.#sent.has(id), 'SENT_TWICE', () => `${id} left twice`);
    const reduces = side === 'Buy' ? this.#held < 0 : this.#held > 0;
    this.#sent.set(id, { origin, reduces });
    if (input?.type !== 'UserCommand' || origin !== 'Manual') return;
    const { state, armed, position, live, quoted, quotedAt } = this.#ground;
    const ageMicros = this.#time.nowMicros() - quotedAt;
    const fresh = live && quoted && ageMicros <= STALE_AFTER_MICROS + UNNOTICED_MICROS;
    must(state !== 'Locked', 'SENT_WHILE_LOCKED', () => `${id} left while Locked`);
    if (state === 'Active' && armed && fresh) return;
    const against = side === 'Buy' ? -position : position;
    must(against >= quantity, 'RISK_WHILE_CLOSED', () => {
      return `${id} ${side} ${quantity} left while ${state}, armed ${armed}, data ${live && quoted ? 'live' : 'in doubt'} of ${ageMicros} us, held ${position}`;
    });
  }

  #checkOrder(order: Order): void {
    const { clientOrderId: id, status, cumQty } = order;
    const before = this.#seen.get(id);
    this.#seen.set(id, { status, cumQty });
    const truth = this.#exchange.desk.find(this.#symbol, undefined, id);
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
    const key = fillKey(id, fill.side);
    must(!this.#fills.has(key), 'FILL_TWICE', () => `trade ${id} was counted twice`);
    this.#fills.add(key);
    this.#held += fill.side === 'Buy' ? fill.lastQty : -fill.lastQty;
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
      this.#exchangeFills.set(fillKey(fill.tradeId, fill.order.request.side), fill);
    }
    return this.#exchangeFills.get(key);
  }

  #checkFlat(id: string): void {
    const ours = this.#exchange.desk.openOrders().filter(({ clientOrderId }) => {
      return clientOrderId.startsWith('qd');
    });
    must(ours.length === 0, 'RECEIPT_WRONG', () => {
      return `${id} says flat with ${ours.length} orders of ours open at the venue`;
    });
  }

  #learn(update: Update): void {
    if (update.type === 'CommandAnswered' && !update.result.ok) {
      this.lastRefusal = `${update.result.code}: ${update.result.message}`;
    }
    if (update.type === 'AccountChanged') this.#ground.state = update.account.tradingState;
    if (update.type === 'ArmingChanged') this.#ground.armed = update.armed;
    if (update.type === 'PositionChanged') this.#ground.position = update.position.quantity;
  }
}
