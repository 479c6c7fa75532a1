import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeMessage } from '../../api/codec.ts';
import { feedMessageSchema, type FeedMessage } from '../../api/feed-service.ts';
import { ok } from '../../base/result.ts';
import { ManualClock } from '../../base/clock.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { instrumentId, venueId, type ClientId } from '../../domain/identifiers.ts';
import { price } from '../../domain/price.ts';
import { BTC, INSTRUMENT, VENUE } from '../../kernel/testing/desk.ts';
import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_ASK_LEVEL,
  KIND_BBO,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { RingReader, RingWriter } from '../../native/io/ring.ts';
import { until } from '../../ports/contract/until.ts';
import type { MarketDataClient } from '../../ports/market-data-client.ts';
import { SystemTime } from '../system-time.ts';
import { MarketSource, type MarketListener } from '../trade/market-source.ts';
import { Feed } from './feed.ts';

const ETH: Instrument = { ...INSTRUMENT, id: instrumentId('ETHUSDT', VENUE), symbol: 'ETHUSDT' };
const SILENT: MarketDataClient = {
  loadInstruments: async () => ok([INSTRUMENT, ETH]),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  doubtBook: () => undefined,
  loadBars: async () => ok([]),
  [Symbol.asyncDispose]: async () => undefined,
};

let folder = '';
let stack: AsyncDisposableStack;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-feed-'));
  stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
});
afterEach(() => stack.disposeAsync());

function ringOf(path: string): RingWriter {
  const created = RingWriter.create(path, 65_536);
  if (!created.ok) throw new Error(created.error.detail);
  return created.value;
}

function open(
  client = SILENT,
  symbols: string[] = [],
  instruments: readonly Instrument[] = [INSTRUMENT, ETH],
) {
  const ringPath = join(folder, 'market.ring');
  const feed = stack.use(
    new Feed({
      config: {
        dataFolder: folder,
        environment: 'sandbox',
        source: { kind: 'replay', of: { kind: 'files', files: ['none'] }, speed: 1 },
        symbols,
        ringPath,
        record: false,
        divergenceBps: 100,
      },
      clock: new ManualClock(5_000_000),
      client,
      ring: ringOf(ringPath),
    }),
  );
  feed.start(instruments);
  return { feed, ringPath };
}

/** Three messages of three instruments' worth of records, as a connector lays them out. */
function messages(): MarketRecords {
  const records = new MarketRecords(7);
  const at = 5_000_000_000n;
  records.set(0, KIND_BBO, FLAG_LAST, 1, at, at, 50, 1, 51, 2, 1);
  records.set(1, KIND_SNAPSHOT_HEADER, FLAG_SNAPSHOT, 0, at, at, 0, 2, 0, 0, 7);
  records.set(2, KIND_BID_LEVEL, FLAG_SNAPSHOT, 0, at, at, 99, 10, 0, 0, 7);
  records.set(3, KIND_ASK_LEVEL, FLAG_SNAPSHOT | FLAG_LAST, 0, at, at, 101, 20, 0, 0, 7);
  records.set(4, KIND_BOOK_STATUS, FLAG_LAST, 0, at, at, BOOK_LIVE, 0, 0, 0, 7);
  records.set(5, KIND_BBO, FLAG_LAST, 0, at, at, 99, 10, 101, 20, 7);
  records.set(6, KIND_BOOK_STATUS, FLAG_LAST, 1, at, at, BOOK_LIVE, 0, 0, 0, 7);
  return records;
}

test('records count wherever they stand in their buffer', () => {
  const { feed } = open();
  const { bytes } = messages();
  feed.onRecords(bytes.subarray(MARKET_RECORD_BYTES, 6 * MARKET_RECORD_BYTES), 5);
  expect(feed.find(BTC)?.quote()).toMatchObject({ bid: 99, ask: 101, state: 'Live' });
  expect(feed.find(BTC)?.depth(5)).toMatchObject({
    bids: [[99, 10]],
    asks: [[101, 20]],
    updateId: 7,
  });
  expect(feed.find(ETH.id)?.quote().bid).toBeUndefined();
});

