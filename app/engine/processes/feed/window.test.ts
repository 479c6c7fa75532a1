import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeMessage } from '../../api/codec.ts';
import { feedMessageSchema, type FeedMessage } from '../../api/feed-service.ts';
import { ok } from '../../base/result.ts';
import type { ClientId, ClientOrderId } from '../../domain/identifiers.ts';
import { INTERVAL_MICROS, type Bar } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { BTC, INSTRUMENT } from '../../kernel/testing/desk.ts';
import {
  BOOK_LIVE,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_MARK_PRICE,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { MarketDataClient } from '../../ports/market-data-client.ts';
import { BarSeries } from './bar-series.ts';
import { ConsolidatedBook } from './consolidated-book.ts';
import { InstrumentFeed, type Print } from './instrument-feed.ts';
import { FeedWindow, type WindowSource } from './window.ts';

type Frame = Extract<FeedMessage, { type: 'Frame' }>;

/** A window on one instrument; what is sent to it is kept. */
class Screen {
  readonly feed = new InstrumentFeed(INSTRUMENT, true);
  readonly sent: FeedMessage[] = [];
  readonly window: FeedWindow;
  #listener: (text: string) => void = () => undefined;

  constructor(series?: BarSeries) {
    const source: WindowSource = {
      find: (id) => (id === BTC ? this.feed : undefined),
      bars: () => {
        if (series === undefined) throw new Error('no bars here');
        return series;
      },
      history: () => {
        throw new Error('no history here');
      },
      consolidated: (feed, levels) => new ConsolidatedBook({ feed, all: [feed], levels }),
      loadBars: async ({ request }) => ({
        type: 'RequestFailed',
        request,
        code: 'NO',
        message: 'no',
      }),
      loadReplayCoverage: async (request) => ({
        type: 'ReplayCoverage',
        request,
        instruments: [],
      }),
      loadCoverage: async ({ request }) => ({
        type: 'Coverage',
        request,
        segments: [],
        dropped: [],
      }),
      watchQueue: (_window, orders) => this.feed.queue.setOrders(orders),
      replay: undefined,
      downloads: undefined,
      nowMicros: () => 1,
    };
    this.window = new FeedWindow(
      {
        client: 'desk-1' as ClientId,
        send: (text) => {
          const decoded = decodeMessage(feedMessageSchema, text);
          if (!decoded.ok) throw new Error(decoded.error.message);
          this.sent.push(decoded.value);
        },
        onMessage: (listener) => {
          this.#listener = listener;
        },
        onClose: () => undefined,
        close: () => undefined,
      },
      source,
    );
  }

  ask(request: object): void {
    this.#listener(JSON.stringify(request));
  }

  quote(bid: number): void {
    const records = new MarketRecords(1);
    records.set(0, KIND_BBO, 1, 0, 0n, 1000n, bid, 1, bid + 1, 1, 1);
    this.feed.onRecord(records, 0);
  }

  /** A book of one bid, which the venue made at `at`. */
  bid(at: number, size: number, made: number): void {
    const records = new MarketRecords(2);
    const nanos = BigInt(made) * 1000n;
    records.set(0, KIND_SNAPSHOT_HEADER, FLAG_SNAPSHOT, 0, nanos, nanos, 0, 1, 0, 0, made);
    const last = FLAG_SNAPSHOT | FLAG_LAST;
    records.set(1, KIND_BID_LEVEL, last, 0, nanos, nanos, at, size, 0, 0, made);
    this.feed.onBook(records, 0, 2);
  }

  get frames(): Frame[] {
    return this.sent.filter((message) => message.type === 'Frame');
  }

  get codes(): (string | undefined)[] {
    return this.sent.map((message) => ('code' in message ? message.code : undefined));
  }
}

function print(id: number, at = 1): Print {
  return { id, price: price(100 + id), quantity: quantity(id), buyer: true, at: unixMicros(at) };
}

let screen: Screen;
beforeEach(() => {
  screen = new Screen();
});

test('a mark price is no news of the quote: a stale one stays as old as it is', () => {
  screen.quote(1);
  const { quoteVersion, at } = screen.feed;
  const records = new MarketRecords(1);
  records.set(0, KIND_MARK_PRICE, 1, 0, 0n, 9_000n, 1234, 0, 2, 0, 0);
  expect(screen.feed.onRecord(records, 0)).toBeUndefined();
  expect([screen.feed.quoteVersion, screen.feed.at]).toEqual([quoteVersion, at]);
});

describe('FeedWindow', () => {
  test('one frame is outstanding; after its acknowledgement only the newest state comes', () => {
    screen.ask({ type: 'WatchQuotes', instruments: [BTC] });
    screen.quote(1);
    screen.window.tick();
    for (const bid of [2, 3, 4]) {
      screen.quote(bid);
      screen.window.tick();
    }
    expect(screen.frames.map(({ quotes }) => quotes[0]?.bid)).toEqual([1]);
    screen.ask({ type: 'Acknowledge', frame: 1 });
    screen.window.tick();
    screen.ask({ type: 'Acknowledge', frame: 2 });
    screen.window.tick();
    expect(screen.frames.map(({ quotes }) => quotes[0]?.bid)).toEqual([1, 4]);
  });

  test('places of own orders in their queues come when they change, to who watches them', () => {
    const order = 'qd-1' as ClientOrderId;
    const queued = { order, instrument: BTC, side: 'Buy', price: 100, leaves: 5, takenAt: 10 };
    screen.ask({ type: 'WatchQueue', orders: [queued] });
    screen.feed.queue.setLive(true);
    screen.window.tick();
    expect(screen.frames.map(({ queues }) => queues)).toEqual([[{ order }]]);
    screen.ask({ type: 'Acknowledge', frame: 1 });
    screen.bid(100, 45, 11);
    screen.window.tick();
    expect(screen.frames.at(-1)?.queues).toEqual([{ order, ahead: 40, level: 45 }]);
    screen.ask({ type: 'Acknowledge', frame: 2 });
    screen.window.tick();
    expect(screen.frames).toHaveLength(2);
    screen.ask({ type: 'WatchQueue', orders: [] });
    screen.bid(100, 20, 12);
    screen.window.tick();
    expect(screen.frames).toHaveLength(2);
  });

  test('an acknowledgement of a frame that was not sent opens nothing', () => {
    screen.ask({ type: 'WatchQuotes', instruments: [BTC] });
    screen.ask({ type: 'Acknowledge', frame: 1_000_000 });
    for (const bid of [1, 2, 3]) {
      screen.quote(bid);
      screen.window.tick();
    }
    expect(screen.frames).toHaveLength(1);
  });

  test('a consolidated book is counted for as long as the window wants it', () => {
    const level = (size: number): void => {
      const records = new MarketRecords(2);
      records.set(0, KIND_BID_LEVEL, 0, 0, 0n, 1000n, 100, size, 0, 0, 0);
      records.set(1, KIND_ASK_LEVEL, FLAG_LAST, 0, 0n, 1000n, 101, 1, 0, 0, 0);
      screen.feed.onBook(records, 0, 2);
    };
    const flow = (): number => {
      level(1);
      level(4);
      return screen.feed.book.flow(1, 10);
    };
    const subscribe = (name: string): void =>
      screen.ask({
        type: 'SubscribeConsolidated',
        subscription: name,
        instrument: BTC,
        levels: 5,
        fees: false,
      });
    expect(flow()).toBe(0);
    subscribe('a');
    // The same name again replaces it.
    subscribe('a');
    subscribe('b');
    expect(flow()).toBe(3);
    screen.window.tick();
    expect(screen.frames[0]?.consolidated.map((one) => one.subscription)).toEqual(['a', 'b']);
    screen.ask({ type: 'Unsubscribe', subscription: 'a' });
    expect(flow()).toBe(3);
    screen.window[Symbol.dispose]();
    expect(flow()).toBe(0);
  });

  test('volume comes whole at first, then only where something traded since, as it is then', () => {
    const trade = (id: number, at: number, size: number): void => {
      const records = new MarketRecords(1);
      records.set(0, KIND_TRADE, 1, 0, 1000n, 1000n, at, size, 0, 0, id);
      const made = screen.feed.onRecord(records, 0);
      if (made !== undefined) screen.window.onPrint(screen.feed, made);
    };
    trade(1, 10, 4);
    trade(2, 20, 1);
    screen.ask({ type: 'SubscribeVolume', subscription: 'v', instrument: BTC });
    screen.window.tick();
    screen.ask({ type: 'Acknowledge', frame: 1 });
    screen.window.tick();
    for (const id of [3, 4, 5]) trade(id, 20, 2);
    trade(9, 30, 5);
    screen.window.tick();
    const told = screen.frames.flatMap(({ volumes }) => volumes);
    expect(told.map(({ whole, missed, rows }) => ({ whole, missed, rows }))).toEqual([
      {
        whole: true,
        missed: 0,
        rows: [
          [10, 4],
          [20, 1],
        ],
      },
      {
        whole: false,
        missed: 3,
        rows: [
          [20, 7],
          [30, 5],
        ],
      },
    ]);
  });

  test('who begins to look is told the newest trades of before, once, and then each new one', () => {
    let made = 0;
    const trade = (): void => {
      made += 1;
      const records = new MarketRecords(1);
      records.set(0, KIND_TRADE, 1, 0, 1000n, 1000n, 10 + made, made, 0, 0, made);
      const printed = screen.feed.onRecord(records, 0);
      if (printed !== undefined) screen.window.onPrint(screen.feed, printed);
    };
    const told = (): unknown =>
      screen.frames.at(-1)?.trades.map(({ past, rows, omittedCount }) => ({
        past,
        ids: rows.map(([id]) => id),
        omittedCount,
      }));
    const look = (): void => {
      screen.ask({ type: 'SubscribeTrades', subscription: 's', instrument: BTC });
      trade();
      screen.window.tick();
      screen.ask({ type: 'Acknowledge', frame: screen.frames.length });
    };
    look();
    expect(told()).toEqual([{ past: false, ids: [1], omittedCount: 0 }]);
    look();
    expect(told()).toEqual([
      { past: true, ids: [1], omittedCount: 0 },
      { past: false, ids: [2], omittedCount: 0 },
    ]);
    screen.window.tick();
    trade();
    screen.window.tick();
    screen.ask({ type: 'Acknowledge', frame: screen.frames.length });
    expect(told()).toEqual([{ past: false, ids: [3], omittedCount: 0 }]);
    while (made < 1234) trade();
    screen.window.tick();
    screen.ask({ type: 'Acknowledge', frame: screen.frames.length });
    look();
    const newest = Array.from({ length: 500 }, (_, index) => made - 500 + index);
    expect(told()).toEqual([
      { past: true, ids: newest, omittedCount: 0 },
      { past: false, ids: [made], omittedCount: 0 },
    ]);
  });

  test('trades are told or counted, never both, never neither', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(450), { minLength: 1, maxLength: 6 }), (bursts) => {
        const own = new Screen();
        own.ask({ type: 'SubscribeTrades', subscription: 's', instrument: BTC });
        let made = 0;
        let volume = 0;
        for (const burst of bursts) {
          for (let count = 0; count < burst; count += 1) {
            made += 1;
            volume += made;
            own.window.onPrint(own.feed, print(made));
          }
          own.window.tick();
          own.ask({ type: 'Acknowledge', frame: own.frames.length });
        }
        const told = own.frames.flatMap(({ trades }) => trades);
        const rows = told.flatMap((one) => one.rows);
        const ids = rows.map(([id]) => id);
        expect(ids).toEqual(ids.toSorted((one, two) => one - two));
        expect(rows.length + told.reduce((sum, one) => sum + one.omittedCount, 0)).toBe(made);
        const omitted = told.reduce((sum, one) => sum + one.omittedQuantity, 0);
        expect(rows.reduce((sum, row) => sum + row[2], 0) + omitted).toBe(volume);
        expect(told.every((one) => one.rows.length <= 200)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('a window may not have more than 200 subscriptions; one that ends makes room; an unknown instrument is refused', () => {
    for (let count = 0; count <= 200; count += 1) {
      screen.ask({ type: 'SubscribeDepth', subscription: `${count}`, instrument: BTC, levels: 5 });
    }
    expect(screen.codes).toEqual(['TOO_MANY_SUBSCRIPTIONS']);
    screen.ask({ type: 'Unsubscribe', subscription: '0' });
    screen.ask({ type: 'SubscribeTrades', subscription: 'x', instrument: BTC });
    screen.ask({ type: 'SubscribeTrades', subscription: 'y', instrument: 'NO.BINANCE' });
    screen.ask({ type: 'SetReplaySpeed', speed: 2 });
    screen.ask({ type: 'Nonsense' });
    expect(screen.codes.slice(1)).toEqual([
      'INSTRUMENT_UNKNOWN',
      'NOT_A_REPLAY',
      'MESSAGE_MALFORMED',
    ]);
  });

  test('a change of how far data can be trusted reaches quote and book', () => {
    screen.ask({ type: 'WatchQuotes', instruments: [BTC] });
    screen.ask({ type: 'SubscribeDepth', subscription: 'd', instrument: BTC, levels: 5 });
    const records = new MarketRecords(1);
    records.set(0, KIND_BOOK_STATUS, 1, 0, 0n, 1n, BOOK_LIVE, 0, 0, 0, 0);
    screen.feed.onRecord(records, 0);
    screen.window.tick();
    expect(screen.frames[0]).toMatchObject({
      quotes: [{ state: 'Live' }],
      depths: [{ state: 'Live' }],
    });
  });
});

const MINUTE = INTERVAL_MICROS['1m'];
const OPENED = 1_700_000_040_000_000;

function bar(minute: number, volume: number, closed: boolean): Bar {
  const openTime = unixMicros(OPENED + minute * MINUTE);
  const px = price(500);
  return { openTime, open: px, high: px, low: px, close: px, volume: quantity(volume), closed };
}

/** A venue whose bars are given; each question settles when the test lets it. */
function venueOf(answers: (Bar[] | undefined)[]): MarketDataClient {
  return {
    loadBars: async () => {
      const next = answers.shift();
      if (next !== undefined) return ok(next);
      return { ok: false, error: { code: 'TIMEOUT', kind: 'Retryable', message: 'no answer' } };
    },
  } as Pick<MarketDataClient, 'loadBars'> as MarketDataClient;
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('BarSeries', () => {
  test('goes on from the unfinished bar of the venue and takes its word for the closed one', async () => {
    const series = new BarSeries(
      venueOf([[bar(0, 7, false)], [bar(0, 99, true), bar(1, 0, false)]]),
      INSTRUMENT,
      '1m',
    );
    series.add(print(1, OPENED));
    expect(series.rowsSince(-1)).toEqual([]);
    await series.begin();
    series.add(print(3, OPENED + 1000));
    expect(series.rowsSince(-1).map((row) => row[5])).toEqual([10]);
    series.add(print(4, OPENED + MINUTE));
    await settled();
    expect(series.rowsSince(-1).map((row) => [row[0], row[5]])).toEqual([
      [OPENED, 99],
      [OPENED + MINUTE, 4],
    ]);
  });

  test('a venue that does not answer gives no bar begun in its middle', async () => {
    using series = new BarSeries(venueOf([undefined]), INSTRUMENT, '1m');
    await series.begin();
    series.add(print(3, OPENED + 30_000_000));
    expect(series.rowsSince(-1)).toEqual([]);
  });

  test('a silence over several bars closes all of them, each told once and again when the venue corrects it', async () => {
    const official = [bar(0, 50, true), bar(1, 60, true), bar(2, 70, true), bar(3, 0, false)];
    const series = new BarSeries(venueOf([[bar(0, 1, false)], official]), INSTRUMENT, '1m');
    await series.begin();
    const own = new Screen(series);
    own.ask({ type: 'SubscribeBars', subscription: 'b', instrument: BTC, interval: '1m' });
    const step = (): number[][] => {
      const before = own.frames.length;
      own.window.tick();
      own.ask({ type: 'Acknowledge', frame: own.frames.length });
      const rows = own.frames.slice(before).flatMap(({ bars }) => bars.map((one) => one.bar));
      return rows.map((row) => [(row[0] - OPENED) / MINUTE, row[5]]);
    };
    expect(step()).toEqual([[0, 1]]);
    series.add(print(2, OPENED + 3 * MINUTE));
    expect(step()).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 2],
    ]);
    await settled();
    expect(step()).toEqual([
      [0, 50],
      [1, 60],
      [2, 70],
      [3, 2],
    ]);
    series.add(print(2, OPENED + 3 * MINUTE));
    expect(step()).toEqual([[3, 4]]);
  });
});
