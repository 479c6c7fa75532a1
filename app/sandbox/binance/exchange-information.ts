import type { Listing } from '../exchange/listing.ts';
import type { Market } from '../exchange/market.ts';
import type { Limits } from './limits.ts';
import { ORDER_TYPES, SELF_TRADE_MODES, selfTradeName, Texts } from './shapes.ts';

/** exchangeInfo of some listings. */
export function exchangeInformation(
  markets: readonly Market[],
  limits: Limits,
  nowMs: number,
): unknown {
  return {
    timezone: 'UTC',
    serverTime: nowMs,
    rateLimits: limits.published,
    exchangeFilters: [],
    symbols: markets.map(symbolInformation),
  };
}

function symbolInformation({ listing, halted }: Market): unknown {
  return {
    symbol: listing.symbol,
    status: halted ? 'HALT' : 'TRADING',
    baseAsset: listing.base,
    baseAssetPrecision: 8,
    quoteAsset: listing.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: Object.values(ORDER_TYPES),
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filters(listing),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: selfTradeName(listing.selfTrade),
    allowedSelfTradePreventionModes: Object.keys(SELF_TRADE_MODES),
  };
}

function filters(listing: Listing): unknown[] {
  const text = new Texts(listing);
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: text.price(listing.minPrice),
      maxPrice: text.price(listing.maxPrice),
      tickSize: text.price(listing.tickSize),
    },
    {
      filterType: 'LOT_SIZE',
      minQty: text.quantity(listing.minQuantity),
      maxQty: text.quantity(listing.maxQuantity),
      stepSize: text.quantity(listing.stepSize),
    },
    {
      filterType: 'MARKET_LOT_SIZE',
      minQty: text.quantity(0),
      maxQty: text.quantity(listing.maxMarketQuantity),
      stepSize: text.quantity(0),
    },
    {
      filterType: 'PERCENT_PRICE_BY_SIDE',
      bidMultiplierUp: String(listing.priceBand),
      bidMultiplierDown: String(1 / listing.priceBand),
      askMultiplierUp: String(listing.priceBand),
      askMultiplierDown: String(1 / listing.priceBand),
      avgPriceMins: 5,
    },
    {
      filterType: 'NOTIONAL',
      minNotional: text.quote(listing.minNotional),
      applyMinToMarket: true,
      maxNotional: text.quote(listing.maxNotional),
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
    { filterType: 'ICEBERG_PARTS', limit: listing.maxIcebergParts },
    { filterType: 'MAX_NUM_ICEBERG_ORDERS', maxNumIcebergOrders: listing.maxIcebergOrders },
    { filterType: 'MAX_NUM_ORDER_LISTS', maxNumOrderLists: listing.maxLists },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: listing.maxOrders },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: listing.maxTriggerOrders },
  ];
}
