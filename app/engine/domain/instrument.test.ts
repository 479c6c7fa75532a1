import { expect, test } from 'vitest';
import type { AssetCode } from './identifiers.ts';
import { instrumentId, venueId } from './identifiers.ts';
import { atScales, type Instrument } from './instrument.ts';
import { price, quantity } from './price.ts';

const VENUE = venueId('BINANCE', 'sandbox');
const COARSE: Instrument = {
  id: instrumentId('SOLUSDT', VENUE),
  venue: VENUE,
  symbol: 'SOLUSDT',
  base: 'SOL' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 1,
  quantityScale: 2,
  tickSize: price(1),
  minPrice: price(1),
  maxPrice: price(10_000),
  stepSize: quantity(5),
  minQuantity: quantity(5),
  maxQuantity: quantity(900_000),
  minNotional: 5000n,
  status: 'Trading',
};

test('a coarser listing at the scales of before: the same decimals', () => {
  expect(atScales(COARSE, 2, 3)).toEqual({
    ...COARSE,
    priceScale: 2,
    quantityScale: 3,
    tickSize: 10,
    minPrice: 10,
    maxPrice: 100_000,
    stepSize: 50,
    minQuantity: 50,
    maxQuantity: 9_000_000,
    minNotional: 500_000n,
  });
  expect(atScales(COARSE, 1, 2)).toEqual(COARSE);
});

test('one that is finer than the scales has no place there', () => {
  expect(atScales(COARSE, 0, 2)).toBeUndefined();
  expect(atScales(COARSE, 1, 1)).toBeUndefined();
  expect(atScales({ ...COARSE, tickSize: price(10) }, 0, 2)).toMatchObject({ tickSize: 1 });
});
