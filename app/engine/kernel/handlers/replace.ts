import type { AccountId } from '../../domain/identifiers.ts';
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

/** True while an order can be replaced: at the venue, known, nothing asked of it, and no other that may stand in its place. */
export function isReplaceable(context: KernelContext, record: OrderRecord): boolean {
  const { status, unknownSince } = record.order;
  const working = status === 'Accepted' || status === 'Triggered' || status === 'PartiallyFilled';
  const known = unknownSince === undefined && record.request === undefined;
  return working && known && standsFor(context, record) === undefined;
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
  const { displayQuantity, tag, bracket } = original;
  const price = wanted.price ?? original.price;
  const rest = quantity(wanted.quantity - original.cumQty);
  const hides = displayQuantity !== undefined && displayQuantity < rest;
  const terms = {
    ...{ instrument, account, side, type, timeInForce, postOnly, reduceOnly },
    quantity: rest,
    ...(hides ? { displayQuantity } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(bracket === undefined ? {} : { bracket }),
    ...(price === undefined ? {} : { price }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
  };
  return newOrder(terms, {
    clientOrderId: nextClientOrderId(context.state),
    origin: original.origin === 'External' ? 'Manual' : original.origin,
    replaces: original.clientOrderId,
    arrival: original.arrival,
    at: context.now,
    ...(client === undefined ? {} : { client }),
  });
}

/** Sends `replacement` in the place of `record`'s order, `total` with what that has filled: the original is PendingReplace, the other Submitted. */
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
  const before = filledBefore(chainOf(context, record), record);
  const whole = quantity(total + before);
  const replacedBy = { clientOrderId: replacement.clientOrderId, total: whole };
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

function replacedOf(context: KernelContext, record: OrderRecord): OrderRecord | undefined {
  const { replaces, clientOrderId } = record.order;
  const before = replaces === undefined ? undefined : context.state.orders.get(replaces);
  return before?.replacedBy?.clientOrderId === clientOrderId ? before : undefined;
}

function standsFor(context: KernelContext, record: OrderRecord): OrderRecord | undefined {
  const after = record.replacedBy && context.state.orders.get(record.replacedBy.clientOrderId);
  // What the venue refused never stood in its place.
  const placed = after?.order.status !== 'Rejected' || after.order.cumQty > 0;
  return placed ? after : undefined;
}

/** The orders that stood one in the place of the other, `record` among them, oldest first. */
function chainOf(context: KernelContext, record: OrderRecord): readonly OrderRecord[] {
  const chain = [record];
  for (let one = replacedOf(context, record); one !== undefined; one = replacedOf(context, one)) {
    chain.unshift(one);
  }
  for (let one = standsFor(context, record); one !== undefined; one = standsFor(context, one)) {
    chain.push(one);
  }
  return chain;
}

function filledBefore(chain: readonly OrderRecord[], record: OrderRecord): number {
  return chain.slice(0, chain.indexOf(record)).reduce((sum, { order }) => sum + order.cumQty, 0);
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
 * Keeps a replacement and all the orders it stands for together at the total that was asked for. Fills of those that come after
 * our request make it too large by as much: it is made smaller by another replace, or canceled when nothing is left.
 */
export function correctReplacement(context: KernelContext, record: OrderRecord): void {
  if (record.order.replaces === undefined && record.replacedBy === undefined) return;
  const chain = chainOf(context, record);
  const standing = chain.at(-1);
  const total = chain.at(-2)?.replacedBy?.total;
  if (standing === undefined || total === undefined) return;
  const replaced = chain.slice(0, -1);
  if (replaced.some(({ order: { status } }) => !isTerminal(status))) return;
  const allowed = total - filledBefore(chain, standing);
  const { order } = standing;
  if (order.quantity <= allowed || !isReplaceable(context, standing)) return;
  const extra = order.quantity - Math.max(0, allowed);
  const before = replaced.map((one) => one.order.clientOrderId).join(', ');
  const message = `${before} filled ${extra} more while being replaced: ${order.clientOrderId} is made smaller`;
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

/** Looks again at every replacement of an account: a correction may not have reached the venue. */
export function correctReplacements(context: KernelContext, account: AccountId): void {
  for (const record of context.state.orders.liveOf(account)) {
    if (record.order.replaces !== undefined) correctReplacement(context, record);
  }
}
