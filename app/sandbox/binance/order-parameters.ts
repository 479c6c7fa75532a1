import type { MatchingOrderType } from '../../engine/native/compute/matching-commands.ts';
import { isTrigger, type OrderList, type OrderRequest } from '../exchange/order.ts';
import type { Market } from '../exchange/market.ts';
import { WIRE_SCALE, type Parameters } from './parameters.ts';
import { engineReject, filterFailure, missing, VenueRefusal } from './refusal.ts';
import { ORDER_TYPES, SELF_TRADE_MODES } from './shapes.ts';

const TYPE_NAMES = Object.entries(ORDER_TYPES) as [MatchingOrderType, string][];

/** Reads a new order of a market and holds it against the symbol's filters; refusals are the venue's. */
export function readOrder(
  market: Market,
  parameters: Parameters,
  newId: () => string,
): OrderRequest {
  const side = parameters.oneOf('side', ['BUY', 'SELL'], -1117, 'Invalid side.');
  if (side === undefined) throw missing('side');
  const typeName = parameters.required('type');
  const type = TYPE_NAMES.find(([, name]) => name === typeName)?.[0];
  if (type === undefined) throw new VenueRefusal(-1116, 'Invalid orderType.');
  refuseUnsupported(parameters);

  const limit = type === 'Limit' || type === 'StopLimit' || type === 'TakeProfitLimit';
  const timeInForce = parameters.oneOf(
    'timeInForce',
    ['GTC', 'IOC', 'FOK'],
    -1115,
    'Invalid timeInForce.',
  );
  if (limit && timeInForce === undefined) throw missing('timeInForce');
  if (!limit && timeInForce !== undefined) throw notRequired('timeInForce');

  const priced = limit || type === 'LimitMaker';
  const request: OrderRequest = {
    listing: market.listing,
    clientOrderId: parameters.clientOrderId('newClientOrderId') ?? newId(),
    side: side === 'BUY' ? 'Buy' : 'Sell',
    type,
    timeInForce: timeInForce ?? 'GTC',
    price: requiredWhen(priced, 'price', priceOf(market, parameters, 'price')),
    quantity: quantityOf(market, parameters, type),
    quoteQuantity: quoteQuantityOf(market, parameters, type),
    stopPrice: requiredWhen(isTrigger(type), 'stopPrice', priceOf(market, parameters, 'stopPrice')),
    icebergQuantity: readQuantity(market, parameters, 'icebergQty'),
    selfTrade: selfTradeOf(market, parameters),
  };
  checkIceberg(market, request);
  checkSize(market, request);
  return request;
}

/** What counts towards the number of orders a symbol allows. */
interface Counted {
  readonly request: OrderRequest;
  readonly list?: OrderList | undefined;
}

/** Refuses what would pass the number of orders a symbol allows; more than one request is a list. */
export function checkOrderCount(
  market: Market,
  requests: readonly OrderRequest[],
  open: readonly Counted[],
): void {
  const { maxOrders, maxTriggerOrders, maxIcebergOrders, maxLists } = market.listing;
  const check = (filter: string, most: number, counts: (one: OrderRequest) => boolean): void => {
    const added = requests.filter(counts).length;
    const working = open.filter(({ request }) => counts(request)).length;
    if (added > 0 && working + added > most) throw filterFailure(filter);
  };
  check('MAX_NUM_ORDERS', maxOrders, () => true);
  check('MAX_NUM_ALGO_ORDERS', maxTriggerOrders, ({ type }) => isTrigger(type));
  check('MAX_NUM_ICEBERG_ORDERS', maxIcebergOrders, (one) => one.icebergQuantity !== undefined);
  const lists = new Set(open.flatMap(({ list }) => list ?? []));
  if (requests.length > 1 && lists.size >= maxLists) throw filterFailure('MAX_NUM_ORDER_LISTS');
}

/** Reads a quantity and holds it against LOT_SIZE. */
export function readQuantity(
  market: Market,
  parameters: Parameters,
  name: string,
): number | undefined {
  const value = parameters.decimal(name);
  if (value === undefined) return undefined;
  const { listing } = market;
  const unit = 10n ** BigInt(WIRE_SCALE - listing.quantityScale);
  const mantissa = Number(value / unit);
  const fits =
    value % unit === 0n &&
    mantissa >= listing.minQuantity &&
    mantissa <= listing.maxQuantity &&
    mantissa % listing.stepSize === 0;
  if (!fits) throw filterFailure('LOT_SIZE');
  return mantissa;
}

