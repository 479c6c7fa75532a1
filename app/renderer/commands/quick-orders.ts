import type { Instrument } from '../../engine/domain/instrument.ts';
import type { ClientOrderId } from '../../engine/domain/identifiers.ts';
import type { Order, OrderTerms, Side } from '../../engine/domain/order.ts';
import { price, type Quantity } from '../../engine/domain/price.ts';
import { workingOrders, workingSuccessor } from '../state/account-replica.ts';
import type { Desk } from '../state/desk.tsx';
import { cancellation, replacement, submission } from './desk-actions.ts';
import { orderGateNow, type GateSurroundings } from './order-gate.ts';
import { nothing, sends, type OrderPlan } from './order-plan.ts';

/** What orders of one stroke look at. */
export interface OrderSurroundings extends GateSurroundings {
  readonly link: Pick<Desk['link'], 'store'>;
}

/** How an order of one stroke meets the market: at any price; resting at the near touch as a maker only; taking the far touch and no worse, the rest cancelled. */
export type QuickKind = 'market' | 'join' | 'take';

type Conditions = Pick<OrderTerms, 'type' | 'price' | 'timeInForce' | 'postOnly'>;

/** An order of `terms` from `place` behind the gate of its instrument, or why nothing would be sent. */
export function gatedPlan(
  desk: GateSurroundings,
  place: string,
  instrument: Instrument,
  size: Quantity | undefined,
  side: Side,
  conditions: Conditions,
): OrderPlan {
  const { account, gate } = orderGateNow(desk, instrument);
  if (!gate.open) return nothing(gate.reason);
  if (account === undefined) return nothing('No account for this instrument');
  if (size === undefined || size === 0) return nothing('Choose a size first');
  const terms: OrderTerms = {
    instrument: instrument.id,
    account,
    side,
    quantity: size,
    reduceOnly: false,
    ...conditions,
  };
  return sends([submission(place, terms)], '');
}

/** An order of one stroke at the touch of now. */
export function quickPlan(
  desk: GateSurroundings,
  place: string,
  instrument: Instrument,
  size: Quantity | undefined,
  side: Side,
  kind: QuickKind,
): OrderPlan {
  const conditions = conditionsOf(desk, instrument, side, kind);
  if (conditions === undefined) {
    return nothing(nearSide(side, kind) === 'bid' ? 'There is no bid' : 'There is no offer');
  }
  return gatedPlan(desk, place, instrument, size, side, conditions);
}

function nearSide(side: Side, kind: QuickKind): 'bid' | 'ask' {
  return (side === 'Buy') === (kind === 'join') ? 'bid' : 'ask';
}

function conditionsOf(
  desk: GateSurroundings,
  instrument: Instrument,
  side: Side,
  kind: QuickKind,
): Conditions | undefined {
  if (kind === 'market') return { type: 'Market', timeInForce: 'GTC', postOnly: false };
  const at = desk.feed.market.quote(instrument.id)?.[nearSide(side, kind)];
  if (at === undefined) return undefined;
  const join = kind === 'join';
  return { type: 'Limit', price: at, timeInForce: join ? 'GTC' : 'IOC', postOnly: join };
}

/** Moves the chosen order of an instrument by `ticks` (up is positive), once its last move is answered. */
export function tickPlan(
  desk: OrderSurroundings,
  instrument: Instrument,
  ticks: number,
): OrderPlan {
  const order = chosenOrder(desk, instrument);
  if (order === undefined) return nothing('No order of ours is chosen here');
  return movePlan(order, instrument, (order.price ?? 0) + ticks * instrument.tickSize);
}

/** Moves a limit order that is no exit to a price, once its last move is answered. */
export function movePlan(order: Order, instrument: Instrument, to: number): OrderPlan {
  if (order.price === undefined || order.parent !== undefined) {
    return nothing('Only a limit order that is no exit is moved so');
  }
  if (order.pending !== undefined || order.unknownSince !== undefined) {
    return nothing('The venue has not answered for this order yet');
  }
  if (to < instrument.minPrice || to > instrument.maxPrice) {
    return nothing('The venue takes no price beyond this one');
  }
  return sends([replacement(order, price(to))], '');
}

/** Cancels the order of an instrument that was decided last and still works. */
export function cancelLastPlan(desk: OrderSurroundings, instrument: Instrument): OrderPlan {
  const last = ownOrders(desk, instrument).findLast(({ status }) => status !== 'PendingCancel');
  return sends(last === undefined ? [] : [cancellation(last)], 'No order of ours works here');
}

/** The order that the next stroke chooses: our working orders of an instrument from the highest price down, then again from the top. */
export function nextOwnOrder(
  desk: OrderSurroundings,
  instrument: Instrument,
): ClientOrderId | undefined {
  const byPrice = ownOrders(desk, instrument).toSorted(
    (left, right) => (right.price ?? right.stopPrice ?? 0) - (left.price ?? left.stopPrice ?? 0),
  );
  const chosen = chosenOrder(desk, instrument)?.clientOrderId;
  const at = byPrice.findIndex(({ clientOrderId }) => clientOrderId === chosen);
  return byPrice[(at + 1) % Math.max(1, byPrice.length)]?.clientOrderId;
}

/** The chosen order of an instrument as it works now: a move at the venue may have made it another. */
export function chosenOrder(desk: OrderSurroundings, instrument: Instrument): Order | undefined {
  const { order } = desk.link.store.getState();
  if (order === undefined) return undefined;
  const working = workingSuccessor(desk.trade.store.getState().replica.orders, order);
  return working?.instrument === instrument.id ? working : undefined;
}

function ownOrders(desk: GateSurroundings, instrument: Instrument): readonly Order[] {
  return workingOrders(desk.trade.store.getState().replica).filter(
    (order) => order.instrument === instrument.id,
  );
}
