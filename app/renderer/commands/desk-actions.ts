import type { CommandResult, KillWay, WindowCommand } from '../../engine/domain/command.ts';
import type { ClientOrderId, InstrumentId } from '../../engine/domain/identifiers.ts';
import { isTerminal, type Order, type OrderTerms, type Side } from '../../engine/domain/order.ts';
import type { Price } from '../../engine/domain/price.ts';
import { accountOf } from '../state/account-replica.ts';
import type { Desk } from '../state/desk.tsx';
import { nothing, sends, type OrderPlan, type PlannedCommand } from './order-plan.ts';
import { OrderSender } from './order-sender.ts';

const NO_ACCOUNT = 'No account for this instrument';

/** The command that places an order, through the lock of the place it was asked for. */
export function submission(place: string, terms: OrderTerms): PlannedCommand {
  const command = { type: 'SubmitOrder', terms } as const;
  return { lock: `submit ${place}`, command, refused: 'Order refused' };
}

/** The command that cancels one order. */
export function cancellation({ clientOrderId }: Pick<Order, 'clientOrderId'>): PlannedCommand {
  const command = { type: 'CancelOrder', clientOrderId } as const;
  return { lock: `cancel ${clientOrderId}`, command, refused: 'Cancel refused' };
}

/** The command that moves a working limit order to `price`, its quantity as it is. */
export function replacement(order: Order, price: Price): PlannedCommand {
  const { clientOrderId, quantity } = order;
  const command = { type: 'ReplaceOrder', clientOrderId, quantity, price } as const;
  return { lock: `replace ${clientOrderId}`, command, refused: 'Replace refused' };
}

