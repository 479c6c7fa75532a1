import { expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { StreamConnection } from '../../market-data/stream-connection.ts';
import { StreamDataClient } from '../../market-data/stream-client.ts';
import { fakeSockets } from '../../market-data/testing/fake-sockets.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { ManualTime } from '../../net/scheduler.ts';
import { MarketRecorder } from '../../ports/contract/market-recorder.contract.ts';
import type { DroppedBecause } from '../../ports/market-data-client.ts';
import { alpacaVenue } from './index.ts';
import { readAssets } from './instruments.ts';

const KEY = { apiKey: 'AKTEST0000000000', secret: 'a-secret-of-this-test' };
const URLS = { trading: 'http://x', paper: 'http://x', data: 'http://x', ws: 'ws://x' };
const OPEN = Date.parse('2023-11-14T15:00:00Z');
const CLOSED = Date.parse('2023-11-18T15:00:00Z');
const ADMITTED = '[{"T":"success","msg":"authenticated"}]';
const DAY_MS = 86_400_000;

function share(symbol: string) {
  const wire = { class: 'us_equity', symbol, status: 'active', tradable: true };
  const listed = readAssets([wire], alpacaVenue('sandbox', URLS, KEY).venue);
  return present(listed.ok ? listed.value.instruments[0] : undefined, symbol);
}

function quote(symbol: string, bid: number, ask: number): string {
  return `{"T":"q","S":"${symbol}","bx":"V","bp":${bid},"bs":100,"ax":"V","ap":${ask},"as":200,"c":["R"],"z":"C","t":"2023-11-14T15:00:00.000000001Z"}`;
}

function trade(symbol: string, id: number, at: string): string {
  return `{"T":"t","S":"${symbol}","i":${id},"x":"V","p":10.005,"s":100,"c":["@"],"z":"C","t":"${at}"}`;
}

function setUp(startMs: number, symbols: readonly string[] = ['AMD', 'SPY']) {
  const time = new ManualTime(startMs);
  const { sockets, open } = fakeSockets();
  const recorder = new MarketRecorder();
  const dropped: DroppedBecause[] = [];
  const refusals: string[] = [];
  /** The state of each book by its number. */
  const books = new Map<number, number>();
  const client = new StreamDataClient({
    venue: alpacaVenue('sandbox', URLS, KEY),
    clock: time,
    scheduler: time,
    rng: new Xoshiro128(1),
    open,
    fetch: () => Promise.reject(new Error('nothing is asked here')),
    sink: {
      onRecords: (bytes, count) => {
        recorder.onRecords(bytes, count);
        const records = MarketRecords.over(bytes, count);
        if (records.kind(0) === KIND_BOOK_STATUS)
          books.set(records.instrument(0), records.price(0));
      },
      onUnknownMessage: (raw) => recorder.onUnknownMessage(raw),
      onHealth: (health) => recorder.onHealth(health),
      onDropped: (_index, because) => dropped.push(because),
      onRefusal: (venue, words) => refusals.push(`${venue}: ${words}`),
    },
  });
  const instruments = symbols.map(share);
  client.subscribe(instruments.map((instrument, index) => ({ instrument, index })));
  const newest = () => present(sockets.at(-1), 'a socket');
  const hear = async (...texts: readonly string[]): Promise<void> => {
    newest().say(...texts);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  };
  const opened = async (): Promise<void> => {
    newest().open();
    await hear('[{"T":"success","msg":"connected"}]', ADMITTED);
    time.advance(1_000);
  };
  return {
    time,
    sockets,
    recorder,
    books,
    client,
    instruments,
    dropped,
    refusals,
    newest,
    hear,
    opened,
  };
}

test('nothing but the key is sent before it is accepted, on each connection; then each symbol by itself', async () => {
  const { time, sockets, newest, hear } = setUp(OPEN);
  newest().open();
  await hear('[{"T":"success","msg":"connected"}]');
  time.advance(1_000);
  expect(newest().sent).toEqual([
    `{"action":"auth","key":"${KEY.apiKey}","secret":"${KEY.secret}"}`,
  ]);
  await hear(ADMITTED, ADMITTED);
  time.advance(1_000);
  const asked = (symbol: string): string =>
    `{"action":"subscribe","trades":["${symbol}"],"quotes":["${symbol}"],"bars":["${symbol}"],"updatedBars":["${symbol}"]}`;
  expect(newest().sent.slice(1)).toEqual([asked('AMD'), asked('SPY')]);
  newest().close('lost');
  time.advance(2_000);
  expect(sockets).toHaveLength(2);
  newest().open();
  time.advance(1_000);
  expect(newest().sent).toHaveLength(1);
  await hear(ADMITTED);
  time.advance(1_000);
  expect(newest().sent).toHaveLength(3);
});

test('a key that is refused is said, without the key', async () => {
  const { recorder, refusals, newest, hear } = setUp(OPEN);
  newest().open();
  await hear('[{"T":"error","code":402,"msg":"auth failed"}]');
  expect(refusals).toEqual(['ALPACA@sandbox: 402 auth failed: it does not accept the key']);
  expect(JSON.stringify([refusals, recorder.unknown, recorder.health])).not.toContain(KEY.secret);
});

test('a connection is not replaced for its age: the plan allows no second one beside it', () => {
  const time = new ManualTime(OPEN);
  const { sockets, open } = fakeSockets();
  const venue = alpacaVenue('sandbox', URLS, KEY);
  const line = present(venue.lines[0], 'a line');
  const nothing = (): void => undefined;
  const told = { onFrame: nothing, onOpened: nothing, onLost: nothing, onChange: nothing };
  const deps = { scheduler: time, rng: new Xoshiro128(1), open };
  using connection = new StreamConnection({ line, venue, ...deps, ...told });
  connection.want(['AMD']);
  const socket = present(sockets[0], 'a socket');
  socket.open();
  for (let passed = 0; passed < 2 * DAY_MS; passed += 10_000) {
    socket.say(ADMITTED);
    time.advance(10_000);
  }
  expect([sockets.length, socket.ended]).toEqual([1, false]);
});

test('silence makes a book stale; in a closed market it replaces no connection, in an open one it does', async () => {
  for (const [startMs, replaced] of [
    [CLOSED, false],
    [OPEN, true],
  ] as const) {
    const { time, recorder, sockets, newest, opened, hear } = setUp(startMs, ['AMD']);
    await opened();
    await hear(`[${quote('AMD', 10, 10.01)}]`);
    expect(recorder.states.at(-1)).toBe(BOOK_LIVE);
    // What is no market event keeps the connection alive.
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms && !newest().ended; passed += 8_000) {
        await hear('[{"T":"s","S":"AMD","sc":"T"}]');
        time.advance(8_000);
      }
    };
    await pass(32_000);
    expect(recorder.states.at(-1)).toBe(BOOK_STALE);
    await pass(600_000);
    expect(sockets[0]?.ended).toBe(replaced);
    if (replaced) continue;
    await hear(`[${quote('AMD', 10, 10.02)}]`);
    expect(recorder.states.at(-1)).toBe(BOOK_LIVE);
  }
});

