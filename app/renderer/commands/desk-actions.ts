import type { CommandResult, KillWay, WindowCommand } from '../../engine/domain/command.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Order, OrderTerms, Side } from '../../engine/domain/order.ts';
import type { Price } from '../../engine/domain/price.ts';
import { accountOf } from '../state/account-replica.ts';
import type { Desk } from '../state/desk.tsx';
import { OrderSender } from './order-sender.ts';

/** Everything that can be asked of `trade` from this window; each refusal is said, none is silent. */
export class DeskActions {
  readonly #desk: Desk;
  readonly #sender: OrderSender;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#sender = new OrderSender((commandId, command) => desk.trade.execute(commandId, command));
  }

  /** Places an order through the lock of the place it was asked for; undefined when that place still waits. */
  submit(place: string, terms: OrderTerms): Promise<CommandResult> | undefined {
    return this.#send(`submit ${place}`, { type: 'SubmitOrder', terms }, 'Order refused');
  }

  cancel(order: Pick<Order, 'clientOrderId'>): void {
    const { clientOrderId } = order;
    void this.#send(
      `cancel ${clientOrderId}`,
      { type: 'CancelOrder', clientOrderId },
      'Cancel refused',
    );
  }

  /** Asks the venue how an order stands. */
  query(order: Pick<Order, 'clientOrderId'>): void {
    const { clientOrderId } = order;
    void this.#send(`query ${clientOrderId}`, { type: 'QueryOrder', clientOrderId }, 'Not asked');
  }

  /** Moves a working limit order to `price`, its quantity as it is. */
  replacePrice(order: Order, price: Price): void {
    void this.#send(
      `replace ${order.clientOrderId}`,
      {
        type: 'ReplaceOrder',
        clientOrderId: order.clientOrderId,
        quantity: order.quantity,
        price,
      },
      'Replace refused',
    );
  }

  /** Cancels the working orders of an instrument, of one side or both; without an instrument those of every account. */
  cancelAll(instrument: InstrumentId | undefined, side?: Side): void {
    const bySide = side === undefined ? {} : { side };
    const byInstrument = instrument === undefined ? {} : { instrument };
    for (const account of this.#accounts(instrument)) {
      void this.#send(
        `cancel-all ${account} ${instrument ?? ''} ${side ?? ''}`,
        { type: 'CancelAll', account, ...byInstrument, ...bySide },
        'Cancel refused',
      );
    }
  }

  /** Cancels and closes one instrument, or all. */
  flatten(instrument: InstrumentId | undefined): void {
    const byInstrument = instrument === undefined ? {} : { instrument };
    for (const account of this.#accounts(instrument)) {
      void this.#send(
        `flatten ${account} ${instrument ?? ''}`,
        { type: 'Flatten', account, ...byInstrument },
        'Flatten refused',
      );
    }
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
