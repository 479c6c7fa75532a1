import type { Position } from '../domain/account.ts';
import { quantity } from '../domain/price.ts';
import { isTerminal, type Fill, type Order } from '../domain/order.ts';
import type { OrderFilled } from '../domain/venue-report.ts';
import { fillOrder, withoutUnknown, type OrderOutcome } from '../orders/order-events.ts';
import type { OrderRecord } from '../orders/order-book-of-record.ts';
import type { KernelContext } from './context.ts';
import { isPassing } from './passing-refusal.ts';
import { keepsComparisons } from './rules.ts';
import type { KernelState } from './state.ts';

function isOpen(order: Order | undefined): boolean {
  return order !== undefined && order.status !== 'Initialized' && !isTerminal(order.status);
}

// The venue ends the stop when the target trades, in part too: people must know that the rest has none.
function tellUnprotected(context: KernelContext, before: Order, order: Order): void {
  const other = order.contingency && context.state.orders.get(order.contingency.sibling)?.order;
  if (other === undefined) return;
  const isProfit = order.type === 'Limit';
  const [profit, loss] = isProfit ? [order, other] : [other, order];
  if (!isOpen(profit) || profit.cumQty === 0 || !isTerminal(loss.status)) return;
  if (isProfit ? before.cumQty > 0 : isTerminal(before.status)) return;
  const { cumQty, leavesQty, clientOrderId } = profit;
  const message = `${clientOrderId}, target of ${profit.parent}, filled ${cumQty} units and its stop ${loss.clientOrderId} ended with that: the other ${leavesQty} have no stop`;
  context.alert('Warning', 'BRACKET_REST_UNPROTECTED', message);
}

/** Writes an order and tells the gate, without publishing. */
function writeOrder(context: KernelContext, record: OrderRecord): void {
  const { gate, state } = context;
  const { order } = record;
  const before = state.orders.get(order.clientOrderId)?.order;
  state.orders.put(record);
  if (before !== undefined) tellUnprotected(context, before, order);
  if (state.orders.isBehind(order)) return;
  const was = isOpen(before);
  const open = isOpen(order);
  if (open && !was) gate.submitted(order, context.now);
  if (open && order.leavesQty !== (was ? before?.leavesQty : order.quantity)) gate.changed(order);
  if (!was || open) return;
  gate.done(order);
  // The exposure of an order list passes to the leg that lives on.
  const sibling = order.contingency && state.orders.get(order.contingency.sibling)?.order;
  if (sibling !== undefined && sibling.type !== 'Limit' && isOpen(sibling)) {
    gate.submitted(sibling, context.now);
    if (sibling.leavesQty !== sibling.quantity) gate.changed(sibling);
  }
}

/** Writes an order and publishes it when anything a screen shows has changed. */
export function saveOrder(context: KernelContext, record: OrderRecord): OrderRecord {
  const before = context.state.orders.get(record.order.clientOrderId)?.order;
  writeOrder(context, record);
  if (before !== record.order) context.publish({ type: 'OrderChanged', order: record.order });
  return record;
}

/** The record after its order ended or its request was answered. */
export function settled(record: OrderRecord): OrderRecord {
  const { request: _request, firstNegativeAt: _firstNegativeAt, ...rest } = record;
  return { ...rest, order: withoutUnknown(record.order) };
}

// A refused exit leaves a position without it: people must know, and nothing is tried again behind their back but what never left.
function tellRejectedExit(context: KernelContext, before: Order, order: Order): void {
  if (order.parent === undefined || order.status !== 'Rejected') return;
  if (before.status === 'Rejected' || isPassing(order.reason)) return;
  const { code, message } = order.reason ?? { code: 'REJECTED', message: 'no reason given' };
  const words = `${order.clientOrderId}, exit of ${order.parent}, was refused: ${message} (${code})`;
  context.alert('Error', 'BRACKET_EXIT_REJECTED', words);
}

/** Writes what an event made of an order; an event its status does not take is counted and told, and changes nothing. */
export function applyOutcome(
  context: KernelContext,
  record: OrderRecord,
  outcome: OrderOutcome,
): OrderRecord {
  if (outcome.ok) {
    const next = { ...record, order: outcome.value };
    tellRejectedExit(context, record.order, outcome.value);
    return saveOrder(context, isTerminal(outcome.value.status) ? settled(next) : next);
  }
  const { code, status, event } = outcome.error;
  context.count('illegalTransitions');
  context.alert('Error', code, `${record.order.clientOrderId} is ${status} and takes no ${event}`);
  return record;
}

/** Writes the record with its request answered: no longer in flight, no longer Unknown. */
export function answered(context: KernelContext, record: OrderRecord): OrderRecord {
  if (record.request === undefined && record.order.unknownSince === undefined) return record;
  return saveOrder(context, settled(record));
}

/** The record as it is now. */
export function current(context: KernelContext, record: OrderRecord): OrderRecord {
  return context.state.orders.get(record.order.clientOrderId) ?? record;
}

