import { isTerminal, type Order } from '../../domain/order.ts';
import { notional, quantity, type Price, type Quantity } from '../../domain/price.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import { newOrder, requestCancel, requestReplace, submitOrder } from '../../orders/order-events.ts';
import type { KernelContext } from '../context.ts';
import { applyOutcome, saveOrder } from '../order-changes.ts';
import { nextClientOrderId } from '../ids.ts';
import { flattenCovering } from './flatten-scope.ts';

/** What a working order is to become: its total quantity, fills included, and its price. */
interface Replacement {
  readonly quantity: Quantity;
  readonly price?: Price;
}

/** True while an order can be replaced: at the venue, known, nothing asked of it. */
export function isReplaceable(record: OrderRecord): boolean {
  const { status, unknownSince } = record.order;
  const working = status === 'Accepted' || status === 'Triggered' || status === 'PartiallyFilled';
  return working && unknownSince === undefined && record.request === undefined;
}

/** The order that would stand in the place of `original`: the wanted total less what has filled. */
export function replacementOf(
  context: KernelContext,
  original: Order,
  wanted: Replacement,
  client: Order['client'],
): Order {
  const { instrument, account, side, type, stopPrice, timeInForce, postOnly, reduceOnly } =
    original;
  const price = wanted.price ?? original.price;
  const terms = {
    ...{ instrument, account, side, type, timeInForce, postOnly, reduceOnly },
    quantity: quantity(wanted.quantity - original.cumQty),
    ...(price === undefined ? {} : { price }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
  };
  return newOrder(terms, {
    clientOrderId: nextClientOrderId(context.state),
    origin: original.origin === 'External' ? 'Manual' : original.origin,
    replaces: original.clientOrderId,
    at: context.now,
    ...(client === undefined ? {} : { client }),
  });
}

/** Sends `replacement` in the place of `record`'s order: the original is PendingReplace, the other Submitted. */
export function sendReplacement(
  context: KernelContext,
  record: OrderRecord,
  replacement: Order,
  total: Quantity,
): void {
  const at = context.now;
  const { price } = replacement;
  const pending = price === undefined ? { quantity: total } : { quantity: total, price };
  const original = requestReplace(record.order, pending, at);
  const sent = submitOrder(replacement, at);
  if (!original.ok || !sent.ok) {
    applyOutcome(context, record, original);
    return;
  }
  const replacedBy = { clientOrderId: replacement.clientOrderId, total };
  saveOrder(context, {
    ...record,
    order: original.value,
    request: { kind: 'replace', since: at },
    replacedBy,
  });
  saveOrder(context, {
    order: sent.value,
    venueCumQty: quantity(0),
    request: { kind: 'submit', since: at },
  });
  context.emit({ type: 'SendReplace', original: original.value, replacement: sent.value });
}

/** Asks the venue to cancel a live order; asked again only while its fate is unknown. */
export function sendCancel(context: KernelContext, record: OrderRecord): void {
  const { order } = record;
  if (isTerminal(order.status)) return;
  if (order.status === 'PendingCancel') {
    if (order.unknownSince !== undefined) context.emit({ type: 'SendCancel', order });
    return;
  }
  const asked = applyOutcome(context, record, requestCancel(order, context.now));
  const request = { kind: 'cancel', since: context.now } as const;
  const next = saveOrder(context, { ...asked, request });
  context.emit({ type: 'SendCancel', order: next.order });
}

function pairOf(
  context: KernelContext,
  record: OrderRecord,
): { readonly original: OrderRecord; readonly standing: OrderRecord } | undefined {
  const { orders } = context.state;
  const { replaces } = record.order;
  const after = record.replacedBy && orders.get(record.replacedBy.clientOrderId);
  if (after !== undefined) return { original: record, standing: after };
  const before = replaces === undefined ? undefined : orders.get(replaces);
  return before === undefined ? undefined : { original: before, standing: record };
}

function tooSmall(context: KernelContext, order: Order, rest: number): boolean {
  const { minQuantity, minNotional } = context.state.instrument(order.instrument);
  const price = order.price ?? context.state.touch(order.instrument, order.side);
  const worth = price === undefined ? minNotional : notional(price, quantity(rest));
  return rest < minQuantity || worth < minNotional;
}

// Nothing new is sent for an account that may not trade or is being flattened: the whole order goes instead.
function mayReplace(context: KernelContext, order: Order): boolean {
  const { state } = context;
  const account = state.accounts.get(order.account);
  const active = account?.tradingState === 'Active' && account.connected;
  return active && flattenCovering(state, order.account, order.instrument) === undefined;
}

/**
 * Keeps original and replacement together at the total that was asked for. Fills of the original between our request and its
 * cancel make the replacement too large by as much: it is made smaller by another replace, or canceled when nothing is left.
 */
export function correctReplacement(context: KernelContext, record: OrderRecord): void {
  const pair = pairOf(context, record);
  if (pair === undefined) return;
  const { original, standing } = pair;
  const total = original.replacedBy?.total;
  if (total === undefined || !isTerminal(original.order.status)) return;
  const allowed = total - original.order.cumQty;
  const { order } = standing;
  if (order.quantity <= allowed || !isReplaceable(standing)) return;
  const extra = order.quantity - Math.max(0, allowed);
  const message = `${original.order.clientOrderId} filled ${extra} more while being replaced: ${order.clientOrderId} is made smaller`;
  context.alert('Warning', 'REPLACE_OVERSHOOT', message);
  const rest = allowed - order.cumQty;
  if (rest <= 0 || tooSmall(context, order, rest) || !mayReplace(context, order)) {
    sendCancel(context, standing);
    return;
  }
  const wanted = { quantity: quantity(allowed) };
  sendReplacement(
    context,
    standing,
    replacementOf(context, order, wanted, order.client),
    wanted.quantity,
  );
}
