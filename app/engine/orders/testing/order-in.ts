import type {
  AccountId,
  ClientOrderId,
  InstrumentId,
  VenueOrderId,
} from '../../domain/identifiers.ts';
import { isTerminal, type Order, type OrderStatus } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';

/** An acknowledged limit order of 100 in a status, nothing filled, for tests. */
export function orderIn(status: OrderStatus, changes: Partial<Order> = {}): Order {
  return {
    instrument: 'BTCUSDT.BINANCE@sandbox' as InstrumentId,
    account: 'BINANCE@sandbox/main' as AccountId,
    clientOrderId: 'q1-1' as ClientOrderId,
    venueOrderId: '7' as VenueOrderId,
    origin: 'Manual',
    side: 'Buy',
    type: 'Limit',
    quantity: quantity(100),
    price: price(50),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    status,
    cumQty: quantity(0),
    leavesQty: quantity(isTerminal(status) ? 0 : 100),
    cumNotional: 0n,
    decidedAt: unixMicros(1),
    submittedAt: unixMicros(2),
    acceptedAt: unixMicros(3),
    updatedAt: unixMicros(3),
    ...(status === 'PendingReplace' ? { pending: { quantity: quantity(90) } } : {}),
    ...changes,
  };
}
