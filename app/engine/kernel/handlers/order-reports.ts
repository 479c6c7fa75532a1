import { unreachable } from '../../base/invariant.ts';
import { isTerminal } from '../../domain/order.ts';
import { unixMicros } from '../../domain/time.ts';
import type {
  CancelRejected,
  NotSent,
  OrderAccepted,
  OrderCanceled,
  OrderExpired,
  OrderQueried,
  OrderReport,
  OutcomeUnknown,
  ReplaceRejected,
} from '../../domain/venue-report.ts';
import {
  acceptOrder,
  endOrder,
  refuseRequest,
  triggerOrder,
  type OrderReason,
} from '../../orders/order-events.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import {
  answered,
  applyOutcome,
  countFill,
  current,
  noteVenueQuantity,
  saveOrder,
} from '../order-changes.ts';
import { oweAgain } from './brackets.ts';
import { isOldOrder, isOldTrade } from './forget.ts';
import { isOutdated } from './open-orders.ts';
import { correctReplacement } from './replace.ts';
import { repairOrder } from './repair.ts';
import { adopt, holdStray, noteStrayNegative } from './strays.ts';
import { markUnknown, noteNegative, queryOrder } from './unknown.ts';

function find(context: KernelContext, report: OrderReport): OrderRecord | undefined {
  const { orders } = context.state;
  const own = orders.get(report.clientOrderId);
  if (own !== undefined || !('venueOrderId' in report)) return own;
  return orders.byVenueId(report.instrument, report.venueOrderId);
}

function onAccepted(context: KernelContext, record: OrderRecord, report: OrderAccepted): void {
  const { order } = record;
  const outcome = acceptOrder(order, report.venueOrderId, report.venueTime, context.now);
  const next = applyOutcome(context, record, outcome);
  const taken = next.request?.kind === 'submit' ? answered(context, next) : next;
  correctReplacement(context, taken);
  if (order.reason?.code !== 'NOT_AT_VENUE') return;
  const message = `${order.clientOrderId} was given up as not at the venue and is there after all: canceling it`;
  context.alert('Error', 'ORDER_ALIVE_AFTER_END', message);
  context.emit({ type: 'SendCancel', order: next.order });
}

function onEnded(
  context: KernelContext,
  record: OrderRecord,
  report: OrderCanceled | OrderExpired,
): void {
  const noted = noteVenueQuantity(context, record, report.cumQty);
  const words = report.type === 'OrderExpired' ? 'the venue ended the order' : 'canceled';
  const code = report.code ?? (noted.order.status === 'PendingReplace' ? 'REPLACED' : undefined);
  const reason: OrderReason | undefined = code === undefined ? undefined : { code, message: words };
  const event = report.type === 'OrderExpired' ? 'Expire' : 'Cancel';
  const ended = applyOutcome(context, noted, endOrder(noted.order, event, reason, context.now));
  correctReplacement(context, ended);
}

function rejected(context: KernelContext, record: OrderRecord, reason: OrderReason): void {
  const { order } = record;
  // Refused after it traded: only the venue can say what it is now.
  if (order.cumQty > 0 && !isTerminal(order.status)) markUnknown(context, record);
  else applyOutcome(context, record, endOrder(order, 'Reject', reason, context.now));
}

function refused(
  context: KernelContext,
  record: OrderRecord,
  event: 'RefuseCancel' | 'RefuseReplace',
): OrderRecord {
  const kind = event === 'RefuseCancel' ? 'cancel' : 'replace';
  const next = applyOutcome(context, record, refuseRequest(record.order, event, context.now));
  if (next.request?.kind !== kind) return next;
  const { order, firstNegativeAt } = next;
  if (order.status === 'Submitted') {
    // The venue never said that it took the order: that request still has no answer.
    const request = { kind: 'submit', since: order.submittedAt ?? order.decidedAt } as const;
    return saveOrder(context, { ...next, request });
  }
  const known = answered(context, next);
  // That it cannot cancel what it does not know must not erase that it does not know it.
  return firstNegativeAt === undefined ? known : saveOrder(context, { ...known, firstNegativeAt });
}

function onCancelRejected(
  context: KernelContext,
  record: OrderRecord,
  report: CancelRejected,
): void {
  const next = refused(context, record, 'RefuseCancel');
  if (isTerminal(next.order.status)) return;
  const message = `${report.clientOrderId} was not canceled: ${report.message} (${report.code})`;
  context.alert('Warning', 'CANCEL_REJECTED', message);
  // Most refused cancels meet an order that has just ended; the report of it may be lost.
  queryOrder(context, next);
}