test('a reader that came late stands, after snapshots, where the feed stands', async () => {
  const { feed, ringPath } = open();
  feed.onRecords(messages().bytes, 7);
  const reader = RingReader.open(ringPath);
  if (!reader.ok) throw new Error(reader.error.detail);
  using late = reader.value;
  feed.publishSnapshots();
  const book = new L2Book();
  const kinds: string[] = [];
  const into = new MarketRecords(64);
  await until('both books', () => {
    const { count } = late.read(into.bytes, 64);
    for (let row = 0; row < count; row += 1) {
      kinds.push(`${into.instrument(row)}:${into.kind(row)}`);
      if (into.instrument(row) === 0) book.apply(into, row, row + 1);
    }
    return kinds.includes(`1:${KIND_BBO}`);
  });
  const top = new BookTop(3);
  book.top(top);
  expect([top.bids, top.bidPrices[0], top.bidQuantities[0], top.askPrices[0]]).toEqual([
    1, 99, 10, 101,
  ]);
  expect(kinds).toEqual([
    `0:${KIND_SNAPSHOT_HEADER}`,
    `0:${KIND_BID_LEVEL}`,
    `0:${KIND_ASK_LEVEL}`,
    `0:${KIND_BOOK_STATUS}`,
    `0:${KIND_BBO}`,
    `1:${KIND_BOOK_STATUS}`,
    `1:${KIND_BBO}`,
  ]);
});

test('a source tells of a feed that was started again, of records it missed, and asks for snapshots', async () => {
  const path = join(folder, 'other.ring');
  let ring = ringOf(path);
  stack.defer(() => ring.close());
  const seen: number[] = [];
  const missed: number[] = [];
  let asked = 0;
  const listener: MarketListener = {
    onRecords: (records, count) => {
      for (let row = 0; row < count; row += 1) seen.push(records.id(row));
    },
    onMissed: (lost) => missed.push(lost),
    askSnapshots: () => {
      asked += 1;
    },
  };
  const opened = MarketSource.open(path, listener, new SystemTime());
  if (!opened.ok) throw new Error(opened.error.detail);
  stack.use(opened.value);
  expect(asked).toBe(1);
  const one = new MarketRecords(1);
  const publish = (id: number): void => {
    one.set(0, KIND_BBO, FLAG_LAST, 0, 0n, 0n, 1, 1, 2, 1, id);
    ring.publish(one.bytes, 1);
  };
  publish(1);
  await until('the first record', () => seen.includes(1));
  ring.close();
  ring = ringOf(path);
  publish(2);
  await until('the second record', () => seen.includes(2));
  expect(missed).toEqual([0]);
  await until('a second request', () => asked === 2);
  const many = new MarketRecords(20_000);
  for (let batch = 0; batch < 5; batch += 1) ring.publish(many.bytes, 20_000);
  publish(3);
  await until('the record behind those lost', () => seen.includes(3));
  expect(missed[1]).toBeGreaterThan(0);
  await until('a third request', () => asked >= 3);
});

test('the traded venue is asked for its own symbols, whatever is watched of others', async () => {
  const venue = venueId('KRAKEN', 'sandbox');
  const watched: Instrument = {
    ...ETH,
    id: instrumentId('ETH-USDT', venue),
    venue,
    symbol: 'ETH/USDT',
  };
  const asked: (readonly string[] | undefined)[] = [];
  const client: MarketDataClient = {
    ...SILENT,
    loadInstruments: async (symbols) => {
      asked.push(symbols);
      return ok([INSTRUMENT, watched]);
    },
  };
  const { feed } = open(client, ['BTCUSDT'], [INSTRUMENT, watched]);
  await feed.reloadInstruments();
  expect(asked).toEqual([['BTCUSDT']]);
});

