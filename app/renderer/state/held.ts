import type { Position } from '../../engine/domain/account.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import { signedQuantity, type SignedQuantity } from '../../engine/domain/price.ts';

/** What of a position is there to be sold: its quantity less the fees taken in the base asset, rounded towards zero at the quantity scale. A rest below that is dust. */
export function heldQuantity(position: Position, instrument: Instrument): SignedQuantity {
  const fee = position.fees.find(({ asset }) => asset === instrument.base);
  if (fee === undefined) return position.quantity;
  const finer = 10n ** BigInt(Math.max(0, fee.scale - instrument.quantityScale));
  const held = BigInt(position.quantity) * finer - fee.amount;
  // Fees of many trades may be more than what is left of them: then nothing is there, not less than nothing.
  if (position.quantity > 0 && held < 0n) return signedQuantity(0);
  return signedQuantity(Number(held / finer));
}
