import { invariant } from '../base/invariant.ts';
import type { AccountId, InstrumentId } from '../domain/identifiers.ts';
import type { KernelContext } from './context.ts';

interface Exposure {
  readonly position: number;
  readonly workingBuy: number;
  readonly workingSell: number;
}

function ours(context: KernelContext, account: AccountId, instrument: InstrumentId): Exposure {
  const { orders, portfolio } = context.state;
  const working = { Buy: 0, Sell: 0 };
  for (const { order } of orders.liveOf(account, instrument)) {
    if (!orders.isBehind(order)) working[order.side] += order.leavesQty;
  }
  const position: number = portfolio.position(account, instrument).quantity;
  return { position, workingBuy: working.Buy, workingSell: working.Sell };
}

/** Asserts that the gate's own tallies are what orders and portfolio say; with every state hash. */
export function assertTallies(context: KernelContext): void {
  const { state, gate } = context;
  for (const account of state.accounts.keys()) {
    for (const instrument of state.instruments.keys()) {
      const told = gate.exposure(account, instrument);
      const own = ours(context, account, instrument);
      invariant(
        told.position === own.position &&
          told.workingBuy === own.workingBuy &&
          told.workingSell === own.workingSell,
        `${instrument} of ${account}: gate ${JSON.stringify(told)} must equal ${JSON.stringify(own)}`,
      );
    }
  }
}
