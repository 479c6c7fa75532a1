import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import { price, signedQuantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import type { QuoteMessage } from '../client/feed-client.ts';
import { positionResult } from './results.ts';
import { position, SOL } from './testdata.ts';
import { movedPrice, supposedQuote } from './what-if.ts';

const at = (bid: number, ask: number): QuoteMessage => ({
  instrument: SOL.id,
  bid: price(bid),
  ask: price(ask),
  state: 'Live',
  at: unixMicros(1),
});

/** The nearest tick by trying the two around it in plain fractions; of two as near the even one. */
function nearestTick(from: number, move: number, tick: number): bigint {
  const parts = 1_000_000n;
  const exact = BigInt(from) * (parts + BigInt(move));
  const unit = parts * BigInt(tick);
  let below = 0n;
  // Long division, a digit of base two at a time.
  for (let bit = 1n << 80n; bit > 0n; bit >>= 1n) if ((below + bit) * unit <= exact) below += bit;
  const [down, up] = [exact - below * unit, (below + 1n) * unit - exact];
  const even = below % 2n === 0n ? below : below + 1n;
  if (down === up) return even * BigInt(tick);
  return (down < up ? below : below + 1n) * BigInt(tick);
}

describe('a move that is only supposed', () => {
  test('moves a price to the nearest tick', () => {
    const anyMove = fc.integer({ min: -999_999, max: 10_000_000 });
    const anyPrice = fc.integer({ min: 1, max: 1_000_000_000_000 });
    fc.assert(
      fc.property(anyPrice, anyMove, fc.constantFrom(1, 5, 25, 1000), (from, move, tick) => {
        const instrument = { ...SOL, tickSize: price(tick) };
        expect(movedPrice(price(from), move, instrument)).toBe(
          Number(nearestTick(from, move, tick)),
        );
      }),
    );
  });

  test('values a position as the same real price would', () => {
    const anyMove = fc.integer({ min: -990_000, max: 1_000_000 });
    const anyQuantity = fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((one) => one !== 0);
    const anyPrice = fc.integer({ min: 100, max: 1_000_000 });
    fc.assert(
      fc.property(anyQuantity, anyPrice, anyPrice, anyMove, (quantity, paid, bid, move) => {
        const held = position({
          quantity: signedQuantity(quantity),
          openCost: BigInt(paid) * BigInt(quantity),
          realized: 77n,
        });
        const quote = at(bid, bid + 3);
        const supposed = positionResult(
          held,
          SOL,
          supposedQuote(quote, SOL, { move, instrument: undefined }),
        );
        const exit = Number(nearestTick(quantity > 0 ? bid : bid + 3, move, 1));
        // By hand: what each unit gains, times the units.
        const gain = (BigInt(exit) - BigInt(paid)) * BigInt(quantity);
        expect(supposed).toMatchObject({ exit, open: gain, net: gain + 77n });
      }),
    );
  });

  test('of one instrument leaves the others; of none per cent leaves all', () => {
    const quote = at(18_742, 18_743);
    const other = 'BTCUSDT.BINANCE@sandbox' as InstrumentId;
    expect(supposedQuote(quote, SOL, { move: 50_000, instrument: other })).toEqual(quote);
    expect(supposedQuote(quote, SOL, { move: 50_000, instrument: SOL.id })?.bid).toBe(19_679);
    expect(supposedQuote(quote, SOL, { move: 0, instrument: undefined })).toEqual(quote);
    expect(supposedQuote(undefined, SOL, { move: 1, instrument: undefined })).toBeUndefined();
  });

  test('gives no price where none is, and none that is too large', () => {
    const { bid: _bid, ...noBid } = at(18_742, 18_743);
    const supposed = supposedQuote(noBid, SOL, { move: 10_000, instrument: undefined });
    expect(positionResult(position(), SOL, supposed).open).toBeUndefined();
    expect(movedPrice(price(Number.MAX_SAFE_INTEGER), 1, SOL)).toBeUndefined();
  });

  test('stays stale where the price is', () => {
    const quote: QuoteMessage = { ...at(18_742, 18_743), state: 'Stale' };
    const supposed = supposedQuote(quote, SOL, { move: 10_000, instrument: undefined });
    expect(positionResult(position(), SOL, supposed).stale).toBe(true);
  });
});
