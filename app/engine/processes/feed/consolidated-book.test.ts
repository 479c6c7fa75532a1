import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEPTH_BANDS_BPS } from '../../domain/book-measures.ts';
import type { AssetCode, InstrumentId, VenueId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { price } from '../../domain/price.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_LAST,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { ConsolidatedBook, type ConsolidatedParts } from './consolidated-book.ts';
import { InstrumentFeed } from './instrument-feed.ts';

const SECOND = 1_000_000;
const START = 1_700_000_000 * SECOND;

/** A venue's listing of BTC with two decimals of prices and three of quantities, fed by hand. */
class Listing {
  readonly feed: InstrumentFeed;

  constructor(venue: string, quote: string, more: Partial<Instrument> = {}) {
    this.feed = new InstrumentFeed(
      {
        ...INSTRUMENT,
        id: `BTC${quote}.${venue}` as InstrumentId,
        venue: venue as VenueId,
        base: 'BTC' as AssetCode,
        quote: quote as AssetCode,
        priceScale: 2,
        quantityScale: 3,
        tickSize: price(1),
        ...more,
      },
      true,
    );
    this.state(BOOK_LIVE);
  }

  state(code: number): void {
    this.#record((records) => {
      records.set(0, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, 0n, code, 0, 0, 0, 0);
    });
  }

  quote(bid: number, ask: number): void {
    this.#record((records) => {
      records.set(0, KIND_BBO, FLAG_LAST, 0, 0n, 0n, bid, 1, ask, 1, 0);
    });
  }

  level(side: 'Bid' | 'Ask', at: number, quantity: number, micros = START): void {
    const records = new MarketRecords(1);
    const kind = side === 'Bid' ? KIND_BID_LEVEL : KIND_ASK_LEVEL;
    records.set(0, kind, FLAG_LAST, 0, 0n, BigInt(micros) * 1000n, at, quantity, 0, 0, 0);
    this.feed.onBook(records, 0, 1);
  }

  #record(set: (records: MarketRecords) => void): void {
    const records = new MarketRecords(1);
    set(records);
    this.feed.onRecord(records, 0);
  }
}

function bookOf(
  listings: readonly Listing[],
  more: Partial<ConsolidatedParts> = {},
): ConsolidatedBook {
  const all = listings.map(({ feed }) => feed);
  const [feed] = all;
  if (feed === undefined) throw new Error('a listing is needed');
  return new ConsolidatedBook({ feed, all, levels: 10, ...more });
}

function reasons(book: ConsolidatedBook, at = START): unknown {
  return book.take(at)?.venues.map(({ instrument, leftOut }) => [instrument, leftOut]);
}