test('windows hear of other rules, of the instruments that have them and of no other', async () => {
  let listed: readonly Instrument[] = [INSTRUMENT, ETH];
  const doubted: string[] = [];
  const { feed } = open({
    ...SILENT,
    loadInstruments: async () => ok(listed),
    doubtBook: (id) => doubted.push(id),
  });
  const sent: FeedMessage[] = [];
  feed.addWindow({
    client: 'desk-1' as ClientId,
    send: (text) => {
      const decoded = decodeMessage(feedMessageSchema, text);
      if (decoded.ok) sent.push(decoded.value);
    },
    onMessage: () => undefined,
    onClose: () => undefined,
    close: () => undefined,
  });
  await feed.reloadInstruments();
  const halted = { ...ETH, status: 'Halted' } as const;
  listed = [INSTRUMENT, halted];
  await feed.reloadInstruments();
  await feed.reloadInstruments();
  const coarser = { ...halted, tickSize: price(ETH.tickSize * 5) };
  listed = [coarser];
  await feed.reloadInstruments();
  expect(doubted).toEqual([]);
  listed = [INSTRUMENT, ETH];
  await feed.reloadInstruments();
  expect(sent).toEqual([
    { type: 'Welcome', environment: 'sandbox', instruments: [INSTRUMENT, ETH] },
    { type: 'InstrumentsChanged', instruments: [halted] },
    { type: 'InstrumentsChanged', instruments: [{ ...INSTRUMENT, status: 'Halted' }, coarser] },
    { type: 'InstrumentsChanged', instruments: [INSTRUMENT, ETH] },
  ]);
  expect(feed.instruments).toEqual([INSTRUMENT, ETH]);
});

test('a book that is crossed between two messages of one delivery is doubted', async () => {
  const doubted: string[] = [];
  const { feed } = open({ ...SILENT, doubtBook: (instrument) => void doubted.push(instrument) });
  const message = (
    kind: number,
    id: number,
    level: number,
    px: number,
    size: number,
  ): Uint8Array => {
    const records = new MarketRecords(2);
    const flags = kind === KIND_SNAPSHOT_HEADER ? FLAG_SNAPSHOT : 0;
    records.set(0, kind, flags, 0, 0n, 1n, 0, 1, -1, 0, id);
    records.set(1, level, flags | FLAG_LAST, 0, 0n, 1n, px, size, 0, 0, id);
    return records.bytes;
  };
  const live = new MarketRecords(1);
  live.set(0, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, 1n, BOOK_LIVE, 0, 0, 0, 1);
  feed.onRecords(message(KIND_SNAPSHOT_HEADER, 1, KIND_ASK_LEVEL, 101, 5), 2);
  feed.onRecords(live.bytes, 1);
  // A bid at the ask, and in the next message the ask is gone: the bid is still wrong.
  const both = Buffer.concat([
    message(KIND_DIFF_HEADER, 2, KIND_BID_LEVEL, 101, 3),
    message(KIND_DIFF_HEADER, 3, KIND_ASK_LEVEL, 101, 0),
  ]);
  feed.onRecords(new Uint8Array(both), 4);
  await Promise.resolve();
  expect(doubted).toEqual([INSTRUMENT.id]);
});

test.each([
  { bid: 100, doubts: 0 },
  { bid: 101, doubts: 1 },
  { bid: 102, doubts: 1 },
])('best prices of $bid and 101: the book is doubted $doubts times', async ({ bid, doubts }) => {
  const doubted: string[] = [];
  const { feed } = open({
    ...SILENT,
    doubtBook: (id, because) => doubted.push(`${id} ${because}`),
  });
  const records = new MarketRecords(2);
  records.set(0, KIND_BOOK_STATUS, FLAG_LAST, 0, 0n, 1n, BOOK_LIVE, 0, 0, 0, 1);
  records.set(1, KIND_BBO, FLAG_LAST, 0, 0n, 1n, bid, 5, 101, 5, 1);
  feed.onRecords(records.bytes, 2);
  await Promise.resolve();
  expect(doubted).toEqual(Array.from({ length: doubts }, () => `${INSTRUMENT.id} crossed`));
});
