import type { CancelAll, CancelOrder, ReplaceOrder, SubmitOrder } from '../../domain/command.ts';
import type { ClientId, ClientOrderId } from '../../domain/identifiers.ts';
import type { Order, OrderTerms } from '../../domain/order.ts';
import { quantity } from '../../domain/price.ts';
import { denyOrder, newOrder } from '../../orders/order-events.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import { spentOf } from '../../portfolio/position.ts';
import { checkTerms } from '../../risk/order-terms.ts';
import type { Denial } from '../../risk/denial.ts';
import { arrivalAt } from '../arrival.ts';
import type { KernelContext } from '../context.ts';
import { doubtDenial } from '../data-doubt.ts';
import { nextClientOrderId } from '../ids.ts';
import { applyOutcome } from '../order-changes.ts';
import { flattenCovering } from './flatten-scope.ts';
import { isReplaceable, replacementOf, sendCancel, sendReplacement } from './replace.ts';
import { sendOrder } from './send.ts';

/** What a command did: the orders it created or touched, or why it was refused. */
export interface Answer {
  readonly orders: readonly ClientOrderId[];
  readonly refused?: Denial;
}

function refuse(code: string, message: string): Answer {
  return { orders: [], refused: { code, message } };
}

function deny(
  context: KernelContext,
  order: Order,
  replaced: Order | undefined,
): Denial | undefined {
  const { state, gate } = context;
  const account = state.accounts.get(order.account);
  const instrument = state.instrument(order.instrument);
  const touch = state.touch(instrument.id, order.side);
  const invalid = checkTerms(order, instrument, touch, state.limits?.maxDistanceBps);
  if (invalid !== undefined) return invalid;
  if (state.journal === 'Failed') {
    const message = 'the journal cannot be written, and no order leaves that is not in it';
    return { code: 'JOURNAL_UNWRITABLE', message };
  }
  if (account?.connected !== true) {
    const message = `${order.account} must be connected to its venue`;
    return { code: 'VENUE_DISCONNECTED', message };
  }
  const flatten = flattenCovering(state, order.account, order.instrument);
  if (flatten !== undefined) {
    const message = `${order.instrument} is being flattened (${flatten.id})`;
    return { code: 'FLATTENING', message };
  }
  const position = state.portfolio.position(order.account, instrument.id);
  const denial = gate.check(order, replaced, context.now, spentOf(position, instrument));
  if (denial?.code !== 'STALE_DATA') return denial;
  // The gate is shown no quote that is doubted; here it is known why.
  const quote = state.quotes.get(instrument.id);
  return (quote && doubtDenial(quote)) ?? denial;
}

function keepDenied(context: KernelContext, born: Order, reason: Denial): Answer {
  const record: OrderRecord = { order: born, venueCumQty: quantity(0) };
  applyOutcome(context, record, denyOrder(born, reason, context.now));
  return { orders: [born.clientOrderId], refused: reason };
}

/** What would be said of an order now; changes nothing. Undefined: it would be sent. */
export function preview(
  context: KernelContext,
  client: ClientId,
  terms: OrderTerms,
): Denial | undefined {
  const misplaced = checkPlace(context, terms);
  if (misplaced !== undefined) return misplaced;
  const clientOrderId = 'preview' as ClientOrderId;
  const born = newOrder(terms, { clientOrderId, origin: 'Manual', client, at: context.now });
  return deny(context, born, undefined);
}

function checkPlace(context: KernelContext, terms: OrderTerms): Denial | undefined {
  const { instruments, accounts } = context.state;
  if (!instruments.has(terms.instrument)) {
    const message = `instrument must be one of ours, was ${terms.instrument}`;
    return { code: 'INSTRUMENT_UNKNOWN', message };
  }
  if (!accounts.has(terms.account)) {
    const message = `account must be one of ours, was ${terms.account}`;
    return { code: 'ACCOUNT_UNKNOWN', message };
  }
  if (Number.isSafeInteger(terms.quantity) && terms.quantity > 0) return undefined;
  const message = `quantity must be a whole number above 0, was ${terms.quantity}`;
  return { code: 'ORDER_TERMS_INVALID', message };
}

