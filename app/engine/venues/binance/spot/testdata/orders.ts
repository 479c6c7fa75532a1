import type { ClientOrderId, VenueOrderId } from '../../../../domain/identifiers.ts';
import type { Order } from '../../../../domain/order.ts';
import { price, quantity } from '../../../../domain/price.ts';
import { unixMicros } from '../../../../domain/time.ts';
import { ACCOUNT, fixtureInstrument } from './fixtures.ts';

/** A submitted buy of 0.01 BTCUSDT at 64000.10, changed as the test needs it. */
export function testOrder(changes: Partial<Order> = {}): Order {
  const at = unixMicros(1_700_000_000_000_000);
  return {
    instrument: fixtureInstrument('BTCUSDT').id,
    account: ACCOUNT,
    side: 'Buy',
    type: 'Limit',
    quantity: quantity(1_000),
    price: price(6_400_010),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    clientOrderId: 'qd-1' as ClientOrderId,
    origin: 'Manual',
    status: 'Submitted',
    cumQty: quantity(0),
    leavesQty: quantity(1_000),
    cumNotional: 0n,
    decidedAt: at,
    updatedAt: at,
    ...changes,
  };
}

/** The same order resting at the venue. */
export function restingOrder(changes: Partial<Order> = {}): Order {
  return testOrder({ status: 'Accepted', venueOrderId: '4293153' as VenueOrderId, ...changes });
}
