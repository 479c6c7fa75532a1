import { invariant } from '../../base/invariant.ts';

/** A resting order of ours in a recorded queue: `ahead` is other people's quantity before it, `leaves` what is left of it. */
export interface QueuedOrder {
  ahead: number;
  leaves: number;
}

/** What a trade of `traded` at the orders' price fills, in arrival order. Whoever stands ahead is served first; updates `ahead` and `leaves`. */
export function tradeThroughQueue(orders: readonly QueuedOrder[], traded: number): number[] {
  let ownBefore = 0;
  let ownFilled = 0;
  return orders.map((order) => {
    const reaching = traded - order.ahead - ownBefore;
    const fill = Math.max(0, Math.min(order.leaves, reaching));
    order.ahead -= Math.min(order.ahead, Math.max(0, traded - ownFilled));
    ownBefore += order.leaves;
    ownFilled += fill;
    order.leaves -= fill;
    return fill;
  });
}

/** Moves orders up when `canceled` of the `standing` recorded quantity left without trading: the share ahead of each loses its proportion, rounded against us. */
export function cancelFromQueue(
  orders: readonly QueuedOrder[],
  canceled: number,
  standing: number,
): void {
  invariant(
    canceled >= 0 && canceled <= standing,
    `canceled must be 0..${standing}, was ${canceled}`,
  );
  const left = standing - canceled;
  for (const order of orders) {
    const ahead = Math.min(order.ahead, standing);
    const gone = standing === 0 ? 0n : (BigInt(canceled) * BigInt(ahead)) / BigInt(standing);
    order.ahead = Math.min(ahead - Number(gone), left);
  }
}
