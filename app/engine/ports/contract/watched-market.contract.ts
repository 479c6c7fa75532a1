import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { Instrument } from '../../domain/instrument.ts';
import {
  BOOK_LIVE,
  BOOK_RESYNCING,
  BOOK_STALE,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { MarketDataClient, MarketDataSink } from '../market-data-client.ts';
import { MarketRecorder, type WholeBook } from './market-recorder.contract.ts';

/** A venue and a client of it on a clock that moves when told; times in ms. */
export interface WatchedSetup {
  readonly symbol: string;
  /** So long after the last market event a book is stale. */
  readonly staleAfterMs: number;
  /** Each change of a book has the venue's checksum. */
  readonly checksummed?: true;
  /** A client; it is disposed by the suite. */
  client(sink: MarketDataSink): MarketDataClient;
  pass(ms: number): Promise<void>;
  /** A long time, of which the market sees little. */
  leap(ms: number): Promise<void>;
  /** Nothing happens on the market any more; connections and their heartbeats stay. */
  silence(silent: boolean): void;
  /** Ends all connections. */
  cut(): void;
  /** Ends them when the next snapshot of a book is on its way. */
  cutAtSnapshot(): void;
  /** Says something on every connection. */
  say(text: string): void;
  /** Changes what the venue says from now on. */
  rewrite(change: ((text: string) => string) | undefined): void;
  /** Answers questions with "too many" for so long. */
  limitFor(ms: number): void;
  /** The venue lists the instrument no more, or under another name, and nothing comes of it. */
  delist(): void;
  /** It is as it was. */
  relist(): void;
  /** What rests at the venue. */
  whole(instrument: Instrument): WholeBook;
}

const LIST_MS = 601_000;
const INDEX = 3;

/** What every venue's client must make of a market that it watches for long: silence, losses at the wrong moment, refusals, an instrument that goes. */
export function describeWatchedMarket(name: string, open: () => WatchedSetup): void {
  describe(`watching ${name}`, () => {
    const recorder = new MarketRecorder();
    /** Passes on what is told of the instrument. */
    const sink: MarketDataSink = {
      onHealth: (health) => recorder.onHealth(health),
      onUnknownMessage: (raw) => recorder.onUnknownMessage(raw),
      onRecords: (bytes, count) => {
        const records = MarketRecords.over(bytes.slice(0, count * MARKET_RECORD_BYTES), count);
        for (let from = 0; from < count;) {
          const index = records.instrument(from);
          let to = from + 1;
          while (to < count && records.instrument(to) === index) to += 1;
          const run = records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
          if (index === INDEX) recorder.onRecords(run, to - from);
          from = to;
        }
      },
    };
    let setup: WatchedSetup;
    let client: MarketDataClient;
    let instrument: Instrument;
    let other: Instrument;

    /** Lets time pass until something is so. */
    const until = async (what: string, holds: () => boolean, mostMs = 60_000): Promise<void> => {
      for (let passed = 0; !holds(); passed += 100) {
        if (passed >= mostMs) throw new Error(`${what}: not within ${mostMs} ms`);
        await setup.pass(100);
      }
    };
    /** An answer to a question, which time must bring. */
    const answered = async <T>(asked: Promise<T>): Promise<T> => {
      let answer: { readonly value: T } | undefined;
      void asked.then((value) => {
        answer = { value };
      });
      await until('an answer', () => answer !== undefined);
      return present(answer, 'an answer').value;
    };
    const expectTruth = async (): Promise<void> => {
      await until('the book is live', () => recorder.live);
      setup.silence(true);
      await until('the book is the venue’s', () => recorder.is(setup.whole(instrument)), 5_000);
      setup.silence(false);
    };

    beforeAll(async () => {
      setup = open();
      client = setup.client(sink);
      const loaded = await answered(client.loadInstruments());
      if (!loaded.ok) throw new Error(loaded.error.message);
      instrument = present(
        loaded.value.find(({ symbol }) => symbol === setup.symbol),
        setup.symbol,
      );
      other = present(
        loaded.value.find(({ symbol }) => symbol !== setup.symbol),
        'another instrument',
      );
    }, 30_000);

    afterAll(async () => client[Symbol.asyncDispose]());

    test('a connection lost in the middle of the first snapshot: the book begins with the next', async () => {
      setup.cutAtSnapshot();
      client.subscribe([{ instrument, index: INDEX }]);
      await until('the connection is lost', () => recorder.states.includes(BOOK_STALE), 5_000);
      expect(recorder.states).not.toContain(BOOK_LIVE);
      await expectTruth();
    });

    test('heartbeats without data: the book is stale in time, and live when something comes', async () => {
      setup.silence(true);
      await setup.pass(setup.staleAfterMs - 2_000);
      expect(recorder.live).toBe(true);
      await setup.pass(3_500);
      expect(recorder.states.at(-1)).toBe(BOOK_STALE);
      setup.silence(false);
      await expectTruth();
    });

    test('a message that nobody knows is kept as it came, and changes no book', async () => {
      const unknown = recorder.unknown.length;
      const states = recorder.states.length;
      setup.say('{"something":"new"}');
      await setup.pass(1_500);
      expect(recorder.unknown.slice(unknown)).toContain('{"something":"new"}');
      expect(recorder.states).toHaveLength(states);
    });

    test('a venue that is asked too often: the answer says so and when, and the next question waits', async () => {
      setup.limitFor(3_000);
      const refused = await answered(client.loadBars(instrument, '1m', { limit: 5 }));
      expect(refused.ok ? undefined : refused.error).toMatchObject({
        code: 'TOO_MANY_REQUESTS',
        kind: 'Retryable',
        retryAfterMs: 3_000,
      });
      const allowed = await answered(client.loadBars(instrument, '1m', { limit: 5 }));
      expect(allowed.ok && allowed.value).toHaveLength(5);
      expect(recorder.live).toBe(true);
    });

    test('a change whose checksum is not that of the book: the book begins again', async ({
      skip,
    }) => {
      if (setup.checksummed !== true) return skip('the venue has no checksum');
      const states = recorder.states.length;
      const wrong = (text: string): string => text.replace(/"checksum":\d+/, '"checksum":1');
      setup.rewrite((text) => {
        const changed = wrong(text);
        if (changed !== text) setup.rewrite(undefined);
        return changed;
      });
      await until('the book is doubted', () => recorder.states.length > states);
      expect(recorder.states.slice(states)).toContain(BOOK_RESYNCING);
      await expectTruth();
    });

    test('an instrument that the venue lists no more is stale, and live when it is back', async () => {
      // Another one keeps the connection from being silent.
      client.subscribe([{ instrument: other, index: INDEX + 1 }]);
      setup.delist();
      const listed = async (): Promise<readonly string[]> => {
        await setup.pass(100);
        const loaded = await answered(client.loadInstruments([setup.symbol]));
        if (!loaded.ok) throw new Error(loaded.error.message);
        return loaded.value.map(({ symbol }) => symbol);
      };
      // The list is taken for the present one so long.
      await setup.leap(LIST_MS);
      expect(await listed()).toEqual([]);
      await until('the book is stale', () => recorder.states.at(-1) === BOOK_STALE, 5_000);
      setup.relist();
      await setup.leap(LIST_MS);
      expect(await listed()).toEqual([setup.symbol]);
      await expectTruth();
    }, 60_000);
  });
}