describe('a consolidated book', () => {
  it('joins levels by price at the finest scales, each venue with its part', () => {
    const ours = new Listing('BINANCE', 'USDT');
    const theirs = new Listing('OKX', 'USDT', { priceScale: 1, quantityScale: 5 });
    ours.level('Bid', 10_010, 7);
    ours.level('Bid', 10_003, 4);
    ours.level('Ask', 10_020, 1);
    theirs.level('Bid', 1001, 250);
    theirs.level('Ask', 1003, 100);
    const told = bookOf([ours, theirs]).take(START);
    expect(told).toMatchObject({
      priceScale: 2,
      quantityScale: 5,
      bids: [
        [10_010, 950, [700, 250]],
        [10_003, 400, [400, 0]],
      ],
      asks: [
        [10_020, 100, [100, 0]],
        [10_030, 100, [0, 100]],
      ],
      measures: { midFine: 1_001_500, spreadBps: expect.closeTo(9.985, 3) as unknown },
    });
    expect(told?.crossing).toBeUndefined();
  });

  it('names who is left out and why, and takes it back', () => {
    const ours = new Listing('BINANCE', 'USDT');
    ours.level('Bid', 10_000, 1);
    ours.level('Ask', 10_010, 1);
    const empty = new Listing('BYBIT', 'USDT');
    const stale = new Listing('OKX', 'USDT');
    stale.level('Bid', 10_000, 1);
    stale.state(BOOK_STALE);
    const crossed = new Listing('KRAKEN', 'USDT');
    crossed.level('Bid', 10_020, 1);
    crossed.level('Ask', 10_010, 1);
    const dollars = new Listing('COINBASE', 'USD');
    dollars.level('Bid', 10_000, 1);
    const perpetual = new Listing('DERIBIT', 'USDT', { derivative: 'Perpetual' });
    const book = bookOf([ours, empty, stale, crossed, dollars, perpetual]);
    expect(reasons(book)).toEqual([
      ['BTCUSDT.BINANCE', undefined],
      ['BTCUSDT.BYBIT', 'Empty'],
      ['BTCUSDT.OKX', 'Stale'],
      ['BTCUSDT.KRAKEN', 'Crossed'],
      ['BTCUSD.COINBASE', 'NoConversion'],
    ]);
    stale.state(BOOK_LIVE);
    ours.state(BOOK_STALE);
    expect(book.take(START + SECOND)).toMatchObject({
      bids: [[10_000, 1, [1]]],
      venues: [{ leftOut: 'Stale' }, { leftOut: 'Empty' }, { measures: {} }, {}, {}],
    });
  });

  it('does not add up contracts', () => {
    const perpetual = { derivative: 'Perpetual', quantityUnit: 'contracts' } as const;
    const ours = new Listing('BINANCE-USDM', 'USDT', { derivative: 'Perpetual' });
    ours.level('Bid', 10_000, 1);
    const contracts = new Listing('OKX', 'USDT', perpetual);
    contracts.level('Bid', 10_000, 1);
    expect(reasons(bookOf([ours, contracts]))).toEqual([
      ['BTCUSDT.BINANCE-USDM', undefined],
      ['BTCUSDT.OKX', 'OtherUnit'],
    ]);
  });

  it('converts at the middle of a watched price only while that can be trusted, never to a better price', () => {
    const ours = new Listing('BINANCE', 'USDT');
    ours.level('Bid', 10_000, 1);
    const dollars = new Listing('KRAKEN', 'USD');
    dollars.level('Bid', 10_001, 2);
    dollars.level('Ask', 10_003, 2);
    const tether = new Listing('KRAKEN', 'USD', {
      id: 'USDTUSD.KRAKEN' as InstrumentId,
      base: 'USDT' as AssetCode,
      priceScale: 4,
    });
    const book = bookOf([ours, dollars, tether]);
    expect(reasons(book)).toEqual([
      ['BTCUSDT.BINANCE', undefined],
      ['BTCUSD.KRAKEN', 'ConversionDoubted'],
    ]);
    tether.quote(9_997, 10_000);
    // 100.01 / 0.99985 = 100.0250… and 100.03 / 0.99985 = 100.0450….
    expect(book.take(START + SECOND)).toMatchObject({
      bids: [
        [10_002, 2, [0, 2]],
        [10_000, 1, [1, 0]],
      ],
      asks: [[10_005, 2, [0, 2]]],
      venues: [{}, { rate: 'USDTUSD.KRAKEN', measures: {} }],
    });
    tether.state(BOOK_STALE);
    expect(reasons(book, START + 2 * SECOND)).toContainEqual([
      'BTCUSD.KRAKEN',
      'ConversionDoubted',
    ]);
  });

  it('shows a crossing as it is, and what fees leave of it', () => {
    const ours = new Listing('BINANCE', 'USDT');
    ours.level('Bid', 10_020, 5);
    ours.level('Ask', 10_030, 5);
    const theirs = new Listing('OKX', 'USDT');
    theirs.level('Bid', 10_000, 5);
    theirs.level('Ask', 10_010, 3);
    expect(bookOf([ours, theirs]).take(START)).toMatchObject({
      crossing: 3,
      bids: [
        [10_020, 5, [5, 0]],
        [10_000, 5, [0, 5]],
      ],
      measures: { spreadBps: expect.closeTo(-9.985, 3) as unknown },
    });
    // 10 bp: a bid of 100.20 leaves 100.0998; 5 bp: an ask of 100.10 costs 100.15005.
    const fees = new Map([
      ['BINANCE' as VenueId, 1000],
      ['OKX' as VenueId, 500],
    ]);
    const charged = bookOf([ours, theirs], { fees }).take(START);
    expect(charged).toMatchObject({
      bids: [
        [10_009, 5, [5, 0]],
        [9_995, 5, [0, 5]],
      ],
      asks: [
        [10_016, 3, [0, 3]],
        [10_041, 5, [5, 0]],
      ],
      venues: [{ feeMillionths: 1000 }, { feeMillionths: 500 }],
    });
    expect(charged?.crossing).toBeUndefined();
  });

  it('tells how much lies near its middle as the sum over all its levels, however deep, with fees and conversion', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 150, maxLength: 150 });
    const property = fc.property(sizes, sizes, fc.boolean(), (ofOurs, ofTheirs, charged) => {
      const ours = new Listing('BINANCE', 'USDT');
      const theirs = new Listing('KRAKEN', 'USD', { priceScale: 3, quantityScale: 4 });
      const tether = new Listing('KRAKEN', 'USD', {
        id: 'USDTUSD.KRAKEN' as InstrumentId,
        base: 'USDT' as AssetCode,
        priceScale: 4,
      });
      tether.quote(9_997, 10_000);
      ofOurs.forEach((size, at) => {
        if (size > 0)
          ours.level(at % 2 === 0 ? 'Bid' : 'Ask', 10_000 + (at % 2 === 0 ? -at : at), size);
      });
      ofTheirs.forEach((size, at) => {
        if (size > 0)
          theirs.level(at % 2 === 0 ? 'Bid' : 'Ask', 99_990 + (at % 2 === 0 ? -at : at), size);
      });
      const fees = new Map([
        ['BINANCE' as VenueId, 75],
        ['KRAKEN' as VenueId, 130],
      ]);
      const more = { levels: 1000, ...(charged && { fees }) };
      const told = bookOf([ours, theirs, tether], more).take(START);
      const [bid, ask] = [told?.bids[0]?.[0], told?.asks[0]?.[0]];
      if (told === undefined || bid === undefined || ask === undefined) return;
      const sum = (levels: typeof told.bids, near: (at: number) => boolean) =>
        levels.reduce((total, [at, size]) => total + (near(at) ? size : 0), 0);
      for (const [at, bps] of DEPTH_BANDS_BPS.entries()) {
        const twice = bid + ask;
        expect([told.measures.bid.within[at], told.measures.ask.within[at]]).toEqual([
          sum(told.bids, (price) => price * 20_000 >= twice * (10_000 - bps)),
          sum(told.asks, (price) => price * 20_000 <= twice * (10_000 + bps)),
        ]);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('adds up the flows of the venues, for spans that were watched whole, until nobody looks', () => {
    const ours = new Listing('BINANCE', 'USDT');
    const theirs = new Listing('OKX', 'USDT', { quantityScale: 4 });
    for (const one of [ours, theirs]) {
      one.level('Bid', 10_000, 10);
      one.level('Ask', 10_010, 10);
    }
    const book = bookOf([ours, theirs]);
    for (const one of [ours, theirs]) one.level('Ask', 10_010, 11);
    expect(book.take(START)?.measures.flows).toEqual([null, null]);
    for (const one of [ours, theirs]) one.level('Bid', 10_000, 15, START + SECOND / 2);
    expect(book.take(START + SECOND)?.measures.flows).toEqual([55, null]);
    expect(book.take(START + 10 * SECOND)).toMatchObject({
      measures: { flows: [0, 55] },
      venues: [{ measures: { flows: [0, 5] } }, { measures: { flows: [0, 5] } }],
    });
    expect(ours.feed.book.flow(START + SECOND, 10)).toBe(5);
    book[Symbol.dispose]();
    expect(ours.feed.book.flow(START + SECOND, 10)).toBe(0);
  });

  it('is told ten times a second at most, and once a second when nothing changes', () => {
    const ours = new Listing('BINANCE', 'USDT');
    const book = bookOf([ours]);
    const told = (millis: number): boolean => book.take(START + millis * 1000) !== undefined;
    expect(told(0)).toBe(true);
    ours.level('Bid', 10_000, 1);
    expect([told(50), told(99), told(100), told(300), told(1099), told(1100)]).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });
});
