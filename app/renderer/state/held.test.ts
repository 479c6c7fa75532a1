import { expect, test } from 'vitest';
import type { Position } from '../../engine/domain/account.ts';
import type { AssetCode } from '../../engine/domain/identifiers.ts';
import { signedQuantity } from '../../engine/domain/price.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import { heldQuantity } from './held.ts';

const BTC = { base: 'BTC' as AssetCode, quantityScale: 5 } as Instrument;

function position(quantity: number, fee: bigint): Position {
  return {
    quantity: signedQuantity(quantity),
    fees: [{ asset: 'BTC' as AssetCode, amount: fee, scale: 8 }],
  } as unknown as Position;
}

test.each([
  ['bought 0.05, fee 0.00005', 5000, 5000n, 4995],
  ['the same after selling what is held', 5, 5000n, 0],
  ['a rest below the scale is dust', 224, 224_0n, 221],
  ['fees of many trades are more than what is left', 5, 9000n, 0],
  ['no fee', 5000, 0n, 5000],
  ['sold more than was bought', -100, 0n, -100],
])('%s', (_, quantity, fee, held) => {
  expect(heldQuantity(position(quantity, fee), BTC)).toBe(held);
});