function onReplaceRefused(
  context: KernelContext,
  record: OrderRecord,
  report: Pick<ReplaceRejected, 'replacement' | 'code' | 'message'>,
): void {
  refused(context, record, 'RefuseReplace');
  const replacement = context.state.orders.get(report.replacement);
  if (replacement === undefined) return;
  const { code, message } = report;
  rejected(context, replacement, { code, message });
}

function onNotSent(context: KernelContext, record: OrderRecord, report: NotSent): void {
  const { request, code, message, replacement } = report;
  switch (request) {
    case 'submit':
      rejected(context, record, { code, message });
      if (!isTerminal(record.order.status)) oweAgain(context, current(context, record).order);
      return;
    case 'cancel':
      refused(context, record, 'RefuseCancel');
      context.alert(
        'Warning',
        code,
        `the cancel of ${report.clientOrderId} was not sent: ${message}`,
      );
      return;
    case 'replace':
      if (replacement === undefined) return;
      onReplaceRefused(context, record, { replacement, code, message });
      return;
    default:
      unreachable(request);
  }
}

function onOutcomeUnknown(
  context: KernelContext,
  record: OrderRecord,
  report: OutcomeUnknown,
): void {
  const { order, request } = record;
  const unacknowledged =
    report.request === 'submit' && order.acceptedAt === undefined && order.cumQty === 0;
  if (request?.kind === report.request || unacknowledged) markUnknown(context, record);
  const { replacement } = report;
  const other = replacement === undefined ? undefined : context.state.orders.get(replacement);
  if (other?.request?.kind === 'submit') markUnknown(context, other);
}

/** Applies the answer to a query: fills first, then what the venue says of the order. */
export function onQueried(context: KernelContext, answer: OrderQueried): void {
  const { orders } = context.state;
  const known = orders.get(answer.clientOrderId);
  if (known === undefined) {
    adoptAnswer(context, answer);
    return;
  }
  for (const fill of answer.fills) countFill(context, current(context, known), fill);
  const record = current(context, known);
  const { order: stated, askedAt } = answer;
  // An answer is as old as its question: one that was long on its way says nothing of now.
  const asked = askedAt && unixMicros(Math.min(context.now, askedAt + context.state.skewMicros));
  const outdated = asked !== undefined && isOutdated(record, asked);
  if (stated === undefined) noteNegative(context, record, asked ?? context.now);
  else if (isTerminal(stated.status) || !outdated) {
    repairOrder(context, record, stated, 'the venue when asked');
  }
  correctReplacement(context, current(context, record));
}

function adoptAnswer(context: KernelContext, answer: OrderQueried): void {
  if (answer.order === undefined) {
    noteStrayNegative(context, answer);
    return;
  }
  if (isOldOrder(context, answer)) {
    context.state.strays.delete(answer.clientOrderId);
    return;
  }
  const adopted = adopt(context, answer.order);
  if (adopted === undefined) return;
  onQueried(context, answer);
  for (const report of adopted.held) onOrderReport(context, report);
}

/** Applies a report about one order; about an order nobody knows it is held and asked about. */
export function onOrderReport(context: KernelContext, report: OrderReport): void {
  const record = find(context, report);
  if (record === undefined) {
    if (isOldTrade(context, report)) context.count('duplicateFills');
    else holdStray(context, report, report);
    return;
  }
  switch (report.type) {
    case 'OrderAccepted':
      onAccepted(context, record, report);
      return;
    case 'OrderRejected':
      rejected(context, record, { code: report.code, message: report.message });
      return;
    case 'OrderTriggered': {
      const next = applyOutcome(context, record, triggerOrder(record.order, context.now));
      if (next.request?.kind === 'submit') answered(context, next);
      return;
    }
    case 'OrderFilled':
      correctReplacement(context, countFill(context, record, report));
      return;
    case 'OrderCanceled':
    case 'OrderExpired':
      onEnded(context, record, report);
      return;
    case 'CancelRejected':
      onCancelRejected(context, record, report);
      return;
    case 'ReplaceRejected':
      onReplaceRefused(context, record, report);
      return;
    case 'OutcomeUnknown':
      onOutcomeUnknown(context, record, report);
      return;
    case 'NotSent':
      onNotSent(context, record, report);
      return;
    default:
      unreachable(report);
  }
}
