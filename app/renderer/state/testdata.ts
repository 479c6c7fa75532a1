import type { Position } from '../../engine/domain/account.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  InstrumentId,
  TradeId,
  VenueId,
  VenueOrderId,
} from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { Fill, Order } from '../../engine/domain/order.ts';
import { price, quantity, signedQuantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';

/** Builders for tests of the renderer: a spot instrument at price scale 2 and quantity scale 3, its account, orders and fills. */
export const SOL: Instrument = {
  id: 'SOLUSDT.BINANCE@sandbox' as InstrumentId,
  venue: 'BINANCE@sandbox' as VenueId,
  symbol: 'SOLUSDT',
  base: 'SOL' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 2,
  quantityScale: 3,
  tickSize: price(1),
  minPrice: price(1),
  maxPrice: price(1_000_000),
  stepSize: quantity(1),
  minQuantity: quantity(10),
  maxQuantity: quantity(1_000_000_000),
  minNotional: 500_000n,
  status: 'Trading',
};

/** The account at the instrument's venue. */
export const MAIN = 'BINANCE@sandbox/main' as AccountId;

/** A working buy limit of 2.000 at 187.40, changed by `part`. */
export function order(id: string, part: Partial<Order> = {}): Order {
  return {
    clientOrderId: id as ClientOrderId,
    instrument: SOL.id,
    account: MAIN,
    side: 'Buy',
    type: 'Limit',
    quantity: quantity(2000),
    price: price(18_740),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
    origin: 'Manual',
    status: 'Accepted',
    cumQty: quantity(0),
    leavesQty: quantity(2000),
    cumNotional: 0n,
    decidedAt: unixMicros(1_000_000),
    updatedAt: unixMicros(1_000_000),
    ...part,
  };
}

/** A fill of 1.000 at 187.40 with a fee of 0.1 % in the quote asset, changed by `part`. */
export function fill(tradeId: string, part: Partial<Fill> = {}): Fill {
  return {
    tradeId: tradeId as TradeId,
    clientOrderId: 'a' as ClientOrderId,
    venueOrderId: '1' as VenueOrderId,
    instrument: SOL.id,
    account: MAIN,
    side: 'Buy',
    lastPx: price(18_740),
    lastQty: quantity(1000),
    liquidity: 'Taker',
    fee: 18_740_000n,
    feeScale: 8,
    feeAsset: 'USDT',
    venueTime: unixMicros(61_000_000),
    receivedAt: unixMicros(61_000_000),
    ...part,
  };
}

/** A long position of 2.000 bought at 187.40 on average, changed by `part`. */
export function position(part: Partial<Position> = {}): Position {
  return {
    account: MAIN,
    instrument: SOL.id,
    quantity: signedQuantity(2000),
    openCost: 37_480_000n,
    realized: 0n,
    boughtQuantity: 2000n,
    soldQuantity: 0n,
    fees: [],
    ...part,
  } as Position;
}