test('a book stands in its session alone: another share does not bring it back, its own next quote does', async () => {
  const { time, books, opened, hear } = setUp(Date.parse('2023-11-14T20:59:30Z'));
  await opened();
  const [amd, spy] = [0, 1];
  await hear(`[${quote('AMD', 10, 10.01)},${quote('SPY', 450, 451)}]`);
  expect([books.get(amd), books.get(spy)]).toEqual([BOOK_LIVE, BOOK_LIVE]);
  // Over the bell of 16:00 in New York.
  for (let passed = 0; passed < 32_000; passed += 4_000) {
    await hear(`[${trade('AMD', passed, '2023-11-14T20:59:58Z')}]`);
    time.advance(4_000);
  }
  expect([books.get(amd), books.get(spy)]).toEqual([BOOK_STALE, BOOK_STALE]);
  await hear(`[${quote('SPY', 450, 451)}]`);
  expect([books.get(amd), books.get(spy)]).toEqual([BOOK_STALE, BOOK_LIVE]);
  await hear(`[${quote('AMD', 10, 10.01)}]`);
  expect(books.get(amd)).toBe(BOOK_LIVE);
});

test('each quote is the whole book; a side that is not quoted is empty', async () => {
  const { recorder, opened, hear } = setUp(OPEN, ['AMD']);
  await opened();
  await hear(`[${quote('AMD', 10, 10.01)}]`, `[${quote('AMD', 9.99, 10.02)}]`);
  expect(recorder.is({ bids: [[99_900, 100_000_000]], asks: [[100_200, 200_000_000]] })).toBe(true);
  await hear(`[${quote('AMD', 0, 10.02)}]`);
  expect(recorder.is({ bids: [], asks: [[100_200, 200_000_000]] })).toBe(true);
});

test('a trade comes once; ids that begin anew are other trades', async () => {
  const { recorder, dropped, opened, hear } = setUp(OPEN, ['AMD']);
  await opened();
  const first = trade('AMD', 7, '2023-11-14T15:00:00.5Z');
  await hear(`[${first},${trade('AMD', 5, '2023-11-14T15:00:00.5Z')}]`, `[${first}]`);
  await hear(`[${trade('AMD', 7, '2023-11-15T15:00:00.5Z')}]`);
  expect(recorder.tradeIds).toEqual([7, 5, 7]);
  expect(dropped).toEqual(['Duplicate']);
});

test('what is left takes nothing of the others in its frames with it', async () => {
  const { recorder, client, instruments, opened, hear } = setUp(OPEN);
  await opened();
  client.unsubscribe([present(instruments[1], 'SPY').id]);
  await hear(`[${quote('SPY', 450, 451)},${quote('AMD', 10, 10.01)}]`, `[${quote('SPY', 1, 2)}]`);
  expect(recorder.is({ bids: [[100_000, 100_000_000]], asks: [[100_100, 200_000_000]] })).toBe(
    true,
  );
  expect(recorder.unknown).toEqual([]);
});
