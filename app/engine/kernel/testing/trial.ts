import { invariant, present, unreachable } from '../../base/invariant.ts';
import type { Command } from '../../domain/command.ts';
import type { Effect } from '../../domain/input.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { newOrder } from '../../orders/order-events.ts';
import type { Kernel } from '../kernel.ts';
import { ACCOUNT, BTC, CLIENT, Desk, terms, updates } from './desk.ts';
import { VenueModel, type Fate } from './venue-model.ts';

/** One thing that happens: what people ask, what the venue does, what the way does to messages, what time does. */
export type Step =
  | { readonly kind: 'submit'; readonly sell: boolean; readonly size: number; readonly px: number }
  | { readonly kind: 'cancel' | 'replace'; readonly pick: number; readonly size: number }
  | { readonly kind: 'cancelAll' | 'flatten' | 'kill' | 'disconnect' | 'reconnect' | 'restart' }
  | { readonly kind: 'unlock' | 'elsewhere'; readonly size: number }
  | { readonly kind: 'process'; readonly fate: Fate }
  | { readonly kind: 'fill'; readonly pick: number; readonly size: number }
  | { readonly kind: 'deliver'; readonly pick: number; readonly twice: boolean }
  | { readonly kind: 'expire' | 'quote'; readonly pick: number }
  | { readonly kind: 'lapped' | 'leave' }
  | { readonly kind: 'wait' | 'clock'; readonly micros: number };

/** A kernel at its desk against the model of a venue, with a way between them that loses, delays, repeats and reorders. */
export class Trial {
  readonly desk: Desk;
  readonly venue = new VenueModel();

  constructor(kernel?: Kernel) {
    this.desk = new Desk(kernel).open();
  }

  /** Time that went by, however the clock was set. */
  elapsedSeconds = 0;

  /** Takes effects to the venue. */
  feed(effects: readonly Effect[]): void {
    this.venue.now = this.desk.now;
    this.venue.receive(effects);
    for (const update of updates(effects)) {
      if (update.type === 'FlattenChanged' && update.receipt.flat) this.#isFlat();
    }
  }

  /** What a receipt that says flat must find: the baseline, and at most the dust of 5 USDT at 100. */
  #isFlat(): void {
    // Somebody who trades elsewhere may do so after the venue answered.
    if ([...this.venue.orders.keys()].some((id) => id.startsWith('web'))) return;
    const rest = this.venue.base - 500_000_000n;
    const feesPaid = this.venue.trades.reduce((sum, { fee, feeAsset }) => {
      return feeAsset === 'BTC' ? sum + fee : sum;
    }, 0n);
    const flat = rest < 6_000_000n && rest > -6_000_000n - feesPaid;
    invariant(flat, `a receipt that says flat must find dust at most, was ${rest}`);
  }

  // A quote for every step: the checks of stale data and collars have their own tests.
  #command(command: Command): void {
    const before = this.desk.effects.length;
    this.desk.command(command);
    this.feed(this.desk.effects.slice(before));
  }

  #deliver(index: number, twice: boolean): void {
    const { outbox } = this.venue;
    const at = Math.min(index, outbox.length - 1);
    const report = outbox[at];
    if (report === undefined) return;
    // What a connector says of its connection and of snapshots comes in order.
    const ordered = ['ConnectionChanged', 'AccountSnapshot'].includes(report.type);
    const from = ordered ? outbox.findIndex(({ type }) => type === report.type) : at;
    const [taken] = outbox.splice(from, 1);
    if (taken === undefined) return;
    this.feed(this.desk.venue(taken));
    const again = twice && taken.type !== 'ConnectionChanged';
    if (again) outbox.push(taken);
  }

  #wait(micros: number): void {
    this.elapsedSeconds += micros / 1_000_000;
    this.feed(this.desk.wait(micros));
  }

  /** Does one step. */
  step(one: Step): void {
    const live = this.desk.kernel.view().orders.filter(({ status }) => !isTerminal(status));
    switch (one.kind) {
      case 'submit': {
        const side = one.sell ? 'Sell' : 'Buy';
        const wanted = terms({ side, quantity: quantity(one.size), price: price(one.px) });
        this.#command({ type: 'SubmitOrder', terms: wanted });
        return;
      }
      case 'cancel': {
        const order = live[one.pick % Math.max(1, live.length)];
        if (order) this.#command({ type: 'CancelOrder', clientOrderId: order.clientOrderId });
        return;
      }
      case 'replace': {
        const order = live[one.pick % Math.max(1, live.length)];
        if (order === undefined) return;
        const { clientOrderId } = order;
        this.#command({ type: 'ReplaceOrder', clientOrderId, quantity: quantity(one.size) });
        return;
      }
      case 'cancelAll':
        this.#command({ type: 'CancelAll', account: ACCOUNT });
        return;
      case 'flatten':
        this.#command({ type: 'Flatten', account: ACCOUNT });
        return;
      case 'kill':
        this.#command({ type: 'Kill' });
        return;
      case 'elsewhere':
        this.#elsewhere(one.size);
        return;
      case 'unlock':
        this.#unlock();
        return;
      case 'disconnect':
        this.venue.disconnect();
        return;
      case 'reconnect':
        this.venue.reconnect();
        return;
      case 'restart':
        this.venue.outbox.length = 0;
        this.#restart();
        return;
      case 'process':
        this.venue.process(one.fate);
        return;
      case 'fill':
        this.venue.fill(one.pick, one.size);
        return;
      case 'deliver':
        this.#deliver(one.pick, one.twice);
        return;
      case 'expire':
        this.venue.expire(one.pick);
        return;
      case 'quote':
        this.desk.quote(9_990 + one.pick, 10_001 + one.pick);
        return;
      case 'lapped':
        this.feed(this.desk.apply({ type: 'FeedLapped', lost: 1 }));
        return;
      case 'leave':
        this.feed(this.desk.apply({ type: 'ClientLeft', client: CLIENT }));
        return;
      case 'clock':
        this.desk.now += one.micros;
        this.feed(this.desk.apply({ type: 'ClockAdjusted', stepMicros: one.micros }));
        return;
      case 'wait':
        this.#wait(one.micros);
        return;
      default:
        unreachable(one);
    }
  }

  #elsewhere(wanted: number): void {
    const clientOrderId = `web-${this.venue.orders.size}` as Order['clientOrderId'];
    const side = wanted % 20 === 0 ? 'Buy' : 'Sell';
    const at = unixMicros(this.desk.now);
    const birth = { clientOrderId, origin: 'External', at } as const;
    this.venue.placeElsewhere(newOrder(terms({ side, quantity: quantity(wanted) }), birth));
  }

  #unlock(): void {
    this.desk.quote();
    this.#command({ type: 'Unlock', account: ACCOUNT });
    this.#command({ type: 'Arm' });
  }

  #restart(): void {
    const first = present(this.desk.inputs[0], 'first input');
    if (first.type !== 'SessionStarted') throw new Error('the first input starts the session');
    const { at: _at, ...body } = first;
    const idPrefix = `q${this.desk.inputs.length}`;
    this.feed(this.desk.apply({ ...body, idPrefix, recovered: true }));
    this.venue.reconnect();
  }

  /** Lets everything on its way arrive and every question be answered. */
  settle(): void {
    this.desk.quote();
    if (!this.venue.connected) this.venue.reconnect();
    for (let round = 0; round < 60; round += 1) {
      for (let guard = 0; guard < 500; guard += 1) {
        if (this.venue.inbox.length > 0) this.venue.process('Arrives');
        else if (this.venue.outbox.length > 0) this.#deliver(0, false);
        else break;
      }
      this.#wait(2_000_000);
    }
  }
}

