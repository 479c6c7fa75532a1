import { extraWords } from '../../format/order-words.ts';
import type { OrderRow } from './cells.tsx';

/** The tag of an order, then why it ended, else what is special about it: origin, conditions, shown part, exits, and the orders it belongs to. */
export function noteOf({ order, instrument }: OrderRow): string {
  const words = order.tag === undefined ? [] : [order.tag];
  if (order.reason !== undefined) return [...words, order.reason.message].join(', ');
  if (order.parent !== undefined) words.push(`exit of ${order.parent}`);
  else if (order.origin !== 'Manual') words.push(order.origin);
  if (order.contingency !== undefined) words.push(`or ${order.contingency.sibling}`);
  if (order.postOnly) words.push('post only');
  if (order.reduceOnly) words.push('reduce only');
  if (order.timeInForce !== 'GTC') words.push(order.timeInForce);
  const { tag: _first, ...terms } = order;
  if (instrument !== undefined) words.push(...extraWords(terms, instrument));
  return words.join(', ');
}
