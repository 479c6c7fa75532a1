import type { SandboxKey } from '../exchange/account.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Operation } from './context.ts';
import { Limits, type LimitsMode } from './limits.ts';
import { Parameters } from './parameters.ts';
import { forbidden } from './signature.ts';

/** What REST, WebSocket API and streams of one exchange share. */
export class Venue {
  readonly exchange: Exchange;
  readonly limits: Limits;
  /** How far the clock that clients see is ahead of the exchange's. */
  skewMs = 0;
  #nextId = 1;

  constructor(exchange: Exchange, mode: LimitsMode) {
    this.exchange = exchange;
    this.limits = new Limits(mode, () => exchange.nowMs());
    exchange.desk.listen({
      report: ({ order, executionType }) => {
        if (executionType !== 'TRADE' || order.counted) return;
        order.counted = true;
        this.limits.orderFilled();
      },
      balances: () => undefined,
      list: () => undefined,
    });
  }

  /** The time clients are held against, in microseconds. */
  nowMicros(): number {
    return this.exchange.nowMicros() + this.skewMs * 1000;
  }

  /** The same in ms. */
  nowMs(): number {
    return Math.floor(this.nowMicros() / 1000);
  }

  /** Charges for an operation, finds out who asks and runs it. `identify` is called for the signed ones only. */
  run(
    operation: Operation,
    values: ReadonlyMap<string, string>,
    identify: () => SandboxKey,
  ): unknown {
    this.exchange.advance();
    const parameters = new Parameters(values);
    const weight = operation.weight(parameters);
    this.limits.charge(weight);
    const key = operation.security === 'public' ? undefined : identify();
    if (operation.security === 'trade' && key?.rights.trade !== true) throw forbidden();
    const answer = operation.run({
      exchange: this.exchange,
      limits: this.limits,
      parameters,
      key,
      newId: () => this.#newClientId(),
    });
    if (operation.placesOrders === true) this.limits.refund(weight);
    return answer;
  }

  #newClientId(): string {
    const id = `sandbox-${String(this.#nextId).padStart(14, '0')}`;
    this.#nextId += 1;
    return id;
  }
}
