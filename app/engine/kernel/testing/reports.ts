import type { AssetCode, ClientOrderId, TradeId, VenueOrderId } from '../../domain/identifiers.ts';
import type { Order } from '../../domain/order.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type {
  AccountSnapshot,
  OrderAccepted,
  OrderCanceled,
  OrderFilled,
  OrderQueried,
  VenueOrder,
} from '../../domain/venue-report.ts';
import { ACCOUNT, BALANCES, BTC, START, terms } from './desk.ts';

const venueTime = unixMicros(START);

function about(id: string) {
  return { account: ACCOUNT, instrument: BTC, clientOrderId: id as ClientOrderId, venueTime };
}

/** The venue took an order. */
export function accepted(id: string): OrderAccepted {
  return { type: 'OrderAccepted', ...about(id), venueOrderId: `v-${id}` as VenueOrderId };
}

/** It traded, at 100.00, without a fee unless told. */
export function filled(
  id: string,
  tradeId: string,
  size: number,
  changes: Partial<OrderFilled> = {},
): OrderFilled {
  return {
    type: 'OrderFilled',
    ...about(id),
    venueOrderId: `v-${id}` as VenueOrderId,
    tradeId: tradeId as TradeId,
    lastPx: price(10_000),
    lastQty: quantity(size),
    liquidity: 'Taker',
    fee: 0n,
    feeScale: 8,
    feeAsset: 'USDT' as AssetCode,
    ...changes,
  };
}

/** It is canceled. */
export function canceled(id: string, cumQty = 0): OrderCanceled {
  return { type: 'OrderCanceled', ...about(id), cumQty: quantity(cumQty) };
}

/** What the venue states of an order. */
export function stated(
  id: string,
  status: VenueOrder['status'],
  cumQty = 0,
  order: Partial<Order> = {},
): VenueOrder {
  return {
    terms: terms(order),
    clientOrderId: id as ClientOrderId,
    venueOrderId: `v-${id}` as VenueOrderId,
    status,
    cumQty: quantity(cumQty),
    cumNotional: BigInt(cumQty) * 10_000n,
    venueTime,
  };
}

/** The answer to a query; without `order` a negative one. */
export function queried(
  id: string,
  order?: VenueOrder,
  fills: readonly OrderFilled[] = [],
): OrderQueried {
  const answer = { type: 'OrderQueried', ...about(id), fills } as const;
  return order === undefined ? answer : { ...answer, order };
}

/** The answer to a reconcile: the beginning's balances, nothing open, nothing traded, unless told. */
export function snapshot(
  requestId: number,
  changes: Partial<AccountSnapshot> = {},
): AccountSnapshot {
  return {
    type: 'AccountSnapshot',
    account: ACCOUNT,
    requestId,
    balances: BALANCES,
    openOrders: [],
    fills: [],
    venueTime,
    ...changes,
  };
}
