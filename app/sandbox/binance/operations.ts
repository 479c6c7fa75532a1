import { ACCOUNT_OPERATIONS } from './account-operations.ts';
import type { Operation } from './context.ts';
import { ORDER_LIST_OPERATIONS } from './order-list-operations.ts';
import { MARKET_OPERATIONS } from './market-operations.ts';
import { TRADE_OPERATIONS } from './trade-operations.ts';

const market = MARKET_OPERATIONS;
const trade = TRADE_OPERATIONS;
const account = ACCOUNT_OPERATIONS;

/** Operations by REST method and path. */
export const REST_OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...Object.entries(market).map(([name, operation]): [string, Operation] => [
    `GET /api/v3/${name}`,
    operation,
  ]),
  ['POST /api/v3/order', trade.place],
  ['POST /api/v3/order/test', trade.test],
  ['DELETE /api/v3/order', trade.cancel],
  ['GET /api/v3/order', trade.query],
  ['POST /api/v3/order/cancelReplace', trade.cancelReplace],
  ['PUT /api/v3/order/amend/keepPriority', trade.amend],
  ['POST /api/v3/orderList/oco', ORDER_LIST_OPERATIONS.placeOco],
  ['DELETE /api/v3/orderList', ORDER_LIST_OPERATIONS.cancel],
  ['GET /api/v3/openOrders', trade.openOrders],
  ['DELETE /api/v3/openOrders', trade.cancelAll],
  ['GET /api/v3/allOrders', account.allOrders],
  ['GET /api/v3/account', account.account],
  ['GET /api/v3/account/commission', account.commission],
  ['GET /api/v3/rateLimit/order', account.orderCounts],
  ['GET /api/v3/myTrades', account.myTrades],
  ['GET /sapi/v1/account/apiRestrictions', account.apiRestrictions],
]);

/** Operations by WebSocket API method. */
export const WS_API_OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['ping', market.ping],
  ['time', market.time],
  ['exchangeInfo', market.exchangeInfo],
  ['depth', market.depth],
  ['trades.recent', market.trades],
  ['trades.historical', market.historicalTrades],
  ['trades.aggregate', market.aggTrades],
  ['klines', market.klines],
  ['avgPrice', market.avgPrice],
  ['ticker.24hr', market['ticker/24hr']],
  ['ticker.price', market['ticker/price']],
  ['ticker.book', market['ticker/bookTicker']],
  ['order.place', trade.place],
  ['order.test', trade.test],
  ['order.cancel', trade.cancel],
  ['order.status', trade.query],
  ['order.cancelReplace', trade.cancelReplace],
  ['order.amend.keepPriority', trade.amend],
  ['orderList.place.oco', ORDER_LIST_OPERATIONS.placeOco],
  ['orderList.cancel', ORDER_LIST_OPERATIONS.cancel],
  ['openOrders.status', trade.openOrders],
  ['openOrders.cancelAll', trade.cancelAll],
  ['allOrders', account.allOrders],
  ['account.status', account.account],
  ['account.commission', account.commission],
  ['account.rateLimits.orders', account.orderCounts],
  ['myTrades', account.myTrades],
]);