/** Notes the cumQty the venue stated. */
export function noteVenueQuantity(
  context: KernelContext,
  record: OrderRecord,
  cumQty: number,
): OrderRecord {
  if (cumQty <= record.venueCumQty) return record;
  return saveOrder(context, { ...record, venueCumQty: quantity(cumQty) });
}

/**
 * Notes the cumQty that the venue stated beside something else. Fills above ours may be on their way: whoever asks about them
 * waits a moment from now.
 */
export function noteVenueWords(
  context: KernelContext,
  record: OrderRecord,
  cumQty: number,
): OrderRecord {
  const { order } = record;
  const newlyOwed = cumQty > order.cumQty && record.venueCumQty <= order.cumQty;
  return noteVenueQuantity(
    context,
    newlyOwed ? { ...record, owedSince: context.now } : record,
    cumQty,
  );
}

function fillOf(record: OrderRecord, report: OrderFilled, receivedAt: Fill['receivedAt']): Fill {
  const { tradeId, venueOrderId, instrument, account, lastPx, lastQty, liquidity } = report;
  const { fee, feeScale, feeAsset, venueTime } = report;
  const { clientOrderId, side } = record.order;
  const executed = { tradeId, clientOrderId, venueOrderId, instrument, account, side };
  return {
    ...executed,
    lastPx,
    lastQty,
    liquidity,
    fee,
    feeScale,
    feeAsset,
    venueTime,
    receivedAt,
  };
}

function countPosition(state: KernelState, fill: Fill): Position {
  const instrument = state.instrument(fill.instrument);
  return state.portfolio.applyFill(fill, instrument, keepsComparisons(state));
}

/** Counts an execution that the order's quantities hold already: in position and gate alone. */
function countPastFill(
  context: KernelContext,
  record: OrderRecord & { readonly past: NonNullable<OrderRecord['past']> },
  fill: Fill,
): OrderRecord {
  const { state } = context;
  const { quantity: left, until } = record.past;
  const next = { ...record, past: { quantity: quantity(left - fill.lastQty), until } };
  state.fills.add(fill);
  context.gate.filled(fill, record.order);
  if (isOpen(record.order)) context.gate.changed(record.order);
  state.orders.put(next);
  const position = countPosition(state, fill);
  context.publish({ type: 'FillAdded', fill });
  context.publish({ type: 'PositionChanged', position });
  return next;
}

/**
 * Counts one execution exactly once: order, position, expected balances, gate; then publishes. A second report of the same
 * trade id changes nothing; another content under a known trade id is an error that is told.
 */
export function countFill(
  context: KernelContext,
  record: OrderRecord,
  report: OrderFilled,
): OrderRecord {
  const { state } = context;
  const fill = fillOf(record, report, context.now);
  if (fill.instrument !== record.order.instrument || fill.account !== record.order.account) {
    context.count('contradictoryFills');
    const seen = `${fill.instrument} of ${fill.account}`;
    const held = `${record.order.instrument} of ${record.order.account}`;
    const message = `trade ${fill.tradeId} is on ${seen}, its order on ${held}`;
    context.alert('Error', 'FILL_MISPLACED', message);
    return record;
  }
  const novelty = state.fills.novelty(fill);
  if (novelty === 'Duplicate') {
    context.count('duplicateFills');
    return record;
  }
  if (novelty === 'Contradiction') {
    context.count('contradictoryFills');
    const message = `trade ${fill.tradeId} on ${fill.instrument} came again with other content`;
    context.alert('Error', 'FILL_CONTRADICTION', message);
    return record;
  }
  const { past } = record;
  if (past !== undefined && fill.venueTime <= past.until && fill.lastQty <= past.quantity) {
    return countPastFill(context, { ...record, past }, fill);
  }
  const outcome = fillOrder(record.order, fill.lastPx, fill.lastQty, context.now);
  if (!outcome.ok) return applyOutcome(context, record, outcome);
  const venueOrderId = record.order.venueOrderId ?? fill.venueOrderId;
  const order: Order = { ...outcome.value, venueOrderId };
  const venueCumQty = quantity(Math.max(record.venueCumQty, order.cumQty));
  const filled: OrderRecord = { ...record, order, venueCumQty };
  const proves = isTerminal(order.status) || record.request?.kind === 'submit';
  const next = proves ? settled(filled) : filled;
  state.fills.add(fill);
  context.gate.filled(fill, record.order);
  writeOrder(context, next);
  const position = countPosition(state, fill);
  context.publish({ type: 'FillAdded', fill });
  context.publish({ type: 'OrderChanged', order: next.order });
  context.publish({ type: 'PositionChanged', position });
  if (order.cumQty > order.quantity) {
    context.count('overfills');
    const message = `${order.clientOrderId} filled ${order.cumQty} of ${order.quantity}`;
    context.alert('Error', 'ORDER_OVERFILLED', message);
  }
  return next;
}
