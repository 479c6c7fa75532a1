import { formatDecimal } from '../../domain/decimal.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import type { OrderFilled, VenueOrder } from '../../domain/venue-report.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import type { KernelContext } from '../context.ts';
import { syncOrder } from './sync.ts';

/** A fill younger than this when its history was asked for may still be on the stream. */
const STREAM_MAY_LAG_MICROS = 2_000_000;

/** What an order was, in words. */
function inWords(context: KernelContext, order: Order): string {
  const { quantityScale } = context.state.instrument(order.instrument);
  const filled = formatDecimal(BigInt(order.cumQty), quantityScale);
  return `${order.status}, ${filled} filled${order.unknownSince === undefined ? '' : ', Unknown'}`;
}

/** Brings an order to what the venue states, and tells what changed by it: what we thought, what the venue said, where and when. */
export function repairOrder(
  context: KernelContext,
  record: OrderRecord,
  stated: VenueOrder,
  source: string,
): OrderRecord {
  const before = record.order;
  const next = syncOrder(context, record, stated);
  const { order } = next;
  const ended = !isTerminal(before.status) && isTerminal(order.status);
  const resolved = before.unknownSince !== undefined && order.unknownSince === undefined;
  if (!ended && !resolved) return next;
  const { quantityScale } = context.state.instrument(order.instrument);
  const filled = formatDecimal(BigInt(stated.cumQty), quantityScale);
  const said = `${source} says ${stated.status}, ${filled} filled, at ${stated.venueTime}`;
  const message = `${order.clientOrderId} was ${inWords(context, before)} here; ${said}: now ${inWords(context, order)}`;
  context.alert(
    resolved ? 'Info' : 'Warning',
    resolved ? 'ORDER_RESOLVED' : 'ORDER_REPAIRED',
    message,
  );
  return next;
}

/** Tells that a fill was found in the trade history that no other source had told in time. */
export function tellRecovered(context: KernelContext, fill: OrderFilled, askedAt: number): void {
  if (fill.venueTime > askedAt - STREAM_MAY_LAG_MICROS) return;
  const { quantityScale, priceScale } = context.state.instrument(fill.instrument);
  const size = formatDecimal(BigInt(fill.lastQty), quantityScale);
  const px = formatDecimal(BigInt(fill.lastPx), priceScale);
  const message = `trade ${fill.tradeId} of ${fill.clientOrderId}, ${size} at ${px}, was known to nobody here; the trade history has it at ${fill.venueTime}: counted`;
  context.alert('Warning', 'FILL_RECOVERED', message);
}
