import type { OrderRequest } from '../exchange/order.ts';
import type { Market } from '../exchange/market.ts';
import { marketOf, type Operation, type OperationContext } from './context.ts';
import { canceledList, placedList } from './list-shapes.ts';
import { checkOrderCount, readOrder } from './order-parameters.ts';
import { Parameters } from './parameters.ts';
import { missing, VenueRefusal } from './refusal.ts';
import { refused } from './trade-operations.ts';

const STOPS = ['StopLimit', 'Stop'];

/** One leg of a list, whose own parameters begin with its place. */
function readLeg(
  context: OperationContext,
  market: Market,
  place: 'above' | 'below',
): OrderRequest {
  const { parameters } = context;
  const values = new Map<string, string>();
  const take = (name: string, from: string): void => {
    const value = parameters.text(from);
    if (value !== undefined) values.set(name, value);
  };
  for (const name of ['symbol', 'side', 'quantity', 'selfTradePreventionMode']) take(name, name);
  parameters.required(`${place}Type`);
  take('type', `${place}Type`);
  take('newClientOrderId', `${place}ClientOrderId`);
  take('price', `${place}Price`);
  take('stopPrice', `${place}StopPrice`);
  take('timeInForce', `${place}TimeInForce`);
  take('icebergQty', `${place}IcebergQty`);
  return readOrder(market, new Parameters(values), context.newId);
}

/** The limit leg, then the stop; any other pair is none that the venue takes. */
function readLegs(
  context: OperationContext,
  market: Market,
): readonly [OrderRequest, OrderRequest] {
  const above = readLeg(context, market, 'above');
  const below = readLeg(context, market, 'below');
  const [limit, stop] = above.side === 'Sell' ? [above, below] : [below, above];
  if (limit.type !== 'LimitMaker' || !STOPS.includes(stop.type)) {
    throw new VenueRefusal(-1014, 'Unsupported order combination.');
  }
  return [limit, stop];
}

function place(context: OperationContext): unknown {
  const { exchange, limits, parameters } = context;
  const market = marketOf(context);
  const legs = readLegs(context, market);
  const detail = parameters.oneOf(
    'newOrderRespType',
    ['ACK', 'RESULT', 'FULL'],
    -1130,
    "Data sent for parameter 'newOrderRespType' is not valid.",
  );
  checkOrderCount(market, legs, exchange.desk.openOrders(market.listing.symbol));
  for (const _leg of legs) limits.countOrder();
  const listId = parameters.clientOrderId('listClientOrderId') ?? context.newId();
  const placed = exchange.desk.placeList(market, legs, listId);
  if (!placed.ok) throw refused(placed.error);
  return placedList(placed.value, detail ?? 'RESULT');
}

function cancel(context: OperationContext): unknown {
  const { exchange, parameters } = context;
  const market = marketOf(context);
  const listId = parameters.integer('orderListId');
  const name = parameters.text('listClientOrderId');
  if (listId === undefined && name === undefined) throw missing('orderListId');
  const order = exchange.desk.openOrders(market.listing.symbol).find(({ list }) => {
    const fits = listId === undefined || list?.listId === listId;
    return list !== undefined && fits && (name === undefined || list.clientOrderId === name);
  });
  if (order?.list === undefined) throw new VenueRefusal(-2011, 'Unknown order list sent.');
  const cancelId = parameters.clientOrderId('newClientOrderId') ?? context.newId();
  exchange.desk.cancel(market, order, cancelId);
  return canceledList(order.list, cancelId);
}

/** The operations about order lists. */
export const ORDER_LIST_OPERATIONS = {
  placeOco: { security: 'trade', weight: () => 1, run: place, placesOrders: true },
  cancel: { security: 'trade', weight: () => 1, run: cancel },
} satisfies Record<string, Operation>;
