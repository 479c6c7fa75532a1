import type { QueryOrder } from '../../domain/command.ts';
import type { KernelContext } from '../context.ts';
import type { Answer } from './orders.ts';
import { queryOrder } from './unknown.ts';

/** A person's questions about one order are at least this far apart. */
const ASK_AGAIN_AFTER_MICROS = 1_000_000;

/** Asks the venue about an order because a person wants to know. */
export function queryByHand(context: KernelContext, { clientOrderId }: QueryOrder): Answer {
  const refuse = (code: string, message: string): Answer => ({
    orders: [],
    refused: { code, message },
  });
  const record = context.state.orders.get(clientOrderId);
  if (record === undefined) {
    return refuse('ORDER_UNKNOWN', `clientOrderId must be one of ours, was ${clientOrderId}`);
  }
  const { order, queriedAt } = record;
  if (order.submittedAt === undefined && order.origin !== 'External') {
    return refuse('ORDER_NEVER_SENT', `${clientOrderId} is ${order.status} and never left`);
  }
  const { connected = false } = context.state.accounts.get(order.account) ?? {};
  if (!connected) return refuse('NOT_CONNECTED', `the venue of ${order.account} is not connected`);
  if (queriedAt !== undefined && context.now - queriedAt < ASK_AGAIN_AFTER_MICROS) {
    return refuse('ASKED_JUST_NOW', `${clientOrderId} was asked about less than a second ago`);
  }
  queryOrder(context, record);
  return { orders: [clientOrderId] };
}
