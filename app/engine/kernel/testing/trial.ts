import { invariant, present, unreachable } from '../../base/invariant.ts';
import type { Command } from '../../domain/command.ts';
import type { Effect } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { isTerminal, type Order, type OrderTerms } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { newOrder } from '../../orders/order-events.ts';
import type { Kernel } from '../kernel.ts';
import { ACCOUNT, BTC, CLIENT, Desk, INSTRUMENT, terms, updates } from './desk.ts';
import type { NotSent, VenueReport } from '../../domain/venue-report.ts';
import type { Fate } from './request-fates.ts';
import { isStreamed, VenueModel } from './venue-model.ts';

/** The kinds of order that are asked for. */
const PLAIN = ['Limit', 'Market', 'IOC', 'FOK', 'Post', 'Stop', 'StopLimit'] as const;
export const FORMS = [...PLAIN, 'Bracket', 'Profit', 'Loss'] as const;
export type Form = (typeof FORMS)[number];

/** One thing that happens: what people ask, what the venue does, what the way does to messages, what time does. */
export type Step =
  | {
      readonly kind: 'submit';
      readonly form: Form;
      readonly sell: boolean;
      readonly size: number;
      readonly px: number;
    }
  | { readonly kind: 'cancel' | 'replace'; readonly pick: number; readonly size: number }
  | { readonly kind: 'cancelAll' | 'flatten' | 'kill' | 'disconnect' | 'reconnect' | 'restart' }
  | { readonly kind: 'unlock' | 'elsewhere'; readonly size: number }
  | { readonly kind: 'process'; readonly fate: Fate }
  | { readonly kind: 'fill'; readonly pick: number; readonly size: number }
  | { readonly kind: 'deliver'; readonly pick: number; readonly twice: boolean }
  | { readonly kind: 'expire' | 'quote' | 'trigger' | 'rejectLate'; readonly pick: number }
  | { readonly kind: 'lose' | 'repeat' | 'page'; readonly pick: number }
  | { readonly kind: 'reset' | 'hold' | 'release' | 'silence' | 'drain' | 'work' }
  | { readonly kind: 'halt' | 'resume' | 'rules' | 'tell' | 'crossed' | 'lapped' | 'leave' }
  | { readonly kind: 'unwritable' | 'writable' }
  | { readonly kind: 'wait' | 'clock'; readonly micros: number };

/** A kernel at its desk against the model of a venue, with a way between them that loses, delays, repeats and reorders. */
export class Trial {
  readonly desk: Desk;
  readonly venue = new VenueModel();
  /** What the stream has told, oldest first; of the last thousand. */
  readonly #told: VenueReport[] = [];
  #held: { readonly report: VenueReport; readonly told: number } | undefined;
  #toldCount = 0;
  #unwritable = false;
  #journal: 'Failed' | 'Ready' = 'Ready';
  #elsewhereCount = 0;

  constructor(kernel?: Kernel) {
    this.desk = new Desk(kernel).open();
  }

  /** Time that went by, however the clock was set. */
  elapsedSeconds = 0;

  /** Takes effects to the venue. */
  feed(effects: readonly Effect[]): void {
    this.venue.now = this.desk.now;
    this.venue.receive(this.#unwritable ? effects.filter((one) => !addsOrder(one)) : effects);
    if (this.#unwritable) this.#refuse(effects.filter(addsOrder));
    for (const update of updates(effects)) {
      if (update.type === 'FlattenChanged' && update.receipt.flat) this.#isFlat();
    }
  }

  /** What the process cannot write down does not leave; it says so, then why. */
  #refuse(effects: readonly Effect[]): void {
    const unsent = effects.flatMap((effect) => ordersUnsent(effect));
    for (const { clientOrderId, ...what } of unsent) {
      const about = { account: ACCOUNT, instrument: BTC, venueTime: unixMicros(this.desk.now) };
      const why = { code: 'JOURNAL_UNWRITABLE', message: 'no room' };
      this.feed(this.desk.venue({ type: 'NotSent', ...about, clientOrderId, ...what, ...why }));
    }
    if (unsent.length > 0) this.#tellJournal('Failed');
  }

  #tellJournal(state: 'Failed' | 'Ready'): void {
    if (this.#journal === state) return;
    this.#journal = state;
    this.feed(this.desk.apply({ type: 'JournalChanged', state, detail: 'no room' }));
  }

  #write(): void {
    this.#unwritable = false;
    this.#tellJournal('Ready');
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
    this.#tell(taken);
    const again = twice && taken.type !== 'ConnectionChanged';
    if (again) outbox.push(taken);
  }