/** Throws unless kernel and venue, with nothing on its way, hold the same. */
export function assertAgrees({ desk, venue }: Trial): void {
  // Encoding asserts that the gate's tallies are those of orders and portfolio.
  desk.kernel.encodeState();
  const view = desk.kernel.view();
  for (const order of view.orders) assertOrderAgrees(order, venue);
  let held = 0;
  for (const trade of venue.trades) {
    const buys = venue.orders.get(trade.clientOrderId)?.order.side === 'Buy';
    held += buys ? trade.lastQty : -trade.lastQty;
  }
  const { length } = venue.trades;
  invariant(view.fillCount === length, `fills must be ${length}, were ${view.fillCount}`);
  const position = view.positions.find(({ instrument }) => instrument === BTC)?.quantity ?? 0;
  invariant(position === held, `the position must be ${held}, was ${position}`);
  const reconciliation = view.accounts[0]?.reconciliation;
  invariant(
    reconciliation?.state === 'Agrees' && reconciliation.differences.length === 0,
    `the account must agree, was ${reconciliation?.state}`,
  );
  for (const { id, step } of view.receipts) {
    invariant(step === 'Done', `flatten ${id} must be done, was ${step}`);
  }
}

function assertOrderAgrees(order: Order, venue: VenueModel): void {
  const { clientOrderId: id, status } = order;
  const truth = venue.orders.get(id);
  if (status === 'Denied') {
    invariant(truth === undefined, `${id} was denied and must not be at the venue`);
    return;
  }
  invariant(order.unknownSince === undefined, `${id} must not stay Unknown`);
  const filled = truth?.filled ?? 0;
  invariant(order.cumQty === filled, `${id} must have filled ${filled}, was ${order.cumQty}`);
  const notional = truth?.notional ?? 0n;
  invariant(
    order.cumNotional === notional,
    `${id} must have traded ${notional}, was ${order.cumNotional}`,
  );
  const open = truth?.status === 'PartiallyFilled' || truth?.status === 'Accepted';
  if (truth === undefined)
    invariant(status === 'Rejected', `${id} must be Rejected, was ${status}`);
  else if (open) invariant(status === truth.status, `${id} must be ${truth.status}, was ${status}`);
  else invariant(isTerminal(status), `${id} must have ended as ${truth.status}, was ${status}`);
}
