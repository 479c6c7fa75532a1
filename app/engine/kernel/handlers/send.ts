import type { Order } from '../../domain/order.ts';
import { quantity } from '../../domain/price.ts';
import { submitOrder } from '../../orders/order-events.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import { applyOutcome } from '../order-changes.ts';

function submitted(context: KernelContext, born: Order): OrderRecord {
  const at = context.now;
  const request = { kind: 'submit', since: at } as const;
  const record: OrderRecord = { order: born, venueCumQty: quantity(0), request };
  return applyOutcome(context, record, submitOrder(born, at));
}

/** Sends two orders as one list; both are written Submitted before they leave. */
export function sendOrderList(context: KernelContext, first: Order, second: Order): void {
  const orders = [submitted(context, first).order, submitted(context, second).order] as const;
  context.emit({ type: 'SendOrderList', orders });
}

/** Sends an order that nothing denies: it is written Submitted before it leaves. */
export function sendOrder(context: KernelContext, born: Order): OrderRecord {
  const sent = submitted(context, born);
  context.emit({ type: 'SendOrder', order: sent.order });
  return sent;
}
