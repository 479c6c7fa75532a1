import { describe, expect, test } from 'vitest';
import type { AssetCode } from '../../engine/domain/identifiers.ts';
import { price, quantity, signedQuantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import type { QuoteMessage } from '../client/feed-client.ts';
import { positionResult, totals } from './results.ts';
import { position, SOL } from './testdata.ts';

const QUOTE: QuoteMessage = {
  instrument: SOL.id,
  bid: price(18_742),
  bidQuantity: quantity(1),
  ask: price(18_743),
  askQuantity: quantity(1),
  state: 'Live',
  at: unixMicros(1),
};
const fee = (
  asset: string,
  amount: bigint,
): { asset: AssetCode; amount: bigint; scale: number } => ({
  asset: asset as AssetCode,
  amount,
  scale: 8,
});

describe('open results', () => {
  test('a long position is valued at the bid', () => {
    // 2.000 x (187.42 - 187.40) = 0.04, at scale 5.
    const result = positionResult(position(), SOL, QUOTE);
    expect(result.exit).toBe(18_742);
    expect(result.open).toBe(4_000n);
  });

  test('a short position is valued at the ask', () => {
    const short = position({ quantity: signedQuantity(-2000), openCost: -37_480_000n });
    // -2.000 x (187.43 - 187.40) = -0.06.
    expect(positionResult(short, SOL, QUOTE).open).toBe(-6_000n);
  });

  test('without a price the result is not known, never zero', () => {
    const { bid: _bid, bidQuantity: _size, ...noBid } = QUOTE;
    const result = positionResult(position({ realized: 7n }), SOL, noBid);
    expect(result.open).toBeUndefined();
    expect(result.net).toBeUndefined();
    const [total] = totals([{ instrument: SOL, result }]);
    expect(total?.uncounted).toBe(1);
  });

  test('at a price that is not of now it is counted, and said to be stale', () => {
    const results = (['Live', 'Stale', 'Resyncing'] as const).map((state) =>
      positionResult(position(), SOL, { ...QUOTE, state }),
    );
    expect(results.map(({ stale }) => stale)).toEqual([false, true, true]);
    expect(results.map(({ open }) => open)).toEqual([4_000n, 4_000n, 4_000n]);
    const [total] = totals(results.map((result) => ({ instrument: SOL, result })));
    expect(total).toMatchObject({ stale: 2, open: 120_000_000_000n });
    const flat = position({ quantity: signedQuantity(0), openCost: 0n });
    expect(positionResult(flat, SOL, { ...QUOTE, state: 'Stale' }).stale).toBe(false);
  });

  test('a flat position keeps its realised result and needs no price', () => {
    const flat = position({ quantity: signedQuantity(0), openCost: 0n, realized: 12_345n });
    const result = positionResult(flat, SOL, undefined);
    expect(result.open).toBe(0n);
    expect(result.net).toBe(12_345n);
  });

  test('a partly closed position keeps its realised result at every new price', () => {
    const part = position({ realized: -617_900_000n });
    for (const bid of [18_742, 18_740, 18_000, 19_000]) {
      // 2.000 at 187.40 are held, at scale 5.
      const open = BigInt(bid - 18_740) * 2000n;
      const result = positionResult(part, SOL, { ...QUOTE, bid: price(bid) });
      expect(result).toMatchObject({ open, net: open - 617_900_000n });
    }
  });
});

describe('fees', () => {
  test('in the quote asset count as they are, in the base asset at the exit price', () => {
    const paid = position({ fees: [fee('USDT', 100_000_000n), fee('SOL', 1_000_000n)] });
    // 1.00 USDT + 0.01 SOL x 187.42 = 2.8742, at scale 5.
    expect(positionResult(paid, SOL, QUOTE).fees).toBe(287_420n);
  });

  test('in a third asset are named as not counted', () => {
    const paid = position({ fees: [fee('BNB', 5n)] });
    const result = positionResult(paid, SOL, QUOTE);
    expect(result.fees).toBe(0n);
    expect(result.uncounted).toEqual(['BNB']);
  });

  test('are taken off the net', () => {
    const paid = position({ realized: 500_000n, fees: [fee('USDT', 100_000_000n)] });
    const [total] = totals([{ instrument: SOL, result: positionResult(paid, SOL, QUOTE) }]);
    // 5.00 + 0.04 - 1.00 = 4.04, at scale 12.
    expect(total?.net).toBe(4_040_000_000_000n);
  });
});
