import type { DeskRefusal } from '../exchange/desk-terms.ts';
import type { Market } from '../exchange/market.ts';
import type { ExchangeOrder, OrderRequest } from '../exchange/order.ts';
import { marketOf, type Operation, type OperationContext } from './context.ts';
import { checkOrderCount, readOrder, readQuantity } from './order-parameters.ts';
import type { Parameters } from './parameters.ts';
import { engineReject, missing, VenueRefusal } from './refusal.ts';
import { canceledList } from './list-shapes.ts';
import { canceledOrder, placedOrder, queriedOrder } from './shapes.ts';

const MESSAGES: Readonly<Partial<Record<DeskRefusal['code'], string>>> = {
  INSUFFICIENT_BALANCE: 'Account has insufficient balance for requested action.',
  DUPLICATE_ORDER: 'Duplicate order sent.',
  WOULD_TAKE: 'Order would immediately match and take.',
  WOULD_TRIGGER: 'Order would trigger immediately.',
  MARKET_CLOSED: 'Market is closed.',
  BAD_LIST_PRICES: 'The relationship of the prices for the orders is not correct.',
};

/** The venue's refusal in words of the desk's. */
export function refused(refusal: DeskRefusal): VenueRefusal {
  return engineReject(MESSAGES[refusal.code] ?? refusal.reason);
}

function trading(weight: number, run: Operation['run'], placesOrders = false): Operation {
  return { security: 'trade', weight: () => weight, run, placesOrders };
}

function reading(weight: Operation['weight'], run: Operation['run']): Operation {
  return { security: 'read', weight, run };
}

type Detail = 'ACK' | 'RESULT' | 'FULL';

function detailOf(parameters: Parameters, request: OrderRequest): Detail {
  const asked = parameters.oneOf(
    'newOrderRespType',
    ['ACK', 'RESULT', 'FULL'],
    -1130,
    "Data sent for parameter 'newOrderRespType' is not valid.",
  );
  if (asked !== undefined) return asked;
  return request.type === 'Market' || request.type === 'Limit' ? 'FULL' : 'ACK';
}

function placeRequest(
  context: OperationContext,
  market: Market,
  request: OrderRequest,
  detail: Detail,
): unknown {
  const { desk } = context.exchange;
  const before = desk.fills.length;
  const placed = desk.place(market, request);
  if (!placed.ok) throw refused(placed.error);
  const order = placed.value;
  const fills = desk.fills.slice(before).filter((fill) => fill.order === order);
  return placedOrder(order, fills, detail);
}

function place(context: OperationContext): unknown {
  const market = marketOf(context);
  const request = readOrder(market, context.parameters, context.newId);
  const detail = detailOf(context.parameters, request);
  checkOrderCount(market, [request], context.exchange.desk.openOrders(market.listing.symbol));
  context.limits.countOrder();
  return placeRequest(context, market, request, detail);
}

/** The order named by an id, a client id or both; absent when there is none. */
function named(
  context: OperationContext,
  market: Market,
  idName: string,
  clientIdName: string,
): ExchangeOrder | undefined {
  const { parameters, exchange } = context;
  const id = parameters.integer(idName);
  const clientId = parameters.text(clientIdName);
  if (id === undefined && clientId === undefined) {
    throw new VenueRefusal(
      -1102,
      `Param '${clientIdName}' or '${idName}' must be sent, but both were empty/null!`,
    );
  }
  return exchange.desk.find(market.listing.symbol, id, clientId);
}

function cancelOrder(
  context: OperationContext,
  market: Market,
  order: ExchangeOrder | undefined,
  cancelId: string,
): unknown {
  const unknown = new VenueRefusal(-2011, 'Unknown order sent.');
  if (order === undefined) throw unknown;
  const restriction = context.parameters.oneOf(
    'cancelRestrictions',
    ['ONLY_NEW', 'ONLY_PARTIALLY_FILLED'],
    -1130,
    "Data sent for parameter 'cancelRestrictions' is not valid.",
  );
  const status = restriction === 'ONLY_NEW' ? 'NEW' : 'PARTIALLY_FILLED';
  if (restriction !== undefined && order.status !== status) {
    throw new VenueRefusal(-2011, 'Order was not canceled due to cancel restrictions.');
  }
  const canceled = context.exchange.desk.cancel(market, order, cancelId);
  if (!canceled.ok) throw unknown;
  // A leg takes its whole list with it.
  return order.list === undefined
    ? canceledOrder(order, cancelId)
    : canceledList(order.list, cancelId);
}

