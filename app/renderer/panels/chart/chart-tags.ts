import type { Position } from '../../../engine/domain/account.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Order } from '../../../engine/domain/order.ts';
import type { Price, Quantity } from '../../../engine/domain/price.ts';
import type { PriceTag } from '../../charts/order-tags.ts';
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

/** Lines for own working orders of an instrument; a moving order shows its old and its new price. */
export function orderTags(
  orders: readonly Order[],
  instrument: Instrument,
  colour: Colours,
): readonly PriceTag[] {
  return orders.flatMap((order) => {
    if (order.instrument !== instrument.id) return [];
    const waiting = order.stopPrice !== undefined && order.triggeredAt === undefined;
    const price = waiting ? order.stopPrice : order.price;
    if (price === undefined) return [];
    const { color, label } = statusWords(order);
    const own =
      color === 'working'
        ? colour(order.side === 'Buy' ? 'green-text' : 'red-text')
        : colour(`st-${color}`);
    const size = shortQuantity(order.leavesQty, instrument);
    const words = color === 'working' || waiting ? '' : ` ${label.toLowerCase()}`;
    const verb = waiting ? `${order.side} stop` : order.side;
    const first = tag(order.clientOrderId, price, `${verb} ${size}${words}`, own, instrument);
    const pending = order.pending?.price;
    if (pending === undefined) return [first];
    const target = tag(
      `${order.clientOrderId} new`,
      pending,
      `${verb} ${size} moving`,
      own,
      instrument,
    );
    const old = tag(
      order.clientOrderId,
      price,
      `${verb} ${size} was`,
      colour('text-3'),
      instrument,
    );
    return [old, target];
  });
}

function tag(
  id: string,
  price: Price,
  label: string,
  color: string,
  instrument: Instrument,
): PriceTag {
  const at = price / 10 ** instrument.priceScale;
  return { id, price: at, label, color, axisText: priceText(price, instrument), dashed: true };
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
    color: colour(long ? 'green-text' : 'red-text'),
    axisText: groupThousands(price.toFixed(priceDecimals(instrument))),
    dashed: false,
  };
}
