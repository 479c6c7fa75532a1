import type { Result } from '../../../../base/result.ts';
import type {
  AccountId,
  AssetCode,
  ClientOrderId,
  TradeId,
  VenueOrderId,
} from '../../../../domain/identifiers.ts';
import { notionalScale, type Instrument } from '../../../../domain/instrument.ts';
import type { OrderTerms, OrderType, TimeInForce } from '../../../../domain/order.ts';
import type { OrderFilled, VenueOrder } from '../../../../domain/venue-report.ts';
import type { VenueError } from '../../../../ports/market-data-client.ts';
import { FieldReader } from '../../../../ports/wire-fields.ts';

/** Whose message is parsed, and the instrument it is about. */
export interface OrderContext {
  readonly account: AccountId;
  readonly instrument: Instrument;
}

const TYPES: Readonly<Record<string, OrderType>> = {
  LIMIT: 'Limit',
  LIMIT_MAKER: 'Limit',
  MARKET: 'Market',
  STOP_LOSS: 'Stop',
  STOP_LOSS_LIMIT: 'StopLimit',
  // A take-profit placed elsewhere rests and triggers as a stop does; only its direction differs.
  TAKE_PROFIT: 'Stop',
  TAKE_PROFIT_LIMIT: 'StopLimit',
};

const TIMES: Readonly<Record<string, TimeInForce>> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK' };

/** The venue's words for how an order stands. */
export const STATUSES: Readonly<Record<string, VenueOrder['status']>> = {
  NEW: 'Accepted',
  PENDING_NEW: 'Accepted',
  PARTIALLY_FILLED: 'PartiallyFilled',
  FILLED: 'Filled',
  CANCELED: 'Canceled',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
  EXPIRED_IN_MATCH: 'Expired',
};

/** Field names of an order in REST answers and of an executionReport. */
interface OrderFields {
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly quantity: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly displayQuantity: string;
  readonly status: string;
  readonly filled: string;
  readonly filledNotional: string;
  readonly orderId: string;
}

const REST: OrderFields = {
  side: 'side',
  type: 'type',
  timeInForce: 'timeInForce',
  quantity: 'origQty',
  price: 'price',
  stopPrice: 'stopPrice',
  displayQuantity: 'icebergQty',
  status: 'status',
  filled: 'executedQty',
  filledNotional: 'cummulativeQuoteQty',
  orderId: 'orderId',
};

/** Field names of an executionReport. */
export const REPORT: OrderFields = {
  side: 'S',
  type: 'o',
  timeInForce: 'f',
  quantity: 'q',
  price: 'p',
  stopPrice: 'P',
  displayQuantity: 'F',
  status: 'X',
  filled: 'z',
  filledNotional: 'Z',
  orderId: 'i',
};

/** An order of `GET /api/v3/order` or `/openOrders`. */
export function parseOrder(wire: unknown, context: OrderContext): Result<VenueOrder, VenueError> {
  const reader = new FieldReader(wire, 'order');
  const time = reader.time(reader.has('updateTime') ? 'updateTime' : 'time');
  const clientOrderId = reader.text('clientOrderId') as ClientOrderId;
  const order = readOrder(reader, REST, context, clientOrderId, time);
  const triggered = isStop(order) && reader.has('isWorking') && reader.flag('isWorking');
  return reader.finish(triggered ? { ...order, triggered } : order);
}

/** It rests off the book until it is triggered. */
export function isStop({ terms }: VenueOrder): boolean {
  return terms.type === 'Stop' || terms.type === 'StopLimit';
}

/** Reads an order under the given field names; failures stay with the reader. */
export function readOrder(
  reader: FieldReader,
  names: OrderFields,
  { account, instrument }: OrderContext,
  clientOrderId: ClientOrderId,
  venueTime: VenueOrder['venueTime'],
): VenueOrder {
  const wireType = reader.text(names.type);
  const type = TYPES[wireType];
  if (type === undefined) reader.reject(names.type, `one of ${Object.keys(TYPES).join(', ')}`);
  const status = STATUSES[reader.text(names.status)];
  if (status === undefined) {
    reader.reject(names.status, `one of ${Object.keys(STATUSES).join(', ')}`);
  }
  const side = reader.text(names.side);
  if (side !== 'BUY' && side !== 'SELL') reader.reject(names.side, 'BUY or SELL');
  const price = reader.optionalPrice(names.price, instrument.priceScale);
  const stopPrice = reader.optionalPrice(names.stopPrice, instrument.priceScale);
  const shown = reader.has(names.displayQuantity)
    ? reader.quantity(names.displayQuantity, instrument.quantityScale)
    : 0;
  const terms: OrderTerms = {
    instrument: instrument.id,
    account,
    side: side === 'SELL' ? 'Sell' : 'Buy',
    type: type ?? 'Limit',
    quantity: reader.quantity(names.quantity, instrument.quantityScale),
    ...(price === undefined ? {} : { price }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
    timeInForce: TIMES[reader.optionalText(names.timeInForce) ?? 'GTC'] ?? 'GTC',
    postOnly: wireType === 'LIMIT_MAKER',
    reduceOnly: false,
    // The venue's placeholder for an order that shows everything is zero.
    ...(shown === 0 ? {} : { displayQuantity: shown }),
  };
  return {
    terms,
    clientOrderId,
    venueOrderId: String(reader.integer(names.orderId)) as VenueOrderId,
    status: status ?? 'Accepted',
    cumQty: reader.quantity(names.filled, instrument.quantityScale),
    cumNotional: reader.amount(names.filledNotional, notionalScale(instrument)),
    venueTime,
  };
}

/** A fill of `GET /api/v3/myTrades`, which names the order only by the venue's id. */
export interface AccountTrade {
  readonly venueOrderId: VenueOrderId;
  readonly fill: Omit<OrderFilled, 'clientOrderId'>;
}

/** One row of `GET /api/v3/myTrades`. */
export function parseAccountTrade(
  wire: unknown,
  { account, instrument }: OrderContext,
): Result<AccountTrade, VenueError> {
  const reader = new FieldReader(wire, 'trade');
  const venueOrderId = String(reader.integer('orderId')) as VenueOrderId;
  const feeAsset = reader.text('commissionAsset') as AssetCode;
  const feeScale = feeScaleOf(feeAsset, instrument);
  return reader.finish({
    venueOrderId,
    fill: {
      type: 'OrderFilled',
      account,
      instrument: instrument.id,
      venueOrderId,
      tradeId: String(reader.integer('id')) as TradeId,
      lastPx: reader.price('price', instrument.priceScale),
      lastQty: reader.quantity('qty', instrument.quantityScale),
      liquidity: reader.flag('isMaker') ? 'Maker' : 'Taker',
      fee: reader.amount('commission', feeScale),
      feeScale,
      feeAsset,
      venueTime: reader.time('time'),
    },
  });
}

/** Decimals of a fee: the asset's own where the instrument names it, else the venue's 8. */
export function feeScaleOf(asset: AssetCode, instrument: Instrument): number {
  if (asset === instrument.base) return instrument.baseScale;
  return asset === instrument.quote ? instrument.quoteScale : 8;
}
