import type { Position } from '../../../engine/domain/account.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Order } from '../../../engine/domain/order.ts';
import type { Price, Quantity } from '../../../engine/domain/price.ts';
import type { PriceTag } from '../../charts/tag-boxes.ts';
import {
  groupThousands,
  priceDecimals,
  priceText,
  shortQuantity,
} from '../../format/number-text.ts';
import { statusWords } from '../../format/order-words.ts';
import { heldQuantity } from '../../state/held.ts';

/** Colours as the chart's painter needs them. */
export type Colours = (token: string) => string;

/** Lines for own working orders of an instrument, one for all of a side and state at a price; a moving order shows its old and its new price. */
export function orderTags(
  orders: readonly Order[],
  instrument: Instrument,
  colour: Colours,
): readonly PriceTag[] {
  const lines = new Map<string, Line>();
  for (const order of orders) {
    if (order.instrument !== instrument.id) continue;
    for (const line of linesOf(order)) {
      const key = `${line.verb} ${line.words} ${line.price}`;
      const known = lines.get(key);
      const quantity = (known?.quantity ?? 0) + line.quantity;
      lines.set(key, { ...line, quantity, orders: [...(known?.orders ?? []), ...line.orders] });
    }
  }
  return [...lines].map(([id, line]) => tagOf(id, line, instrument, colour));
}

/** Orders of one side and state at one price. */
interface Line {
  /** `Buy`, `Sell stop`. */
  readonly verb: string;
  /** State in words; nothing for one that simply works. */
  readonly words: string;
  readonly token: string;
  readonly price: Price;
  readonly quantity: number;
  readonly orders: readonly Order[];
}

function linesOf(order: Order): readonly Line[] {
  const waiting = order.stopPrice !== undefined && order.triggeredAt === undefined;
  const price = waiting ? order.stopPrice : order.price;
  if (price === undefined) return [];
  const { color, label } = statusWords(order);
  const side = order.side === 'Buy' ? 'buy' : 'sell';
  const line: Line = {
    verb: waiting ? `${order.side} stop` : order.side,
    words: color === 'working' || waiting ? '' : label.toLowerCase(),
    token: color === 'working' ? side : `st-${color}`,
    price,
    quantity: order.leavesQty,
    orders: [order],
  };
  const pending = order.pending?.price;
  if (pending === undefined) return [line];
  return [
    { ...line, words: 'was', token: 'text-3' },
    { ...line, words: 'moving', price: pending },
  ];
}

/** A limit order without a move that the venue has not answered. */
function isMovable(order: Order): boolean {
  const { price, stopPrice, parent, pending, unknownSince } = order;
  const limit = price !== undefined && stopPrice === undefined && parent === undefined;
  return limit && pending === undefined && unknownSince === undefined;
}

function tagOf(id: string, line: Line, instrument: Instrument, colour: Colours): PriceTag {
  const { verb, words, price, orders, quantity } = line;
  const label = (count: number, sum: number): string => {
    const size = shortQuantity(sum as Quantity, instrument);
    const many = count === 1 ? '' : `, ${count} orders`;
    return `${verb} ${size}${words === '' ? '' : ` ${words}`}${many}`;
  };
  return {
    id,
    price: price / 10 ** instrument.priceScale,
    label: label(orders.length, quantity),
    color: colour(line.token),
    axisText: priceText(price, instrument),
    dashed: true,
    orders: orders.every(isMovable) ? orders.map((order) => order.clientOrderId) : [],
    group: { key: `${verb} ${words}`, orders: orders.length, quantity, label },
  };
}

/** The line of the position's average price; undefined while there is none. */
export function positionTag(
  position: Position | undefined,
  instrument: Instrument,
  colour: Colours,
): PriceTag | undefined {
  const held = position === undefined ? 0 : heldQuantity(position, instrument);
  if (position === undefined || held === 0) return undefined;
  const long = position.quantity > 0;
  const price = Number(position.openCost) / position.quantity / 10 ** instrument.priceScale;
  const size = shortQuantity(Math.abs(held) as Quantity, instrument);
  return {
    id: 'position',
    price,
    label: `${long ? 'Long' : 'Short'} ${size}`,
    color: colour(long ? 'buy' : 'sell'),
    axisText: groupThousands(price.toFixed(priceDecimals(instrument))),
    dashed: false,
    orders: [],
    group: undefined,
  };
}
