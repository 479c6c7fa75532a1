import type { Command } from '../engine/domain/command.ts';
import { accountId, type InstrumentId } from '../engine/domain/identifiers.ts';
import { isTerminal, type Bracket, type Order } from '../engine/domain/order.ts';
import { price, quantity } from '../engine/domain/price.ts';
import type { Machine } from './machine.ts';
import type { StepOf } from './script.ts';
import type { VenueHost } from './venue-host.ts';

/** The people at the window: they see what the process knows and the market, and command. */
export class People {
  readonly #machine: Machine;
  readonly #host: VenueHost;
  #commands = 0;

  constructor(machine: Machine, host: VenueHost) {
    this.#machine = machine;
    this.#host = host;
  }

  get #account(): ReturnType<typeof accountId> {
    return accountId(this.#host.venueId, 'main');
  }

  submit(step: StepOf<'submit'>): void {
    const { on = 0, side, type, size, post, ioc } = step;
    const { id } = this.#host.at(on).instrument;
    const { at, stopPrice, entry } = this.#pricesOf(step);
    const bracket = this.#bracketOf(step, entry);
    this.#command({
      type: 'SubmitOrder',
      terms: {
        instrument: id,
        account: this.#account,
        side,
        type,
        quantity: quantity(size),
        ...(at === undefined ? {} : { price: price(at) }),
        ...(stopPrice === undefined ? {} : { stopPrice: price(stopPrice) }),
        timeInForce: ioc ? 'IOC' : 'GTC',
        postOnly: post,
        reduceOnly: false,
        ...(bracket === undefined ? {} : { bracket }),
      },
    });
  }

  /** Limit and trigger of an order, and where its entry is thought of. */
  #pricesOf({ on = 0, side, type, behind, trigger = 0 }: StepOf<'submit'>): {
    readonly at: number | undefined;
    readonly stopPrice: number | undefined;
    readonly entry: number;
  } {
    const limit = this.#host.priceBehind(on, side, behind);
    const touch = this.#host.priceBehind(on, side === 'Buy' ? 'Sell' : 'Buy', 0);
    if (type === 'Limit') return { at: limit, stopPrice: undefined, entry: limit };
    if (type === 'Market') return { at: undefined, stopPrice: undefined, entry: touch };
    const stopPrice = this.#host.priceBehind(on, side === 'Buy' ? 'Sell' : 'Buy', trigger);
    if (type === 'Stop') return { at: undefined, stopPrice, entry: stopPrice };
    const at = stopPrice + limit - touch;
    return { at, stopPrice, entry: at };
  }

  #bracketOf(step: StepOf<'submit'>, entry: number): Bracket | undefined {
    const { on = 0, side, profit, loss } = step;
    if (profit === undefined && loss === undefined) return undefined;
    const level = this.#host.levelOf(on) * (side === 'Buy' ? 1 : -1);
    return {
      ...(profit === undefined ? {} : { takeProfit: price(entry + profit * level) }),
      ...(loss === undefined ? {} : { stopLoss: price(entry - loss * level) }),
    };
  }

  cancel(pick: number): void {
    const order = this.#liveOrder(pick);
    if (order) this.#command({ type: 'CancelOrder', clientOrderId: order.clientOrderId });
  }

  cancelOrder({ clientOrderId }: Order): void {
    this.#command({ type: 'CancelOrder', clientOrderId });
  }

  replace(step: StepOf<'replace'>): void {
    const order = this.#liveOrder(step.pick);
    if (order?.type !== 'Limit') return;
    const on = this.#host.instruments.findIndex(({ id }) => id === order.instrument);
    const at = price(this.#host.priceBehind(on, order.side, step.behind));
    const { clientOrderId } = order;
    const wanted = quantity(step.size);
    this.#command({ type: 'ReplaceOrder', clientOrderId, quantity: wanted, price: at });
  }

  cancelAll(on?: number): void {
    this.#command({ type: 'CancelAll', account: this.#account, ...this.#scope(on) });
  }

  flatten(on?: number): void {
    this.#command({ type: 'Flatten', account: this.#account, ...this.#scope(on) });
  }

  kill(): void {
    this.#command({ type: 'Kill' });
  }

  lock(): void {
    this.#command({ type: 'Lock', account: this.#account });
  }

  /** Unlocks and arms. */
  open(): void {
    this.#command({ type: 'Unlock', account: this.#account });
    this.#command({ type: 'Arm' });
  }

  disarm(): void {
    this.#command({ type: 'Disarm' });
  }

  #scope(on: number | undefined): { readonly instrument?: InstrumentId } {
    return on === undefined ? {} : { instrument: this.#host.at(on).instrument.id };
  }

  #command(command: Command): void {
    this.#commands += 1;
    const id = `command-${String(this.#commands).padStart(6, '0')}`;
    this.#machine.process?.command(id, command);
  }

  #liveOrder(pick: number): Order | undefined {
    const orders = this.#machine.process?.kernel.view().orders ?? [];
    const live = orders.filter(({ status }) => !isTerminal(status));
    return live[pick % Math.max(1, live.length)];
  }
}
