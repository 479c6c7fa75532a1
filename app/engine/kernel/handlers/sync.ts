import { unreachable } from '../../base/invariant.ts';
import { isTerminal } from '../../domain/order.ts';
import type { VenueOrder } from '../../domain/venue-report.ts';
import { acceptOrder, endOrder, refuseRequest, triggerOrder } from '../../orders/order-events.ts';
import { owesFills, type OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import { answered, applyOutcome, noteVenueQuantity, saveOrder, settled } from '../order-changes.ts';

function learn(context: KernelContext, record: OrderRecord, stated: VenueOrder): OrderRecord {
  const { order } = record;
  const { venueOrderId, venueTime, status } = stated;
  if (order.acceptedAt !== undefined || status === 'Rejected') return record;
  const outcome = acceptOrder(order, venueOrderId, venueTime, context.now);
  return applyOutcome(context, record, outcome);
}

/** The event that told it may have been lost. */
function learnTrigger(
  context: KernelContext,
  record: OrderRecord,
  { triggered }: VenueOrder,
): OrderRecord {
  const { order } = record;
  if (triggered === undefined || order.triggeredAt !== undefined) return record;
  if (isTerminal(order.status)) return record;
  return applyOutcome(context, record, triggerOrder(order, context.now));
}

function stillLive(context: KernelContext, record: OrderRecord): OrderRecord {
  const { order, request } = record;
  const asked = request?.kind === 'cancel' || request?.kind === 'replace';
  if (!asked) return answered(context, record);
  // A request that is only on its way is left alone; one that went Unknown did not take effect.
  if (order.unknownSince === undefined) return record;
  const event = request.kind === 'cancel' ? 'RefuseCancel' : 'RefuseReplace';
  const message = `the ${request.kind} of ${order.clientOrderId} did not reach it: it works as before`;
  context.alert('Warning', 'REQUEST_LOST', message);
  const outcome = refuseRequest(order, event, context.now);
  if (!outcome.ok) return applyOutcome(context, record, outcome);
  return saveOrder(context, settled({ ...record, order: outcome.value }));
}

/**
 * Brings an order to what the venue states of it now, its known fills being counted already. Fills that the venue counts and
 * we have not seen are owed: asked for until they come, never made up.
 */
export function syncOrder(
  context: KernelContext,
  record: OrderRecord,
  stated: VenueOrder,
): OrderRecord {
  const counted = noteVenueQuantity(context, record, stated.cumQty);
  const learnt = learnTrigger(context, learn(context, counted, stated), stated);
  const { order } = learnt;
  if (isTerminal(order.status)) {
    if (stated.status !== 'Accepted' && stated.status !== 'PartiallyFilled') return learnt;
    if (order.reason?.code !== 'NOT_AT_VENUE') return learnt;
    const message = `${order.clientOrderId} was given up as not at the venue and works there: canceling it`;
    context.alert('Error', 'ORDER_ALIVE_AFTER_END', message);
    context.emit({ type: 'SendCancel', order });
    return learnt;
  }
  const message = 'as the venue stated when asked';
  switch (stated.status) {
    case 'Accepted':
    case 'PartiallyFilled':
      return stillLive(context, learnt);
    case 'Filled':
      return owesFills(learnt) ? saveOrder(context, withoutRequest(learnt)) : learnt;
    case 'Canceled':
    case 'Expired':
    case 'Rejected': {
      // What has traded was taken once: refused after that, its rest has ended.
      const refused = order.cumQty === 0 ? 'Reject' : 'Expire';
      const events = { Canceled: 'Cancel', Expired: 'Expire', Rejected: refused } as const;
      const code = stated.status.toUpperCase();
      const ended = endOrder(order, events[stated.status], { code, message }, context.now);
      return applyOutcome(context, learnt, ended);
    }
    default:
      return unreachable(stated.status);
  }
}

function withoutRequest(record: OrderRecord): OrderRecord {
  const { request: _request, ...rest } = record;
  return rest;
}
