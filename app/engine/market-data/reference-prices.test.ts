import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { AssetCode, InstrumentId, VenueId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import { ReferencePrices } from './reference-prices.ts';

const LASTS = 1_000_000;

function listed(venue: string, base: string, quote: string, more: Partial<Instrument> = {}) {
  const id = `${base}${quote}.${venue}` as InstrumentId;
  const assets = { base: base as AssetCode, quote: quote as AssetCode };
  return {
    id,
    venue: venue as VenueId,
    symbol: `${base}${quote}`,
    ...assets,
    ...more,
  } as Instrument;
}

const OURS = listed('BINANCE', 'BTC', 'USDT');
const OKX = listed('OKX', 'BTC', 'USDT');
const BYBIT = listed('BYBIT', 'BTC', 'USDT');
const KRAKEN = listed('KRAKEN', 'BTC', 'USD');
const TETHER = listed('KRAKEN', 'USDT', 'USD');

/** What changes when the prices are looked at now, and again when they have stood long enough. */
function stand(
  prices: ReferencePrices,
  now: Readonly<Record<string, number>>,
  at: number,
): Record<string, number | undefined> {
  const priceOf = ({ id }: Instrument) => now[id];
  const first = prices.look(priceOf, at).divergences;
  expect(first).toEqual([]);
  const changed = prices.look(priceOf, at + LASTS).divergences;
  return Object.fromEntries(
    changed.map(({ instrument, divergence }) => [instrument.id, divergence?.bps]),
  );
}

describe('the same at other venues', () => {
  it('is told when it lies beyond the limit for a second, and when it is back', () => {
    const prices = new ReferencePrices([OURS, OKX], 100);
    expect(stand(prices, { [OURS.id]: 101.5, [OKX.id]: 100 }, 0)).toEqual({
      [OURS.id]: 150,
      [OKX.id]: -148,
    });
    expect(stand(prices, { [OURS.id]: 100.5, [OKX.id]: 100 }, 5 * LASTS)).toEqual({
      [OURS.id]: undefined,
      [OKX.id]: undefined,
    });
  });

  it('is not told of a moment: venues lead and lag', () => {
    const prices = new ReferencePrices([OURS, OKX], 100);
    const far = { [OURS.id]: 102, [OKX.id]: 100 };
    const near = { [OURS.id]: 100, [OKX.id]: 100 };
    for (let at = 0; at < 20 * LASTS; at += LASTS / 2) {
      const now = (at / (LASTS / 2)) % 2 === 0 ? far : near;
      expect(prices.look(({ id }) => now[id], at).divergences).toEqual([]);
    }
  });

  it('is outvoted: of three the one that is apart is told', () => {
    const prices = new ReferencePrices([OURS, OKX, BYBIT], 100);
    const now = { [OURS.id]: 104, [OKX.id]: 100, [BYBIT.id]: 100.1 };
    expect(Object.keys(stand(prices, now, 0))).toEqual([OURS.id]);
  });

  it('is converted at a watched rate, either way round', () => {
    const prices = new ReferencePrices([OURS, KRAKEN, TETHER], 100);
    const now = { [OURS.id]: 100, [KRAKEN.id]: 95, [TETHER.id]: 0.95 };
    expect(stand(prices, now, 0)).toEqual({});
    const torn = { ...now, [TETHER.id]: 1 };
    expect(stand(prices, torn, 9 * LASTS)).toEqual({ [OURS.id]: 526, [KRAKEN.id]: -500 });
  });

  it('is not told of what cannot be trusted, or is another thing', () => {
    const perpetual = listed('OKX', 'BTC', 'USDT', { derivative: 'Perpetual' });
    const future = listed('BYBIT', 'BTC', 'USDT', { derivative: 'Future' });
    const prices = new ReferencePrices([OURS, perpetual, future, KRAKEN], 100);
    expect(stand(prices, { [OURS.id]: 1, [perpetual.id]: 2, [future.id]: 3 }, 0)).toEqual({});
    const two = new ReferencePrices([OURS, OKX], 100);
    expect(stand(two, { [OURS.id]: 1 }, 0)).toEqual({});
  });
});

test('an order of prices says who is told: nobody near the middle one, who is far from it with its sign', () => {
  const positive = fc.integer({ min: 1_000, max: 2_000 });
  fc.assert(
    fc.property(fc.array(positive, { minLength: 3, maxLength: 7 }), (values) => {
      fc.pre(values.length % 2 === 1);
      const listings = values.map((_, at) => listed(`V${at}`, 'BTC', 'USDT'));
      const prices = new ReferencePrices(listings, 100);
      const now = Object.fromEntries(listings.map(({ id }, at) => [id, values[at] ?? 0]));
      const told = stand(prices, now, 0);
      const middle = [...values].sort((left, right) => left - right)[(values.length - 1) / 2] ?? 0;
      for (const [at, { id }] of listings.entries()) {
        // Whole numbers: value / middle - 1 > 0.01005, so that rounding to whole points plays no part.
        const apart = 100_000 * ((values[at] ?? 0) - middle);
        if (apart > 1_006 * middle) expect(told[id]).toBeGreaterThan(100);
        else if (apart < -1_006 * middle) expect(told[id]).toBeLessThan(-100);
        else if (Math.abs(apart) <= 1_004 * middle) expect(told).not.toHaveProperty([id]);
      }
    }),
  );
});

describe('a reference price', () => {
  it('comes from the first source that can be trusted, and a switch is told', () => {
    const prices = new ReferencePrices([OURS, OKX, BYBIT], 100);
    const all: Record<string, number> = { [OURS.id]: 1, [OKX.id]: 1, [BYBIT.id]: 1 };
    const switches = (now: Record<string, number>, at: number) =>
      prices.look(({ id }) => now[id], at).switches.map(({ from, to }) => [from, to]);
    expect(switches(all, 1)).toEqual([]);
    expect(prices.references).toMatchObject([{ pair: 'BTC/USDT', source: OURS.id, switches: 0 }]);
    expect(switches({ [OKX.id]: 1, [BYBIT.id]: 1 }, 2)).toEqual([[OURS.id, OKX.id]]);
    expect(switches({}, 3)).toEqual([[OKX.id, undefined]]);
    expect(switches(all, 4)).toEqual([[undefined, OURS.id]]);
    expect(prices.references).toMatchObject([{ source: OURS.id, switches: 3, switchedAt: 4 }]);
  });
});
