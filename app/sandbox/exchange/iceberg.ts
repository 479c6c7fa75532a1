import { quantity } from '../../engine/domain/price.ts';
import type { MatchingEvents } from '../../engine/native/compute/matching-events.ts';
import { matchingOrder } from './desk-terms.ts';
import { isOpen, type ExchangeOrder } from './order.ts';

/**
 * Brings what the book shows of an order up to date after it `traded`. True when a new part came out of the hidden rest. The
 * engine holds the whole order, so that a large taker meets the hidden rest at its price; the market is told how much to hide.
 */
export function showPart(order: ExchangeOrder, traded: number): boolean {
  const { icebergQuantity: part, side, price = 0 } = order.request;
  if (part === undefined) return false;
  const leaves = isOpen(order) ? order.quantity - order.executed : 0;
  const shown = Math.min(order.shown - traded, leaves);
  const refilled = shown <= 0 && leaves > 0;
  order.shown = refilled ? Math.min(part, leaves) : Math.max(0, shown);
  const hidden = order.working ? leaves - order.shown : 0;
  order.market.hide(side, price, hidden - order.hidden);
  order.hidden = hidden;
  return refilled;
}

/** Sends what is left of an order to the end of its queue: a new part has no claim to the place of the last. */
export function requeue(order: ExchangeOrder, absorb: (events: MatchingEvents) => void): void {
  if (!isOpen(order) || !order.working) return;
  const { engine } = order.market;
  absorb(engine.cancel(order.orderId));
  const leaves = quantity(order.quantity - order.executed);
  absorb(engine.submit({ ...matchingOrder(order), type: 'Limit', quantity: leaves }));
}
