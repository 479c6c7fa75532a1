import type { Instrument } from '../../engine/domain/instrument.ts';
import { notionalScale } from '../../engine/domain/instrument.ts';
import type { Order, OrderStatus, OrderTerms, OrderType } from '../../engine/domain/order.ts';
import { divideHalfEven } from '../../engine/domain/decimal.ts';
import { decimalText, priceDecimals, priceText, shortQuantity } from './number-text.ts';

/** Sign of a status: a shape and a colour token for each, so that colour is never alone. */
export type StatusShape =
  | 'unsent'
  | 'sent'
  | 'accepted'
  | 'trigger'
  | 'working'
  | 'partial'
  | 'cancel-sent'
  | 'dead'
  | 'filled'
  | 'unknown';

/** How a status is shown. `color` is the name of a `--st-…` token. */
export interface StatusWords {
  readonly label: string;
  readonly shape: StatusShape;
  readonly color: string;
}

const STATUS: Readonly<Record<OrderStatus, StatusWords>> = {
  Initialized: { label: 'Not sent', shape: 'unsent', color: 'unsent' },
  Denied: { label: 'Denied', shape: 'dead', color: 'dead' },
  Submitted: { label: 'Sent', shape: 'sent', color: 'sent' },
  Accepted: { label: 'Working', shape: 'working', color: 'working' },
  Rejected: { label: 'Rejected', shape: 'dead', color: 'dead' },
  Triggered: { label: 'Triggered', shape: 'working', color: 'working' },
  PartiallyFilled: { label: 'Part filled', shape: 'partial', color: 'working' },
  Filled: { label: 'Filled', shape: 'filled', color: 'filled' },
  PendingReplace: { label: 'Replace sent', shape: 'sent', color: 'sent' },
  PendingCancel: { label: 'Cancel sent', shape: 'cancel-sent', color: 'cancel-sent' },
  Canceled: { label: 'Canceled', shape: 'dead', color: 'dead' },
  Expired: { label: 'Expired', shape: 'dead', color: 'dead' },
};

/** Word, shape and colour of an order's status; an order whose fate is not known is Unknown whatever its status. */
export function statusWords(
  order: Pick<Order, 'status' | 'unknownSince' | 'type' | 'triggeredAt'>,
): StatusWords {
  if (order.unknownSince !== undefined) {
    return { label: 'Unknown', shape: 'unknown', color: 'unknown' };
  }
  const stop = order.type === 'Stop' || order.type === 'StopLimit';
  if (order.status === 'Accepted' && stop && order.triggeredAt === undefined) {
    return { label: 'At trigger', shape: 'trigger', color: 'trigger' };
  }
  return STATUS[order.status];
}

const TYPES: Readonly<Record<OrderType, string>> = {
  Limit: 'Limit',
  Market: 'Market',
  Stop: 'Stop',
  StopLimit: 'Stop limit',
};

/** An order type in words. */
export function typeWords(type: OrderType): string {
  return TYPES[type];
}

/** What a send button repeats: `Buy 600 at 187.40`, `Sell 2 at market`, `Buy 1 stop 190.00 limit 190.10`. */
export function termsWords(terms: OrderTerms, instrument: Instrument): string {
  const head = `${terms.side} ${shortQuantity(terms.quantity, instrument)}`;
  const price = terms.price === undefined ? 'market' : priceText(terms.price, instrument);
  if (terms.stopPrice === undefined) return `${head} at ${price}`;
  const stop = `${head} stop ${priceText(terms.stopPrice, instrument)}`;
  return terms.type === 'StopLimit' ? `${stop} limit ${price}` : stop;
}

/** The conditions of an order in words: `post only, GTC, shows 10, target 190.00, stop 180.00, tag scalp`. */
export function conditionWords(terms: OrderTerms, instrument: Instrument): string {
  const words: string[] = [terms.timeInForce];
  if (terms.postOnly) words.unshift('post only');
  if (terms.reduceOnly) words.unshift('reduce only');
  return [...words, ...extraWords(terms, instrument)].join(', ');
}

/** Displayed quantity, bracket and tag in words, each only when there is one. */
export function extraWords(
  { displayQuantity, bracket, tag }: OrderTerms,
  instrument: Instrument,
): readonly string[] {
  const words: string[] = [];
  if (displayQuantity !== undefined)
    words.push(`shows ${shortQuantity(displayQuantity, instrument)}`);
  if (bracket?.takeProfit !== undefined) {
    words.push(`target ${priceText(bracket.takeProfit, instrument)}`);
  }
  if (bracket?.stopLoss !== undefined)
    words.push(`stop ${priceText(bracket.stopLoss, instrument)}`);
  if (tag !== undefined) words.push(`tag ${tag}`);
  return words;
}

/** Average price of what is filled, one decimal finer than a tick, rounded half to even; undefined while nothing is. */
export function averagePriceText(
  cost: bigint,
  quantity: number,
  instrument: Instrument,
): string | undefined {
  if (quantity === 0) return undefined;
  const size = BigInt(Math.abs(quantity));
  const magnitude = cost < 0n ? -cost : cost;
  const average = divideHalfEven(magnitude * 10n, size);
  const scale = notionalScale(instrument) - instrument.quantityScale + 1;
  return decimalText(average, scale, Math.min(scale, priceDecimals(instrument) + 1));
}
