import type { OrderList } from '../exchange/order.ts';
import { canceledOrder, placedOrder } from './shapes.ts';

function symbolOf({ legs }: OrderList): string {
  return legs[0].request.listing.symbol;
}

// The leg that waits was entered first.
function rows({ legs }: OrderList) {
  return [legs[1], legs[0]];
}

/** What every answer about a list has in common. */
function listCore(list: OrderList, timeMs: number): Record<string, unknown> {
  return {
    orderListId: list.listId,
    contingencyType: 'OCO',
    listStatusType: list.done ? 'ALL_DONE' : 'EXEC_STARTED',
    listOrderStatus: list.done ? 'ALL_DONE' : 'EXECUTING',
    listClientOrderId: list.clientOrderId,
    transactionTime: timeMs,
    symbol: symbolOf(list),
    orders: rows(list).map(({ orderId, clientOrderId, request }) => {
      return { symbol: request.listing.symbol, orderId, clientOrderId };
    }),
  };
}

/** The answer to placing a list. */
export function placedList(
  list: OrderList,
  detail: 'ACK' | 'RESULT' | 'FULL',
): Record<string, unknown> {
  const orderReports = rows(list).map((order) => placedOrder(order, [], detail));
  return { ...listCore(list, list.timeMs), orderReports };
}

/** The answer to canceling a list, or one of its legs. */
export function canceledList(list: OrderList, cancelId: string): Record<string, unknown> {
  const timeMs = list.legs[0].updateTimeMs;
  const orderReports = rows(list).map((order) => canceledOrder(order, cancelId));
  return { ...listCore(list, timeMs), orderReports };
}

/** The user data event about a list. */
export function listStatus(
  list: OrderList,
  timeMs: number,
  nowMs: number,
): Record<string, unknown> {
  const status = list.done ? 'ALL_DONE' : 'EXECUTING';
  return {
    e: 'listStatus',
    E: nowMs,
    s: symbolOf(list),
    g: list.listId,
    c: 'OCO',
    l: list.done ? 'ALL_DONE' : 'EXEC_STARTED',
    L: status,
    r: 'NONE',
    C: list.clientOrderId,
    T: timeMs,
    O: rows(list).map(({ orderId, clientOrderId, request }) => {
      return { s: request.listing.symbol, i: orderId, c: clientOrderId };
    }),
  };
}
