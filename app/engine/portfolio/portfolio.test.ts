import { describe, expect, it } from 'vitest';
import type { AccountId, AssetCode, InstrumentId, VenueId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { Ledger } from './ledger.ts';
import { Portfolio } from './portfolio.ts';
import { applyFill, closeable, emptyPosition, markPosition } from './position.ts';
import { fillOf, type FillWords } from './testing/fill-of.ts';

const ACCOUNT = 'BINANCE@sandbox/main' as AccountId;
const BTC = 'BTCUSDT.BINANCE@sandbox' as InstrumentId;
const INSTRUMENT: Instrument = {
  id: BTC,
  venue: 'BINANCE@sandbox' as VenueId,
  symbol: 'BTCUSDT',
  base: 'BTC' as AssetCode,
  quote: 'USDT' as AssetCode,
  baseScale: 8,
  quoteScale: 8,
  priceScale: 2,
  quantityScale: 5,
  tickSize: price(1),
  minPrice: price(1),
  maxPrice: price(100_000_000),
  stepSize: quantity(10),
  minQuantity: quantity(10),
  maxQuantity: quantity(20_000),
  minNotional: 50_000_000n,
  status: 'Trading',
};

function positionAfter(fills: readonly Omit<FillWords, 'tradeId'>[]) {
  return fills.reduce(
    (position, words, index) => applyFill(position, fillOf({ ...words, tradeId: `${index}` })),
    emptyPosition(ACCOUNT, BTC),
  );
}

describe('position', () => {
  it('splits a fill that goes through zero (the flip of nautilus 963)', () => {
    const flipped = positionAfter([
      { side: 'Buy', px: 10_000, size: 100 },
      { side: 'Sell', px: 11_000, size: 150 },
    ]);
    expect(flipped).toMatchObject({ quantity: -50, openCost: -550_000n, realized: 100_000n });
  });

  it('keeps what was realized when the rest is still open', () => {
    const part = positionAfter([
      { side: 'Buy', px: 300, size: 3 },
      { side: 'Buy', px: 100, size: 1 },
      { side: 'Sell', px: 200, size: 2 },
    ]);
    // Average 250: two of four cost 500, brought 400.
    expect(part).toMatchObject({ quantity: 2, openCost: 500n, realized: -100n });
  });

  it('marks a long at the bid, a short at the ask, and not at all without a price', () => {
    const long = positionAfter([{ side: 'Buy', px: 10_000, size: 100 }]);
    const short = positionAfter([{ side: 'Sell', px: 10_000, size: 100 }]);
    const quote = {
      instrument: BTC,
      bid: price(10_100),
      ask: price(10_200),
      tsEvent: unixMicros(1),
    };
    expect(markPosition(long, quote)).toMatchObject({ mark: 10_100, unrealized: 10_000n });
    expect(markPosition(short, quote)).toMatchObject({ mark: 10_200, unrealized: -20_000n });
    expect(markPosition(long, undefined)).not.toHaveProperty('unrealized');
  });
});

describe('what can be closed', () => {
  const buy = (size: number, fee = 0n) =>
    positionAfter([
      { side: 'Buy', px: 10_000, size, fee: { asset: 'BTC', amount: fee, scale: 8 } },
    ]);

  it.each([
    { name: 'all without a fee', position: buy(10_000), amount: 10_000, net: 10_000, dust: false },
    {
      name: 'what a base fee left, down to the step',
      position: buy(10_000, 10_000n),
      amount: 9_990,
      net: 9_990,
      dust: false,
    },
    {
      name: 'less a fee finer than the quantity scale',
      position: buy(10_000, 12_345n),
      amount: 9_980,
      net: 9_987,
      dust: false,
    },
    {
      name: 'nothing below the smallest notional',
      position: buy(4_000),
      amount: 0,
      net: 4_000,
      dust: true,
    },
    {
      name: 'at most the largest order',
      position: buy(50_000),
      amount: 20_000,
      net: 50_000,
      dust: false,
    },
    {
      name: 'nothing of nothing',
      position: emptyPosition(ACCOUNT, BTC),
      amount: 0,
      net: 0,
      dust: false,
    },
  ])('$name', ({ position, amount, net, dust }) => {
    const found = closeable(position, INSTRUMENT, price(10_000));
    expect(found).toMatchObject({ quantity: amount, net, dust });
  });

  it('buys back a part of the baseline that was sold', () => {
    const sold = positionAfter([{ side: 'Sell', px: 10_000, size: 10_000 }]);
    expect(closeable(sold, INSTRUMENT, undefined)).toMatchObject({ side: 'Buy', quantity: 10_000 });
  });
});

describe('ledger', () => {
  const fee = { asset: 'BTC', amount: 10_000n, scale: 8 };
  const balances = (btc: bigint, usdt: bigint) => [
    { asset: 'BTC' as AssetCode, scale: 8, free: btc, locked: 0n },
    { asset: 'USDT' as AssetCode, scale: 8, free: usdt, locked: 0n },
  ];

  it('expects baseline plus fills to the last unit', () => {
    const ledger = new Ledger();
    expect(ledger.compare(balances(500_000_000n, 10_000_000_000n))).toEqual([]);
    ledger.applyFill(
      fillOf({ tradeId: '1', side: 'Buy', px: 10_000, size: 10_000, fee }),
      INSTRUMENT,
    );
    const after = balances(500_000_000n + 10_000_000n - 10_000n, 9_000_000_000n);
    expect(ledger.compare(after)).toEqual([]);
    const off = balances(500_000_000n + 10_000_000n, 9_000_000_000n);
    const difference = { asset: 'BTC', scale: 8, expected: 509_990_000n, seen: 510_000_000n };
    expect(ledger.compare(off)).toEqual([difference]);
  });

  it('takes an asset that the venue no longer names as 0', () => {
    const ledger = new Ledger();
    ledger.compare(balances(5n, 7n));
    expect(ledger.compare(balances(5n, 7n).slice(0, 1))).toMatchObject([
      { asset: 'USDT', seen: 0n },
    ]);
  });
});

describe('portfolio', () => {
  it('goes on from its record', () => {
    const portfolio = new Portfolio();
    portfolio.setBalances(ACCOUNT, [{ asset: 'BTC' as AssetCode, scale: 8, free: 1n, locked: 2n }]);
    portfolio.applyFill(
      fillOf({ tradeId: '1', side: 'Buy', px: 10_000, size: 100 }),
      INSTRUMENT,
      true,
    );
    const again = new Portfolio(portfolio.record());
    expect(again.record()).toEqual(portfolio.record());
  });

  it('names only balances that changed', () => {
    const portfolio = new Portfolio();
    const one = { asset: 'BTC' as AssetCode, scale: 8, free: 1n, locked: 0n };
    expect(portfolio.setBalances(ACCOUNT, [one])).toHaveLength(1);
    expect(portfolio.setBalances(ACCOUNT, [one])).toHaveLength(0);
  });
});