/** A new order: denied with its reason, or sent. */
export function submit(context: KernelContext, client: ClientId, command: SubmitOrder): Answer {
  const { terms } = command;
  const refused = checkPlace(context, terms);
  if (refused !== undefined) return { orders: [], refused };
  const clientOrderId = nextClientOrderId(context.state);
  const arrival = arrivalAt(context, terms.instrument);
  const birth = { clientOrderId, origin: 'Manual', client, arrival, at: context.now } as const;
  const born = newOrder(terms, birth);
  const denied = deny(context, born, undefined);
  if (denied !== undefined) return keepDenied(context, born, denied);
  sendOrder(context, born);
  return { orders: [clientOrderId] };
}

/** Cancels one order and, when it is being replaced, the order that was to stand in its place. */
export function cancel(context: KernelContext, command: CancelOrder): Answer {
  const { orders } = context.state;
  const { clientOrderId } = command;
  const record = orders.get(clientOrderId);
  if (record === undefined) {
    return refuse('ORDER_UNKNOWN', `order must be one of ours, was ${clientOrderId}`);
  }
  const standing = record.replacedBy && orders.get(record.replacedBy.clientOrderId);
  const touched = [record, ...(standing === undefined ? [] : [standing])].filter((one) =>
    context.state.orders.isLive(one.order.clientOrderId),
  );
  if (touched.length === 0) {
    return refuse('ORDER_DONE', `order ${clientOrderId} has ended: ${record.order.status}`);
  }
  for (const one of touched) sendCancel(context, one);
  return { orders: touched.map(({ order }) => order.clientOrderId) };
}

/** Cancels every live order of the account, or those of an instrument or side. */
export function cancelAll(context: KernelContext, command: CancelAll): Answer {
  const { account, instrument, side } = command;
  if (!context.state.accounts.has(account)) {
    return refuse('ACCOUNT_UNKNOWN', `account must be one of ours, was ${account}`);
  }
  const live = context.state.orders
    .liveOf(account, instrument)
    .filter(({ order }) => side === undefined || order.side === side);
  for (const record of live) sendCancel(context, record);
  return { orders: live.map(({ order }) => order.clientOrderId) };
}

function refusal(
  context: KernelContext,
  record: OrderRecord,
  command: ReplaceOrder,
): Denial | undefined {
  const { order } = record;
  if (order.parent !== undefined) {
    const message = `order must not be an exit of a bracket, is of ${order.parent}: cancel it and send another`;
    return { code: 'EXIT_NOT_REPLACEABLE', message };
  }
  if (!isReplaceable(context, record)) {
    const unknown = order.unknownSince === undefined ? '' : ' and Unknown';
    const by = record.replacedBy?.clientOrderId;
    const replaced = by === undefined ? '' : `, ${by} may stand in its place`;
    const message = `order must be working with nothing asked of it, is ${order.status}${unknown}${replaced}`;
    return { code: 'ORDER_NOT_REPLACEABLE', message };
  }
  const total = command.quantity;
  if (Number.isSafeInteger(total) && total > order.cumQty) return undefined;
  const message = `quantity must be above what has filled, ${order.cumQty}, was ${total}`;
  return { code: 'REPLACE_BELOW_FILLED', message };
}

/** Replaces a working order by one with another total quantity or price. */
export function replace(context: KernelContext, client: ClientId, command: ReplaceOrder): Answer {
  const record = context.state.orders.get(command.clientOrderId);
  if (record === undefined) {
    return refuse('ORDER_UNKNOWN', `order must be one of ours, was ${command.clientOrderId}`);
  }
  const refused = refusal(context, record, command);
  if (refused !== undefined) return { orders: [command.clientOrderId], refused };
  const replacement = replacementOf(context, record.order, command, client);
  const denied = deny(context, replacement, record.order);
  if (denied !== undefined) return keepDenied(context, replacement, denied);
  sendReplacement(context, record, replacement, command.quantity);
  return { orders: [command.clientOrderId, replacement.clientOrderId] };
}
