import { invariant } from '../base/invariant.ts';
import { ok, type Result } from '../base/result.ts';
import type { ClientId, ClientOrderId, VenueOrderId } from '../domain/identifiers.ts';
import {
  isTerminal,
  type Order,
  type OrderOrigin,
  type OrderTerms,
  type Touch,
} from '../domain/order.ts';
import { notional, quantity, type Price, type Quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';
import { nextStatus, type OrderEventKind, type TransitionRefused } from './status-table.ts';

/** An order after an event, or why its status does not take it. */
export type OrderOutcome = Result<Order, TransitionRefused>;

/** Machine-readable reason of an end, and words. */
export type OrderReason = NonNullable<Order['reason']>;

/** What an order is born with besides its terms. */
interface OrderBirth {
  readonly clientOrderId: ClientOrderId;
  readonly origin: OrderOrigin;
  readonly client?: ClientId;
  readonly replaces?: ClientOrderId;
  readonly parent?: ClientOrderId;
  readonly contingency?: NonNullable<Order['contingency']>;
  readonly arrival?: Touch | undefined;
  readonly at: UnixMicros;
}

/** A new order, Initialized, nothing filled. Of `terms` only what an order asks for is taken. */
export function newOrder(terms: OrderTerms, birth: OrderBirth): Order {
  const { at, arrival, ...identity } = birth;
  const { instrument, account, side, type, price, stopPrice, timeInForce } = terms;
  const { displayQuantity, tag, bracket } = terms;
  return {
    ...{ instrument, account, side, type, timeInForce },
    quantity: terms.quantity,
    ...(price === undefined ? {} : { price }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
    postOnly: terms.postOnly,
    reduceOnly: terms.reduceOnly,
    ...(displayQuantity === undefined ? {} : { displayQuantity }),
    ...(tag === undefined ? {} : { tag }),
    ...(bracket === undefined ? {} : { bracket }),
    ...identity,
    status: 'Initialized',
    cumQty: quantity(0),
    leavesQty: terms.quantity,
    cumNotional: 0n,
    decidedAt: at,
    ...(arrival === undefined ? {} : { arrival }),
    updatedAt: at,
  };
}

/** The order without the Unknown flag. */
export function withoutUnknown(order: Order): Order {
  const { unknownSince, ...rest } = order;
  return unknownSince === undefined ? order : rest;
}

function withoutPending(order: Order): Order {
  const { pending, ...rest } = order;
  return pending === undefined ? order : rest;
}

function step(order: Order, event: OrderEventKind, at: UnixMicros): OrderOutcome {
  const next = nextStatus(order, event);
  if (!next.ok) return next;
  const moved: Order = { ...order, status: next.value, updatedAt: at };
  if (isTerminal(moved.status)) {
    return ok({ ...withoutPending(withoutUnknown(moved)), leavesQty: quantity(0) });
  }
  return ok(moved.status === 'PendingReplace' ? moved : withoutPending(moved));
}

/** Our risk refused it. */
export function denyOrder(order: Order, reason: OrderReason, at: UnixMicros): OrderOutcome {
  const moved = step(order, 'Deny', at);
  return moved.ok ? ok({ ...moved.value, reason }) : moved;
}

/** It leaves for the venue. */
export function submitOrder(order: Order, at: UnixMicros): OrderOutcome {
  const moved = step(order, 'Submit', at);
  return moved.ok ? ok({ ...moved.value, submittedAt: at }) : moved;
}

/** The venue took it: also late, after fills or the end, when only its venue id is learnt. */
export function acceptOrder(
  order: Order,
  venueOrderId: VenueOrderId,
  venueTime: UnixMicros,
  at: UnixMicros,
): OrderOutcome {
  const moved = step(order, 'Accept', at);
  if (!moved.ok) return moved;
  return ok({
    ...moved.value,
    venueOrderId,
    acceptedAt: moved.value.acceptedAt ?? at,
    venueAcceptedAt: moved.value.venueAcceptedAt ?? venueTime,
  });
}

/** The stop's trigger was reached. */
export function triggerOrder(order: Order, at: UnixMicros): OrderOutcome {
  const moved = step(order, 'Trigger', at);
  return moved.ok ? ok({ ...moved.value, triggeredAt: moved.value.triggeredAt ?? at }) : moved;
}

/**
 * One execution. Quantity is conserved: while live cumQty + leavesQty = quantity; of an ended order leavesQty is 0 and the
 * canceled rest is quantity - cumQty, so that a late fill makes the rest smaller and leaves the status as it is. An overfill
 * (cumQty above quantity) is counted as the venue states it; the caller reports it.
 */
export function fillOrder(
  order: Order,
  lastPx: Price,
  lastQty: Quantity,
  at: UnixMicros,
): OrderOutcome {
  invariant(lastQty > 0, `lastQty must be positive, was ${lastQty}`);
  const cumQty = quantity(order.cumQty + lastQty);
  const complete = cumQty >= order.quantity;
  const moved = step(order, complete ? 'FillRest' : 'FillPart', at);
  if (!moved.ok) return moved;
  const ended = complete || isTerminal(moved.value.status);
  return ok({
    ...moved.value,
    cumQty,
    leavesQty: quantity(ended ? 0 : order.quantity - cumQty),
    cumNotional: order.cumNotional + notional(lastPx, lastQty),
  });
}

/** Asks for its cancellation. */
export function requestCancel(order: Order, at: UnixMicros): OrderOutcome {
  return step(order, 'RequestCancel', at);
}

/** Asks for its replacement by another quantity or price. */
export function requestReplace(
  order: Order,
  pending: NonNullable<Order['pending']>,
  at: UnixMicros,
): OrderOutcome {
  const moved = step(order, 'RequestReplace', at);
  return moved.ok ? ok({ ...moved.value, pending }) : moved;
}

/** The venue refused our cancel or replace, or it never left: the status follows from the quantities. */
export function refuseRequest(
  order: Order,
  event: 'RefuseCancel' | 'RefuseReplace',
  at: UnixMicros,
): OrderOutcome {
  return step(order, event, at);
}

/** The venue ended it. */
export function endOrder(
  order: Order,
  event: 'Reject' | 'Cancel' | 'Expire',
  reason: OrderReason | undefined,
  at: UnixMicros,
): OrderOutcome {
  const moved = step(order, event, at);
  if (!moved.ok) return moved;
  if (isTerminal(order.status) || reason === undefined) return moved;
  return ok({ ...moved.value, reason });
}
