import { isTerminal, type Order } from '../engine/domain/order.ts';
import type { KernelView } from '../engine/kernel/view.ts';
import { balanceOf } from '../sandbox/exchange/account.ts';
import type { Exchange } from '../sandbox/exchange/exchange.ts';
import { isTrigger, type ExchangeOrder } from '../sandbox/exchange/order.ts';
import { symbolOf } from './venue-host.ts';

/** The first thing in which engine and exchange differ; undefined when they agree to the last unit. */
export function differenceBetween(view: KernelView, exchange: Exchange): string | undefined {
  return (
    accountDifference(view) ??
    orderDifference(view, exchange) ??
    tradeDifference(view, exchange) ??
    balanceDifference(view, exchange)
  );
}

function accountDifference(view: KernelView): string | undefined {
  const account = view.accounts[0];
  if (account?.connected !== true) return 'the account is not connected';
  const { state, differences } = account.reconciliation;
  if (state !== 'Agrees') return `the account is ${state}: ${differences.join('; ')}`;
  const undone = view.receipts.find(({ step }) => step !== 'Done');
  return undone === undefined ? undefined : `flatten ${undone.id} is ${undone.step}`;
}

function orderDifference(view: KernelView, { desk }: Exchange): string | undefined {
  const open = new Map(desk.openOrders().map((order) => [order.clientOrderId, order]));
  for (const order of view.orders) {
    const { clientOrderId: id, status, cumQty, unknownSince } = order;
    if (status === 'Denied') continue;
    if (unknownSince !== undefined) return `${id} is Unknown`;
    const executed = desk.find(symbolOf(order.instrument), undefined, id)?.executed ?? 0;
    if (cumQty !== executed) return `${id} is filled ${cumQty}, at the venue ${executed}`;
    const there = open.get(id);
    open.delete(id);
    if (isTerminal(status)) {
      if (there !== undefined) return `${id} is ${status}, at the venue ${there.status}`;
      continue;
    }
    if (there === undefined) return `${id} is ${status} and not open at the venue`;
    if (there.quantity !== order.quantity) {
      return `${id} is for ${order.quantity}, at the venue for ${there.quantity}`;
    }
    const expected = expectedStatus(there);
    if (status !== expected) return `${id} is ${status}, must be ${expected}`;
  }
  const [missing] = open.keys();
  return missing === undefined ? undefined : `${missing} is open at the venue and not known here`;
}

/** What an order that is open at the venue must be here. */
function expectedStatus({ executed, working, request }: ExchangeOrder): Order['status'] {
  if (executed > 0) return 'PartiallyFilled';
  return working && isTrigger(request.type) ? 'Triggered' : 'Accepted';
}

function tradeDifference(view: KernelView, { desk }: Exchange): string | undefined {
  const { fills } = desk;
  if (view.fillCount !== fills.length) {
    return `${view.fillCount} fills are counted, the venue has ${fills.length}`;
  }
  const held = new Map<string, number>();
  for (const { order, quantity } of fills) {
    const { side, listing } = order.request;
    const signed = side === 'Buy' ? quantity : -quantity;
    held.set(listing.symbol, (held.get(listing.symbol) ?? 0) + signed);
  }
  for (const { instrument, quantity } of view.positions) {
    const there = held.get(symbolOf(instrument)) ?? 0;
    held.delete(symbolOf(instrument));
    if (quantity !== there) {
      return `the position of ${instrument} is ${quantity}, the venue's fills make ${there}`;
    }
  }
  const [lost] = [...held].filter(([, quantity]) => quantity !== 0);
  return lost && `the position of ${lost[0]} is not known, the venue's fills make ${lost[1]}`;
}

function balanceDifference(view: KernelView, { account }: Exchange): string | undefined {
  for (const [asset] of account.balances) {
    const there = balanceOf(account, asset);
    const here = view.balances.find((balance) => balance.asset === asset);
    if (here?.free === there.free && here.locked === there.locked) continue;
    return `${asset} is ${here?.free} and ${here?.locked} locked, at the venue ${there.free} and ${there.locked}`;
  }
  return undefined;
}