function quantityOf(
  market: Market,
  parameters: Parameters,
  type: MatchingOrderType,
): number | undefined {
  const quantity = readQuantity(market, parameters, 'quantity');
  const byQuote = parameters.has('quoteOrderQty');
  if (byQuote && type !== 'Market') throw notRequired('quoteOrderQty');
  if (byQuote && quantity !== undefined) {
    throw new VenueRefusal(-1128, 'Combination of optional parameters invalid.');
  }
  if (!byQuote && quantity === undefined) throw missing('quantity');
  if (type === 'Market' && (quantity ?? 0) > market.listing.maxMarketQuantity) {
    throw filterFailure('MARKET_LOT_SIZE');
  }
  return quantity;
}

function quoteQuantityOf(
  market: Market,
  parameters: Parameters,
  type: MatchingOrderType,
): bigint | undefined {
  const value = type === 'Market' ? parameters.decimal('quoteOrderQty') : undefined;
  if (value === undefined) return undefined;
  const { priceScale, quantityScale } = market.listing;
  const amount = value / 10n ** BigInt(WIRE_SCALE - priceScale - quantityScale);
  if (amount <= 0n || amount >= 1n << 62n) throw missing('quoteOrderQty');
  return amount;
}

function priceOf(
  market: Market,
  parameters: Parameters,
  name: 'price' | 'stopPrice',
): number | undefined {
  const value = parameters.decimal(name);
  if (value === undefined) return undefined;
  const { listing } = market;
  const unit = 10n ** BigInt(WIRE_SCALE - listing.priceScale);
  const mantissa = Number(value / unit);
  const fits =
    value % unit === 0n &&
    mantissa >= listing.minPrice &&
    mantissa <= listing.maxPrice &&
    mantissa % listing.tickSize === 0;
  if (!fits) throw filterFailure('PRICE_FILTER');
  return mantissa;
}

function checkIceberg(market: Market, request: OrderRequest): void {
  const { icebergQuantity: shown, quantity = 0, price, timeInForce } = request;
  if (shown === undefined) return;
  if (price === undefined || timeInForce !== 'GTC') {
    throw new VenueRefusal(-1014, 'Unsupported order combination.');
  }
  if (shown > quantity) throw engineReject('IcebergQty exceeds QTY.');
  if (Math.ceil(quantity / shown) > market.listing.maxIcebergParts) {
    throw filterFailure('ICEBERG_PARTS');
  }
}

function checkSize(market: Market, request: OrderRequest): void {
  const { listing } = market;
  const average = market.averagePrice();
  const price = request.price ?? request.stopPrice;
  if (request.price !== undefined) {
    const far =
      request.price > average * listing.priceBand || request.price * listing.priceBand < average;
    if (far) throw filterFailure('PERCENT_PRICE_BY_SIDE');
  }
  const notional =
    request.quoteQuantity ?? BigInt(price ?? average) * BigInt(request.quantity ?? 0);
  if (notional < listing.minNotional) throw filterFailure('NOTIONAL');
  if (request.price !== undefined && notional > listing.maxNotional)
    throw filterFailure('NOTIONAL');
}

function selfTradeOf(market: Market, parameters: Parameters): OrderRequest['selfTrade'] {
  const name = parameters.oneOf(
    'selfTradePreventionMode',
    ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'],
    -1013,
    'This symbol does not allow the specified self-trade prevention mode.',
  );
  return name === undefined ? market.listing.selfTrade : SELF_TRADE_MODES[name];
}

function refuseUnsupported(parameters: Parameters): void {
  if (parameters.has('trailingDelta')) {
    throw new VenueRefusal(-1013, 'Trailing stop orders are not supported for this symbol.');
  }
  if (parameters.has('pegPriceType')) {
    throw new VenueRefusal(-1013, 'Pegged orders are not supported for this symbol.');
  }
}

function requiredWhen(
  required: boolean,
  name: string,
  value: number | undefined,
): number | undefined {
  if (required && value === undefined) throw missing(name);
  if (!required && value !== undefined) throw notRequired(name);
  return value;
}

function notRequired(name: string): VenueRefusal {
  return new VenueRefusal(-1106, `Parameter '${name}' sent when not required.`);
}
