import { divideHalfEven } from './decimal.ts';
import type { Fill, Order } from './order.ts';

/** Decimals of a slippage. */
export const SLIPPAGE_SCALE = 2;
const PARTS = 10_000n * 10n ** BigInt(SLIPPAGE_SCALE);

/**
 * What a fill cost against the price its order was decided at, in basis points at `SLIPPAGE_SCALE`; above 0 is worse. The price is
 * the mid of the order's arrival; of a stop order its trigger. Fees apart. Perold, The implementation shortfall (1988).
 */
export function slippageOf(
  { side, lastPx }: Pick<Fill, 'side' | 'lastPx'>,
  { arrival, stopPrice }: Pick<Order, 'arrival' | 'stopPrice'>,
): bigint | undefined {
  const mid = arrival && BigInt(arrival.bid) + BigInt(arrival.ask);
  // Twice the price, so that a mid between two ticks stays whole.
  const twice = stopPrice === undefined ? mid : 2n * BigInt(stopPrice);
  if (twice === undefined || twice <= 0n) return undefined;
  const paid = 2n * BigInt(lastPx) - twice;
  return divideHalfEven((side === 'Buy' ? paid : -paid) * PARTS, twice);
}