  #tell(report: VenueReport): void {
    if (isStreamed(report)) this.#note(report);
    this.feed(this.desk.venue(report));
  }

  #note(report: VenueReport): void {
    if (report.type === 'OrderFilled') {
      const { orders, fills } = this.desk.kernel.view();
      const order = orders.find(({ clientOrderId }) => clientOrderId === report.clientOrderId);
      if (order?.status === 'Submitted') this.venue.strike('FillBeforeAck');
      const known = fills.some(({ tradeId }) => tradeId === report.tradeId);
      if (known) this.venue.strike('DuplicateFill');
    }
    this.#told.push(report);
    if (this.#told.length > 1_000) this.#told.shift();
    this.#toldCount += 1;
  }

  /** The stream loses what is on it at `pick`, or last, and goes on. */
  #lose(pick: number): void {
    const { outbox } = this.venue;
    const streamed = outbox.filter(isStreamed);
    const lost = streamed[Math.min(pick, streamed.length - 1)];
    if (lost === undefined) return;
    this.venue.strike('SequenceGap');
    outbox.splice(outbox.indexOf(lost), 1);
  }

  /** The stream begins anew: what was on it is lost, and it says that it is back. */
  #reset(): void {
    this.venue.strike('SequenceReset');
    this.venue.disconnect();
    this.venue.reconnect();
  }

  /** The stream tells its last `count` reports once more. */
  #repeat(count: number): void {
    const again = count === 0 ? [] : this.#told.slice(-count);
    if (again.length > 0) this.venue.strike('SequenceRepeat');
    for (const report of again) this.#tell(report);
  }

  /** Takes the oldest snapshot of the account out of the way, to be told later. */
  #hold(): void {
    const { outbox } = this.venue;
    const at = outbox.findIndex(({ type }) => type === 'AccountSnapshot');
    const [report] = at < 0 ? [] : outbox.splice(at, 1);
    if (report !== undefined) this.#held = { report, told: this.#toldCount };
  }

  #release(): void {
    if (this.#held === undefined) return;
    const { report, told } = this.#held;
    this.#held = undefined;
    if (this.#toldCount > told) this.venue.strike('SnapshotOlder');
    this.#tell(report);
  }

  /** The venue changes its instrument; people here hear of it with `tell`. */
  #change(changes: Partial<Instrument>): void {
    this.venue.rules = { ...this.venue.rules, ...changes };
  }

  #tellRules(): void {
    this.feed(this.desk.apply({ type: 'InstrumentChanged', instrument: this.venue.rules }));
  }

  /** Lets everything on its way arrive. */
  #drain(): void {
    for (let guard = 0; guard < 500; guard += 1) {
      if (this.venue.inbox.length > 0) this.venue.process('Arrives');
      else if (this.venue.outbox.length > 0) this.#deliver(0, false);
      else break;
    }
  }

  #submit({ form, sell, size, px }: Extract<Step, { readonly kind: 'submit' }>): void {
    const side = sell ? 'Sell' : 'Buy';
    const { price: _price, ...bare } = terms({ side, quantity: quantity(size) });
    const limit = { price: price(px) };
    const stopPrice = price(sell ? 9_900 : 10_100);
    const by = sell ? -200 : 200;
    const [takeProfit, stopLoss] = [price(px + by), price(px - by)];
    const wanted: Readonly<Record<Form, OrderTerms>> = {
      Limit: { ...bare, ...limit },
      Market: { ...bare, type: 'Market' },
      IOC: { ...bare, ...limit, timeInForce: 'IOC' },
      FOK: { ...bare, ...limit, timeInForce: 'FOK' },
      Post: { ...bare, ...limit, postOnly: true },
      Stop: { ...bare, type: 'Stop', stopPrice },
      StopLimit: { ...bare, ...limit, type: 'StopLimit', stopPrice },
      Bracket: { ...bare, ...limit, bracket: { takeProfit, stopLoss } },
      Profit: { ...bare, ...limit, bracket: { takeProfit } },
      Loss: { ...bare, type: 'Market', bracket: { stopLoss } },
    };
    this.#command({ type: 'SubmitOrder', terms: wanted[form] });
  }

  #wait(micros: number): void {
    this.elapsedSeconds += micros / 1_000_000;
    this.feed(this.desk.wait(micros));
    this.#assertUnknownStops();
  }

  /** An order Unknown for 10 s, and the 2 s until the kernel looks again, stops new risk. */
  #assertUnknownStops(): void {
    const { orders, accounts } = this.desk.kernel.view();
    const active = accounts.some(({ tradingState }) => tradingState === 'Active');
    for (const { clientOrderId, unknownSince } of active ? orders : []) {
      const seconds = (this.desk.now - (unknownSince ?? this.desk.now)) / 1_000_000;
      invariant(seconds <= 12, `${clientOrderId} is Unknown for ${seconds} s and trading goes on`);
    }
  }

  /** Does one step. */
  step(one: Step): void {
    const live = this.desk.kernel.view().orders.filter(({ status }) => !isTerminal(status));
    switch (one.kind) {
      case 'submit':
        this.#submit(one);
        return;
      case 'cancel': {
        const order = live[Math.min(one.pick, live.length - 1)];
        if (order) this.#command({ type: 'CancelOrder', clientOrderId: order.clientOrderId });
        return;
      }
      case 'replace': {
        const order = live[Math.min(one.pick, live.length - 1)];
        if (order === undefined) return;
        this.#replace(order, one.size);
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
      case 'trigger':
        this.venue.trigger(one.pick);
        return;
      case 'rejectLate':
        this.venue.rejectLate(one.pick);
        return;
      case 'lose':
        this.#lose(one.pick);
        return;
      case 'repeat':
        this.#repeat(one.pick);
        return;
      case 'page':
        this.venue.page = one.pick;
        return;
      case 'reset':
        this.#reset();
        return;
      case 'hold':
        this.#hold();
        return;
      case 'release':
        this.#release();
        return;
      case 'silence':
        this.venue.silent = this.venue.connected;
        return;
      case 'drain':
        this.#drain();
        return;
      case 'work':
        while (this.venue.inbox.length > 0) this.venue.process('Arrives');
        return;
      case 'halt':
        this.#change({ status: 'Halted' });
        return;
      case 'resume':
        this.#change({ status: 'Trading' });
        return;
      case 'rules':
        this.#change({ tickSize: price(5), stepSize: quantity(100), minQuantity: quantity(100) });
        return;
      case 'tell':
        this.#tellRules();
        return;
      case 'crossed':
        this.venue.strike('CrossedBook');
        this.desk.quote(10_010, 9_990);
        return;
      case 'quote':
        this.desk.quote(9_990 + one.pick, 10_001 + one.pick);
        return;
      case 'lapped':
        this.feed(this.desk.apply({ type: 'FeedLapped', lost: 1 }));
        return;
      case 'unwritable':
        this.#unwritable = true;
        return;
      case 'writable':
        this.#write();
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

  #replace({ clientOrderId }: Order, size: number): void {
    this.#command({ type: 'ReplaceOrder', clientOrderId, quantity: quantity(size) });
    const { orders } = this.desk.kernel.view();
    const next = orders.findLast(({ replaces }) => replaces === clientOrderId);
    if (next?.status !== 'Submitted' || this.#wanted.has(next.clientOrderId)) return;
    const before = ancestorsOf(next, orders).slice(1);
    this.#wanted.set(next.clientOrderId, size + before.reduce((sum, one) => sum + one.cumQty, 0));
  }

  /** What a person asked for when this order was to take the place of others: the most that all of them may trade. */
  wantedOf(order: Order, orders: readonly Order[]): number | undefined {
    const named = [order, ...ancestorsOf(order, orders)].find(({ clientOrderId }) =>
      this.#wanted.has(clientOrderId),
    );
    return named && this.#wanted.get(named.clientOrderId);
  }

  readonly #wanted = new Map<string, number>();

  #elsewhere(wanted: number): void {
    this.#elsewhereCount += 1;
    const clientOrderId = `web-${this.#elsewhereCount}` as Order['clientOrderId'];
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
    const instruments = [this.venue.rules];
    this.#held = undefined;
    this.#unwritable = false;
    this.#journal = 'Ready';
    this.feed(this.desk.apply({ ...body, idPrefix, instruments, recovered: true }));
    this.venue.reconnect();
  }

  /** Nothing goes wrong any more: everything arrives, every question is answered, for a minute. */
  settle(): void {
    this.venue.page = Number.MAX_SAFE_INTEGER;
    this.#held = undefined;
    this.#write();
    this.#change({ ...INSTRUMENT });
    this.#tellRules();
    this.desk.quote();
    if (!this.venue.connected || this.venue.silent) this.#reset();
    for (let second = 0; second < 60; second += 2) {
      this.#drain();
      this.#wait(2_000_000);
    }
    this.#drain();
  }
}

function addsOrder({ type }: Effect): boolean {
  return type === 'SendOrder' || type === 'SendOrderList' || type === 'SendReplace';
}

/** The orders of an effect that did not leave, as they are told. */
function ordersUnsent(
  effect: Effect,
): Pick<NotSent, 'clientOrderId' | 'request' | 'replacement'>[] {
  switch (effect.type) {
    case 'SendOrder':
      return [{ clientOrderId: effect.order.clientOrderId, request: 'submit' }];
    case 'SendOrderList':
      return effect.orders.map(({ clientOrderId }) => ({ clientOrderId, request: 'submit' }));
    case 'SendReplace': {
      const replacement = effect.replacement.clientOrderId;
      return [{ clientOrderId: effect.original.clientOrderId, request: 'replace', replacement }];
    }
    default:
      return [];
  }
}

/** The orders that `order` stands for, the last one first. */
export function ancestorsOf(order: Order, orders: readonly Order[]): Order[] {
  const found: Order[] = [];
  let one: Order | undefined = order;
  while (one !== undefined) {
    const { replaces }: Order = one;
    one = orders.find(({ clientOrderId }) => clientOrderId === replaces);
    if (one !== undefined) found.push(one);
  }
  return found;
}
