import type { Order } from '../../domain/order.ts';
import { quantity } from '../../domain/price.ts';
import { submitOrder } from '../../orders/order-events.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import { applyOutcome } from '../order-changes.ts';

/** Sends an order that nothing denies: it is written Submitted before it leaves. */
export function sendOrder(context: KernelContext, born: Order): OrderRecord {
  const at = context.now;
  const request = { kind: 'submit', since: at } as const;
  const record: OrderRecord = { order: born, venueCumQty: quantity(0), request };
  const sent = applyOutcome(context, record, submitOrder(born, at));
  context.emit({ type: 'SendOrder', order: sent.order });
  return sent;
}