/** Everything that can be asked of `trade` from this window; each refusal is said, none is silent. */
export class DeskActions {
  readonly #desk: Desk;
  readonly #sender: OrderSender;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#sender = new OrderSender((commandId, command) => desk.trade.execute(commandId, command));
  }

  /** Sends what a plan names, or says why it sends nothing. */
  carryOut(plan: OrderPlan): void {
    if (plan.kind === 'nothing') {
      this.#desk.notices.raise('warning', 'Nothing sent', plan.reason, 'nothing sent');
      return;
    }
    for (const { lock, command, refused } of plan.commands) {
      if (this.#send(lock, command, refused) !== undefined) continue;
      const text = 'The stroke before this one has no answer yet';
      this.#desk.notices.raise('warning', 'Nothing sent', text, 'nothing sent');
    }
  }

  /** Places an order through the lock of the place it was asked for; undefined when that place still waits. */
  submit(place: string, terms: OrderTerms): Promise<CommandResult> | undefined {
    const { lock, command, refused } = submission(place, terms);
    return this.#send(lock, command, refused);
  }

  cancel(order: Pick<Order, 'clientOrderId'>): void {
    this.carryOut(sends([cancellation(order)], ''));
  }

  /** What cancelling the order of an id would send; nothing when there is none that works. */
  cancelPlan(clientOrderId: string): OrderPlan {
    const order = this.#replica().orders.get(clientOrderId as ClientOrderId);
    if (order === undefined) return nothing('Go to the row of an order first');
    if (isTerminal(order.status)) return nothing(`${clientOrderId} is ${order.status} already`);
    return sends([cancellation(order)], '');
  }

  /** Asks the venue how an order stands. */
  query(order: Pick<Order, 'clientOrderId'>): void {
    const { clientOrderId } = order;
    void this.#send(`query ${clientOrderId}`, { type: 'QueryOrder', clientOrderId }, 'Not asked');
  }

  /** Moves a working limit order to `price`, its quantity as it is. */
  replacePrice(order: Order, price: Price): void {
    this.carryOut(sends([replacement(order, price)], ''));
  }

  /** Cancels the working orders of an instrument, of one side or both; without an instrument those of every account. */
  cancelAll(instrument: InstrumentId | undefined, side?: Side): void {
    this.carryOut(this.cancelAllPlan(instrument, side));
  }

  /** What `cancelAll` would send. */
  cancelAllPlan(instrument: InstrumentId | undefined, side?: Side): OrderPlan {
    const bySide = side === undefined ? {} : { side };
    const byInstrument = instrument === undefined ? {} : { instrument };
    const commands = this.#accounts(instrument).map((account): PlannedCommand => ({
      lock: `cancel-all ${account} ${instrument ?? ''} ${side ?? ''}`,
      command: { type: 'CancelAll', account, ...byInstrument, ...bySide },
      refused: 'Cancel refused',
    }));
    return sends(commands, NO_ACCOUNT);
  }

  /** Cancels and closes one instrument, or all. */
  flatten(instrument: InstrumentId | undefined): void {
    this.carryOut(this.flattenPlan(instrument));
  }

  /** What `flatten` would send. */
  flattenPlan(instrument: InstrumentId | undefined): OrderPlan {
    const byInstrument = instrument === undefined ? {} : { instrument };
    const commands = this.#accounts(instrument).map((account): PlannedCommand => ({
      lock: `flatten ${account} ${instrument ?? ''}`,
      command: { type: 'Flatten', account, ...byInstrument },
      refused: 'Flatten refused',
    }));
    return sends(commands, NO_ACCOUNT);
  }

  /** A plan for the instrument that the linked panels show. */
  linkedPlan(plan: (instrument: InstrumentId) => OrderPlan): OrderPlan {
    const { instrument } = this.#desk.link.store.getState();
    return instrument === undefined ? nothing('No instrument is chosen') : plan(instrument);
  }

  /** Asks main for a kill, or with `drill` its rehearsal; gives its id when it was sent. */
  kill(via: KillWay, drill: boolean): string | undefined {
    const sent = this.#desk.host.kill(via, drill);
    if (sent === undefined) {
      const text = 'The desk has no connection to its engine: nothing was sent';
      this.#desk.notices.raise('warning', drill ? 'Drill not sent' : 'Kill not sent', text);
    }
    return sent;
  }

  /** Carries out a command that was written as a line; undefined while the last line still waits. */
  perform(command: WindowCommand): Promise<CommandResult> | undefined {
    return this.#send('order-line', command, 'Refused');
  }

  /** Unlocks every account that is not trading freely. */
  unlock(): void {
    for (const { account, tradingState } of this.#replica().accounts) {
      if (tradingState === 'Active') continue;
      void this.#send(`unlock ${account}`, { type: 'Unlock', account }, 'Unlock refused');
    }
  }

  lock(): void {
    for (const { account } of this.#replica().accounts) {
      void this.#send(`lock ${account}`, { type: 'Lock', account }, 'Lock refused');
    }
  }

  /** Arms this window, or disarms it when it is armed. */
  toggleArming(): void {
    const { armed, accounts } = this.#replica();
    const type = armed ? 'Disarm' : 'Arm';
    // Unlocking and arming are two deliberate acts, in that order.
    if (!armed && accounts.every(({ tradingState }) => tradingState === 'Locked')) {
      this.#desk.notices.raise('warning', 'Not armed', 'Trading is locked: unlock first, then arm');
      return;
    }
    void this.#send('arming', { type }, `${type} refused`);
  }

  /** Disarms this window because of something that happened, and says what; nothing when it is not armed. */
  disarm(why: string): void {
    if (!this.#replica().armed) return;
    // Not through the lock of arming: an arming on its way must not keep it from being sent.
    if (this.#send('disarm', { type: 'Disarm' }, 'Disarm refused') === undefined) return;
    this.#desk.notices.raise('warning', 'Disarmed', why, 'disarmed');
  }

  #send(lock: string, command: WindowCommand, title: string): Promise<CommandResult> | undefined {
    const sent = this.#sender.send(lock, command);
    void sent?.then((result) => {
      if (result.ok) return;
      const text = result.message ?? result.code ?? 'no reason given';
      this.#desk.notices.raise('warning', title, text);
    });
    return sent;
  }

  #accounts(instrument: InstrumentId | undefined): readonly OrderTerms['account'][] {
    const replica = this.#replica();
    if (instrument === undefined) return replica.accounts.map((state) => state.account);
    const known = this.#desk.feed.instrument(instrument);
    const account = known === undefined ? undefined : accountOf(replica, known);
    return account === undefined ? [] : [account];
  }

  #replica(): ReturnType<Desk['trade']['store']['getState']>['replica'] {
    return this.#desk.trade.store.getState().replica;
  }
}
