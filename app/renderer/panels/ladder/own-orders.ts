import type { ClientOrderId, InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { Order, OrderTerms, Side } from '../../../engine/domain/order.ts';
import type { Price } from '../../../engine/domain/price.ts';
import type { KnownPlace, Places } from '../../state/queue-places.ts';

/** One of our orders as the ladder shows it. A moving order stands at both prices until the venue answers. */
export interface OwnTag {
  /** Undefined until the engine has answered. */
  readonly id: ClientOrderId | undefined;
  readonly price: Price;
  readonly side: Side;
  readonly quantity: number;
  /** `asked`: the engine has not answered yet; `pending`: the venue has not; `gone`: the old place of a moving order. */
  readonly look: 'asked' | 'working' | 'pending' | 'gone' | 'unknown' | 'trigger';
}

/** Tags of one side and look on one row. */
export interface TagStack {
  readonly tags: readonly OwnTag[];
  readonly side: Side;
  readonly look: OwnTag['look'];
  /** Of all of them. */
  readonly quantity: number;
  /** Of the one that stands foremost; undefined while nobody can say. */
  readonly place: KnownPlace | undefined;
}

/** The tags of one side of a row, those of one look as one: a row has room for few. */
export function stackTags(tags: readonly OwnTag[], places: Places): readonly TagStack[] {
  const stacks = new Map<OwnTag['look'], TagStack>();
  for (const tag of tags) {
    const { side, look } = tag;
    const before = stacks.get(look) ?? { tags: [], side, look, quantity: 0, place: undefined };
    const quantity = before.quantity + tag.quantity;
    const place = foremost(before.place, tag.id === undefined ? undefined : places.get(tag.id));
    stacks.set(look, { ...before, tags: [...before.tags, tag], quantity, place });
  }
  return [...stacks.values()];
}

function foremost(
  one: KnownPlace | undefined,
  other: KnownPlace | undefined,
): KnownPlace | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.ahead < one.ahead ? other : one;
}

/** Tags for the working orders of one instrument. */
export function ownTags(instrument: InstrumentId, orders: readonly Order[]): readonly OwnTag[] {
  const moving = new Set(
    orders.filter((order) => order.status === 'PendingReplace').map((order) => order.clientOrderId),
  );
  return orders.flatMap((order) => {
    if (order.instrument !== instrument) return [];
    // The successor of a moving order is shown as that order's new place.
    if (order.replaces !== undefined && moving.has(order.replaces)) return [];
    return tagsOf(order);
  });
}

/** Tags for what was asked to be placed on one instrument and is not answered: drawn with the next picture. */
export function askedTags(
  instrument: InstrumentId,
  asked: Iterable<OrderTerms>,
): readonly OwnTag[] {
  return [...asked].flatMap((terms): readonly OwnTag[] => {
    const { side, quantity } = terms;
    const price = terms.stopPrice ?? terms.price;
    if (terms.instrument !== instrument || price === undefined) return [];
    return [{ id: undefined, price, side, quantity, look: 'asked' }];
  });
}

function tagsOf(order: Order): readonly OwnTag[] {
  const triggered = order.triggeredAt !== undefined;
  const price = order.stopPrice !== undefined && !triggered ? order.stopPrice : order.price;
  if (price === undefined) return [];
  const { side, clientOrderId: id } = order;
  const quantity = order.leavesQty;
  const pending = order.pending;
  if (pending?.price !== undefined && order.status === 'PendingReplace') {
    return [
      { id, price, side, quantity, look: 'gone' },
      { id, price: pending.price, side, quantity: pending.quantity, look: 'pending' },
    ];
  }
  return [{ id, price, side, quantity, look: lookOf(order, triggered) }];
}

function lookOf(order: Order, triggered: boolean): OwnTag['look'] {
  if (order.unknownSince !== undefined) return 'unknown';
  if (order.status === 'PendingCancel') return 'gone';
  if (order.stopPrice !== undefined && !triggered) return 'trigger';
  return order.status === 'Initialized' || order.status === 'Submitted' ? 'pending' : 'working';
}
