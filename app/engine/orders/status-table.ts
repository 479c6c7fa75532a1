import { err, ok, type Result } from '../base/result.ts';
import type { Order, OrderStatus } from '../domain/order.ts';

/** What can happen to an order. `FillPart` leaves a rest, `FillRest` none; `Refuse…` is the venue's no to our request. */
export const ORDER_EVENTS = [
  'Submit',
  'Deny',
  'Accept',
  'Reject',
  'Trigger',
  'FillPart',
  'FillRest',
  'RequestCancel',
  'RequestReplace',
  'RefuseCancel',
  'RefuseReplace',
  'Cancel',
  'Expire',
] as const;
export type OrderEventKind = (typeof ORDER_EVENTS)[number];

/** An event that its order's status does not take: recorded, never thrown. */
export interface TransitionRefused {
  readonly code: 'ORDER_TRANSITION_ILLEGAL';
  readonly status: OrderStatus;
  readonly event: OrderEventKind;
}

/** `Same` keeps the status; `ByQuantities` recomputes it from what is filled. */
type Next = OrderStatus | 'Same' | 'ByQuantities';
type Row = Readonly<Partial<Record<OrderEventKind, Next>>>;

// A venue's reports of one order come over several connections, so an ended order still meets late
// acknowledgements, fills and refusals: they are legal and change nothing but quantities.
const LATE: Row = {
  Accept: 'Same',
  Trigger: 'Same',
  FillPart: 'Same',
  FillRest: 'Same',
  RefuseCancel: 'Same',
  RefuseReplace: 'Same',
};

const ENDS: Row = { Reject: 'Rejected', Cancel: 'Canceled', Expire: 'Expired' };

/** The one table of allowed transitions: status -> event -> next status. The Unknown flag is beside it and never changes a status. */
export const TRANSITIONS: Readonly<Record<OrderStatus, Row>> = {
  Initialized: { Submit: 'Submitted', Deny: 'Denied' },
  Denied: {},
  Submitted: {
    ...ENDS,
    Accept: 'Accepted',
    Trigger: 'Triggered',
    FillPart: 'PartiallyFilled',
    FillRest: 'Filled',
    RequestCancel: 'PendingCancel',
    RefuseCancel: 'Same',
  },
  Accepted: {
    ...ENDS,
    Accept: 'Same',
    Trigger: 'Triggered',
    FillPart: 'PartiallyFilled',
    FillRest: 'Filled',
    RequestCancel: 'PendingCancel',
    RequestReplace: 'PendingReplace',
    RefuseCancel: 'Same',
    RefuseReplace: 'Same',
  },
  Rejected: { ...LATE, Reject: 'Same', Cancel: 'Same', Expire: 'Same' },
  Triggered: {
    ...ENDS,
    Accept: 'Same',
    Trigger: 'Same',
    FillPart: 'PartiallyFilled',
    FillRest: 'Filled',
    RequestCancel: 'PendingCancel',
    RequestReplace: 'PendingReplace',
    RefuseCancel: 'Same',
    RefuseReplace: 'Same',
  },
  PartiallyFilled: {
    Cancel: 'Canceled',
    Expire: 'Expired',
    Accept: 'Same',
    Trigger: 'Same',
    FillPart: 'PartiallyFilled',
    FillRest: 'Filled',
    RequestCancel: 'PendingCancel',
    RequestReplace: 'PendingReplace',
    RefuseCancel: 'Same',
    RefuseReplace: 'Same',
  },
  Filled: LATE,
  PendingReplace: {
    ...ENDS,
    Accept: 'Same',
    Trigger: 'Same',
    FillPart: 'Same',
    FillRest: 'Filled',
    RequestCancel: 'PendingCancel',
    RefuseCancel: 'Same',
    RefuseReplace: 'ByQuantities',
  },
  PendingCancel: {
    ...ENDS,
    Accept: 'Same',
    Trigger: 'Same',
    FillPart: 'Same',
    FillRest: 'Filled',
    RequestCancel: 'Same',
    RefuseCancel: 'ByQuantities',
    RefuseReplace: 'Same',
  },
  // A second report of the same end is as common as a second fill.
  Canceled: { ...LATE, Cancel: 'Same', Expire: 'Same' },
  Expired: { ...LATE, Cancel: 'Same', Expire: 'Same' },
};

/** The status of a live order that nothing is asked of: what its quantities and acknowledgements say. */
export function statusFromQuantities(order: Order): OrderStatus {
  if (order.leavesQty === 0) return 'Filled';
  if (order.cumQty > 0) return 'PartiallyFilled';
  if (order.triggeredAt !== undefined) return 'Triggered';
  return order.acceptedAt === undefined ? 'Submitted' : 'Accepted';
}

/** The status of `order` after `event`, or why there is none. */
export function nextStatus(
  order: Order,
  event: OrderEventKind,
): Result<OrderStatus, TransitionRefused> {
  const next = TRANSITIONS[order.status][event];
  if (next === undefined) {
    return err({ code: 'ORDER_TRANSITION_ILLEGAL', status: order.status, event });
  }
  if (next === 'Same') return ok(order.status);
  return ok(next === 'ByQuantities' ? statusFromQuantities(order) : next);
}
