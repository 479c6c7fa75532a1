import type { Command } from '../engine/domain/command.ts';
import { accountId } from '../engine/domain/identifiers.ts';
import { isTerminal, type Order } from '../engine/domain/order.ts';
import { price, quantity } from '../engine/domain/price.ts';
import type { Machine } from './machine.ts';
import type { StepOf } from './script.ts';
import type { VenueHost } from './venue-host.ts';

const WHOLE_UNIT = 100;

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
    const { side, type, size, behind, post, ioc } = step;
    const { id } = this.#host.instrument;
    this.#command({
      type: 'SubmitOrder',
      terms: {
        instrument: id,
        account: this.#account,
        side,
        type,
        quantity: quantity(size),
        ...(type === 'Limit' ? { price: price(this.priceBehind(side, behind)) } : {}),
        timeInForce: ioc ? 'IOC' : 'GTC',
        postOnly: post,
        reduceOnly: false,
      },
    });
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
    const at = price(this.priceBehind(order.side, step.behind));
    const { clientOrderId } = order;
    const wanted = quantity(step.size);
    this.#command({ type: 'ReplaceOrder', clientOrderId, quantity: wanted, price: at });
  }

  cancelAll(): void {
    this.#command({ type: 'CancelAll', account: this.#account });
  }

  flatten(): void {
    this.#command({ type: 'Flatten', account: this.#account });
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

  /** A price so many whole units behind the touch; below 0 it takes. */
  priceBehind(side: 'Buy' | 'Sell', behind: number): number {
    const { bid, ask } = this.#host.market.quote;
    return side === 'Buy' ? bid - behind * WHOLE_UNIT : ask + behind * WHOLE_UNIT;
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
