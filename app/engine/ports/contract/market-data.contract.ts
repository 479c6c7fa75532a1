import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { Instrument } from '../../domain/instrument.ts';
import {
  KIND_BBO,
  KIND_DIFF_HEADER,
  KIND_KLINE_PRICES,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
} from '../../native/compute/market-record.ts';
import type { MarketDataClient, MarketDataSink } from '../market-data-client.ts';
import { MarketRecorder, type WholeBook } from './market-recorder.contract.ts';
import { until } from './until.ts';

/** A market that trades by itself, and a client of it. */
export interface MarketDataSetup extends AsyncDisposable {
  /** Symbol of an instrument that trades every few seconds at least. */
  readonly symbol: string;
  /** A client; it is disposed by the suite. */
  client(sink: MarketDataSink): MarketDataClient;
  /** Kinds of records its streams bring, beside the book. */
  readonly kinds?: readonly number[];
  /** False where quotes and books share no ids by which they could be compared. */
  readonly quotesNameUpdates?: boolean;
  /** Levels a side where the venue tells no more than these: each message is then a book of its own. */
  readonly quotedLevels?: number;
  /** Levels a side over which the venue lets a book be proved; absent where no change can be lost unnoticed. */
  readonly provedLevels?: number;
  /** Stops the market and tells what its book then is, level by level, best first; absent where it cannot be stopped. */
  stopMarket?(instrument: Instrument): Promise<WholeBook>;
  startMarket?(): void;
  /** Ends every connection of the venue's streams from the venue's side; absent when that cannot be done. */
  dropConnections?(): void;
}

const ALL_KINDS = [KIND_TRADE, KIND_BBO, KIND_KLINE_PRICES];

/** What every venue's market data client must do. */
export function describeMarketData(name: string, open: () => Promise<MarketDataSetup>): void {
  describe(`market data of ${name}`, () => {
    let setup: MarketDataSetup;
    let client: MarketDataClient;
    let instrument: Instrument;
    const recorder = new MarketRecorder();

    beforeAll(async () => {
      setup = await open();
      client = setup.client(recorder);
      const loaded = await client.loadInstruments();
      if (!loaded.ok) throw new Error(loaded.error.message);
      instrument = present(
        loaded.value.find((one) => one.symbol === setup.symbol),
        setup.symbol,
      );
    }, 30_000);

    afterAll(async () => {
      await client[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    });

    test('an instrument has positive steps and bounds in order', () => {
      expect(instrument.tickSize).toBeGreaterThan(0);
      expect(instrument.stepSize).toBeGreaterThan(0);
      expect(instrument.minPrice).toBeLessThan(instrument.maxPrice);
      expect(instrument.minQuantity).toBeLessThan(instrument.maxQuantity);
    });

    test('bars come oldest first, as many as asked for, and end before the time given', async () => {
      const latest = await client.loadBars(instrument, '1m', { limit: 50 });
      if (!latest.ok) throw new Error(latest.error.message);
      expect(latest.value).toHaveLength(50);
      const times = latest.value.map((bar) => bar.openTime);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
      for (const { open, high, low, close } of latest.value) {
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
      }
      const endTime = present(latest.value[10], 'bar 10').openTime;
      const earlier = await client.loadBars(instrument, '1m', { limit: 5, endTime });
      expect(earlier.ok && earlier.value.map((bar) => bar.openTime)).toEqual(times.slice(5, 10));
    });

    test('a subscription brings a snapshot, then a live book, trades, quotes and bars', async () => {
      client.subscribe([{ instrument, index: 3 }]);
      await until('the book is live', () => recorder.live);
      const isQuoted = setup.quotedLevels !== undefined;
      if (!isQuoted) expect(recorder.kinds.get(KIND_SNAPSHOT_HEADER)).toBe(1);
      const change = isQuoted ? KIND_SNAPSHOT_HEADER : KIND_DIFF_HEADER;
      for (const kind of [change, ...(setup.kinds ?? ALL_KINDS)]) {
        await until(`kind ${kind}`, () => (recorder.kinds.get(kind) ?? 0) > 0, 25_000);
      }
      expect(recorder.health?.state).toBe('Connected');
      expect(recorder.health).toMatchObject({ unknownMessages: 0, parseErrors: 0 });
      expect(recorder.unknown).toEqual([]);
    }, 60_000);

    test('the book is the venue’s, level by level', async ({ skip }) => {
      if (setup.stopMarket === undefined) return skip('the market cannot be stopped');
      const whole = await setup.stopMarket(instrument);
      expect(whole.bids.length).toBeGreaterThanOrEqual(setup.quotedLevels ?? 11);
      await until('the book is the venue’s', () => recorder.is(whole));
      expect(recorder.live).toBe(true);
      setup.startMarket?.();
    }, 60_000);

    test('the book’s top is the quoted one wherever both name the same update', async ({
      skip,
    }) => {
      if (setup.quotesNameUpdates === false) return skip('quotes and books share no ids');
      await until('ten common updates', () => recorder.compared >= 10, 30_000);
      expect(recorder.differing).toBe(0);
      expect(recorder.book.crossed).toBe(false);
    }, 60_000);

    test('a lost connection makes the book stale, and it comes back', async ({ skip }) => {
      if (setup.dropConnections === undefined) return skip('the venue cannot drop connections');
      const before = recorder.states.length;
      setup.dropConnections();
      await until('the book is stale', () => recorder.states.length > before);
      await until('the book is live again', () => recorder.live, 30_000);
      expect(recorder.health?.reconnects).toBe(1);
      if (setup.stopMarket !== undefined) {
        const whole = await setup.stopMarket(instrument);
        await until('the book is the venue’s', () => recorder.is(whole));
        setup.startMarket?.();
      }
      if (setup.quotesNameUpdates === false) return;
      const compared = recorder.compared;
      await until('common updates', () => recorder.compared > compared + 3, 30_000);
      expect(recorder.differing).toBe(0);
    }, 60_000);

    test('after unsubscribing nothing comes', async () => {
      client.unsubscribe([instrument.id]);
      const counts = () => [...recorder.kinds.values()].reduce((sum, count) => sum + count, 0);
      const then = counts();
      await client.loadBars(instrument, '1m', { limit: 1 });
      expect(counts()).toBe(then);
    });
  });
}