function cancel(context: OperationContext): unknown {
  const market = marketOf(context);
  const order = named(context, market, 'orderId', 'origClientOrderId');
  const cancelId = context.parameters.clientOrderId('newClientOrderId') ?? context.newId();
  return cancelOrder(context, market, order, cancelId);
}

function cancelAll(context: OperationContext): unknown {
  const market = marketOf(context);
  const open = context.exchange.desk.openOrders(market.listing.symbol);
  if (open.length === 0) throw new VenueRefusal(-2011, 'Unknown order sent.');
  const cancelId = context.newId();
  const once = open.filter(({ list }, index) => {
    return list === undefined || open.findIndex((other) => other.list === list) === index;
  });
  return once.map((order) => cancelOrder(context, market, order, cancelId));
}

/** Runs a step whose refusal is part of a larger answer. */
function attempt(step: () => unknown): { result: 'SUCCESS' | 'FAILURE'; response: unknown } {
  try {
    return { result: 'SUCCESS', response: step() };
  } catch (error) {
    if (!(error instanceof VenueRefusal)) throw error;
    return { result: 'FAILURE', response: error.body() };
  }
}

// Filters and the order count are held against the new order before anything is canceled.
function cancelReplace(context: OperationContext): unknown {
  const { parameters } = context;
  const market = marketOf(context);
  const mode = parameters.oneOf(
    'cancelReplaceMode',
    ['STOP_ON_FAILURE', 'ALLOW_FAILURE'],
    -1130,
    "Data sent for parameter 'cancelReplaceMode' is not valid.",
  );
  if (mode === undefined) throw missing('cancelReplaceMode');
  const order = named(context, market, 'cancelOrderId', 'cancelOrigClientOrderId');
  const cancelId = parameters.clientOrderId('cancelNewClientOrderId') ?? context.newId();
  const request = readOrder(market, parameters, context.newId);
  const detail = detailOf(parameters, request);
  context.limits.countOrder();

  const canceled = attempt(() => cancelOrder(context, market, order, cancelId));
  const stops = canceled.result === 'FAILURE' && mode === 'STOP_ON_FAILURE';
  const placed = stops
    ? { result: 'NOT_ATTEMPTED', response: null }
    : attempt(() => placeRequest(context, market, request, detail));
  const answer = {
    cancelResult: canceled.result,
    newOrderResult: placed.result,
    cancelResponse: canceled.response,
    newOrderResponse: placed.response,
  };
  if (canceled.result === 'SUCCESS' && placed.result === 'SUCCESS') return answer;
  if (canceled.result === 'FAILURE' && placed.result !== 'SUCCESS') {
    throw new VenueRefusal(-2022, 'Order cancel-replace failed.', 400, answer);
  }
  throw new VenueRefusal(-2021, 'Order cancel-replace partially failed.', 409, answer);
}

function amend(context: OperationContext): unknown {
  const market = marketOf(context);
  const order = named(context, market, 'orderId', 'origClientOrderId');
  const newQuantity = readQuantity(market, context.parameters, 'newQty');
  if (newQuantity === undefined) throw missing('newQty');
  if (order === undefined) throw new VenueRefusal(-2013, 'Order does not exist.');
  const clientId = context.parameters.clientOrderId('newClientOrderId') ?? order.clientOrderId;
  const amended = context.exchange.desk.amend(market, order, newQuantity, clientId);
  if (!amended.ok) {
    throw new VenueRefusal(
      -2038,
      `The requested order amend was rejected: ${amended.error.reason}.`,
    );
  }
  return { transactTime: order.updateTimeMs, amendedOrder: queriedOrder(order) };
}

function query(context: OperationContext): unknown {
  const market = marketOf(context);
  const order = named(context, market, 'orderId', 'origClientOrderId');
  if (order === undefined) throw new VenueRefusal(-2013, 'Order does not exist.');
  return queriedOrder(order);
}

function openOrders(context: OperationContext): unknown {
  const symbol = context.parameters.has('symbol') ? marketOf(context).listing.symbol : undefined;
  return context.exchange.desk.openOrders(symbol).map(queriedOrder);
}

/** The operations about orders. */
export const TRADE_OPERATIONS = {
  place: trading(1, place, true),
  test: trading(1, (context) => {
    const market = marketOf(context);
    readOrder(market, context.parameters, context.newId);
    return {};
  }),
  cancel: trading(1, cancel),
  cancelAll: trading(1, cancelAll),
  cancelReplace: trading(1, cancelReplace, true),
  amend: trading(4, amend),
  query: reading(() => 4, query),
  openOrders: reading((parameters) => (parameters.has('symbol') ? 6 : 80), openOrders),
} satisfies Record<string, Operation>;
