import { isTerminal } from '../../domain/order.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import { endOrder } from '../../orders/order-events.ts';
import { owesFills, type OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import { applyOutcome, saveOrder } from '../order-changes.ts';
import { strayDueAt, sweepStrays } from './strays.ts';

/** A request without an answer becomes Unknown after this time; two negative answers count when this far apart. */
const UNANSWERED_AFTER_MICROS = 5_000_000;
/** Fills that the venue counted in passing are asked for when they have not come by themselves after this time. */
const OWED_AFTER_MICROS = 500_000;
/** What is Unknown is asked about this often. */
const QUERY_EVERY_MICROS = 2_000_000;
/** An account with an order Unknown for this long takes on no more risk. */
const STOP_AFTER_MICROS = 10_000_000;
/** Orders asked about in one go. */
export const MAX_QUERIES = 100;
/** The one timer of everything that awaits an answer. */
export const SWEEP_TIMER = 'sweep';

// A venue's clock may run behind ours: the window of trade history starts a little before the order left.
const HISTORY_MARGIN_MICROS = 60_000_000;

/** Asks the venue about an order. */
export function queryOrder(context: KernelContext, record: OrderRecord): OrderRecord {
  const { account, instrument, clientOrderId, decidedAt } = record.order;
  const asked = saveOrder(context, { ...record, queriedAt: context.now });
  const since = unixMicros(Math.max(0, decidedAt - HISTORY_MARGIN_MICROS));
  context.emit({ type: 'SendQuery', account, instrument, clientOrderId, since });
  return asked;
}

/** Flags an order Unknown, from now; the next sweep asks the venue. Ended orders have nothing unknown. */
export function flagUnknown(context: KernelContext, record: OrderRecord): OrderRecord {
  const { order } = record;
  if (isTerminal(order.status) || order.unknownSince !== undefined) return record;
  const { queriedAt: _queriedAt, ...rest } = record;
  return saveOrder(context, {
    ...rest,
    order: { ...order, unknownSince: context.now, updatedAt: context.now },
  });
}

/** Flags an order Unknown and asks the venue, at once unless many are asked about. */
export function markUnknown(context: KernelContext, record: OrderRecord): OrderRecord {
  const { orders, accounts } = context.state;
  const flagged = flagUnknown(context, record);
  if (flagged === record) return record;
  const connected = accounts.get(record.order.account)?.connected === true;
  const few = orders.attention().length <= MAX_QUERIES;
  return connected && few ? queryOrder(context, flagged) : flagged;
}

/**
 * The venue says it does not know the order. Only a second such answer, asked for at least 5 s after the first came, with every fill in
 * its history counted, ends it: Rejected / NOT_AT_VENUE when nothing of it ever traded, else Expired / NOT_AT_VENUE.
 */
export function noteNegative(
  context: KernelContext,
  record: OrderRecord,
  askedAt: UnixMicros,
): OrderRecord {
  const { order, firstNegativeAt } = record;
  if (isTerminal(order.status) || owesFills(record)) return record;
  if (firstNegativeAt === undefined) {
    const denied = saveOrder(context, { ...record, firstNegativeAt: context.now });
    return markUnknown(context, denied);
  }
  if (askedAt - firstNegativeAt < UNANSWERED_AFTER_MICROS) return record;
  const message = 'the venue does not know this order: two answers, no fill in its history';
  const reason = { code: 'NOT_AT_VENUE', message };
  const event = order.cumQty === 0 && order.status !== 'PartiallyFilled' ? 'Reject' : 'Expire';
  context.alert('Warning', reason.code, `${order.clientOrderId}: ${message}`);
  return applyOutcome(context, record, endOrder(order, event, reason, context.now));
}

function isAsking(record: OrderRecord): boolean {
  return record.order.unknownSince !== undefined || owesFills(record);
}

/** When something is to be done about an order; never while it can only be asked about and nobody is there to ask. */
function dueAt(context: KernelContext, record: OrderRecord): number {
  const { order, request, queriedAt, owedSince } = record;
  if (!isAsking(record)) return (request?.since ?? 0) + UNANSWERED_AFTER_MICROS;
  if (context.state.accounts.get(order.account)?.connected !== true) return Infinity;
  const next = queriedAt === undefined ? 0 : queriedAt + QUERY_EVERY_MICROS;
  if (order.unknownSince !== undefined || owedSince === undefined) return next;
  return Math.max(next, owedSince + OWED_AFTER_MICROS);
}

/** When trading stops for an order that is Unknown: whatever else is asked about it meanwhile. */
function stopsAt({ state }: KernelContext, { order }: OrderRecord): number {
  const active = state.accounts.get(order.account)?.tradingState === 'Active';
  return active && order.unknownSince !== undefined
    ? order.unknownSince + STOP_AFTER_MICROS
    : Infinity;
}

/** Sets the sweep to the moment the next order or stray needs it. */
export function scheduleSweep(context: KernelContext): void {
  const { orders, sweepAfter } = context.state;
  let earliest = strayDueAt(context) ?? Infinity;
  for (const record of orders.inAttention()) {
    earliest = Math.min(earliest, dueAt(context, record), stopsAt(context, record));
  }
  if (earliest === Infinity) {
    context.clearTimer(SWEEP_TIMER);
    return;
  }
  // One that is due fires in a moment: put off by every input it might never.
  if ((context.state.timers.get(SWEEP_TIMER) ?? Infinity) <= context.now) return;
  const next: UnixMicros = unixMicros(Math.max(earliest, sweepAfter, context.now + 1));
  context.setTimer(SWEEP_TIMER, next);
}

/** Trading on an account is Reducing from when one of its orders has been Unknown too long, until a person unlocks it. */
function stopTheUnknowing(context: KernelContext): void {
  for (const { order } of context.state.orders.attention()) {
    const { account, unknownSince, clientOrderId } = order;
    if (unknownSince === undefined || context.now - unknownSince < STOP_AFTER_MICROS) continue;
    const record = context.state.accounts.get(account);
    if (record?.tradingState !== 'Active') continue;
    context.saveAccount({ ...record, tradingState: 'Reducing' });
    const message = `${clientOrderId} has been Unknown for 10 s: ${account} takes reducing orders only, until it is known and you unlock`;
    context.alert('Error', 'UNKNOWN_TOO_LONG', message);
  }
}

/** Asks about what is due, longest unasked first; a crowd is asked about in turns, so that the venue's weight lasts for all. */
export function onSweep(context: KernelContext): void {
  const { state } = context;
  stopTheUnknowing(context);
  const isDue = (record: OrderRecord): boolean => dueAt(context, record) <= context.now;
  for (const record of state.orders.attention()) {
    if (isDue(record) && !isAsking(record)) flagUnknown(context, record);
  }
  const due = state.orders
    .attention()
    .filter(isDue)
    .sort((left, right) => dueAt(context, left) - dueAt(context, right));
  for (const record of due.slice(0, MAX_QUERIES)) queryOrder(context, record);
  if (due.length > MAX_QUERIES) state.sweepAfter = unixMicros(context.now + QUERY_EVERY_MICROS);
  sweepStrays(context);
}
