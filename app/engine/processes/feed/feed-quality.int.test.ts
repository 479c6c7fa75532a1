import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeMessage } from '../../api/codec.ts';
import { feedMessageSchema, type FeedMessage, type FeedRequest } from '../../api/feed-service.ts';
import { ManualClock } from '../../base/clock.ts';
import { ok } from '../../base/result.ts';
import { flawsOf } from '../../domain/data-quality.ts';
import { instrumentId, venueId, type ClientId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { BTC, CLIENT, Desk, INSTRUMENT, terms } from '../../kernel/testing/desk.ts';
import {
  BOOK_LIVE,
  FLAG_LAST,
  KIND_BBO,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { RingReader, RingWriter } from '../../native/io/ring.ts';
import { until } from '../../ports/contract/until.ts';
import type { MarketDataClient } from '../../ports/market-data-client.ts';
import { isKernelRecord, marketEventOf } from '../trade/market-input.ts';
import { Feed } from './feed.ts';

const OTHER = venueId('KRAKEN', 'sandbox');
const ELSEWHERE: Instrument = {
  ...INSTRUMENT,
  id: instrumentId(INSTRUMENT.symbol, OTHER),
  venue: OTHER,
};
const SECOND = 1_000_000;
const SILENT: MarketDataClient = {
  loadInstruments: async () => ok([INSTRUMENT]),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  doubtBook: () => undefined,
  loadBars: async () => ok([]),
  [Symbol.asyncDispose]: async () => undefined,
};

/** A feed of two venues that list the same, a window on it and a reader of its ring. */
function open(stack: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'qd-quality-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const ringPath = join(folder, 'market.ring');
  const created = RingWriter.create(ringPath, 1024);
  if (!created.ok) throw new Error(created.error.detail);
  const clock = new ManualClock(60 * SECOND);
  const switched: string[] = [];
  const feed = stack.use(
    new Feed({
      config: {
        dataFolder: folder,
        environment: 'sandbox',
        source: { kind: 'replay', of: { kind: 'files', files: ['none'] }, speed: 1 },
        symbols: [],
        ringPath,
        record: false,
        divergenceBps: 100,
      },
      clock,
      client: SILENT,
      ring: created.value,
      onSourceSwitch: ({ from, to }) => switched.push(`${from} ${to}`),
    }),
  );
  feed.start([INSTRUMENT, ELSEWHERE]);
  const reader = RingReader.open(ringPath);
  if (!reader.ok) throw new Error(reader.error.detail);
  stack.defer(() => reader.value.close());
  const messages: FeedMessage[] = [];
  let ask: (text: string) => void = () => undefined;
  feed.addWindow({
    client: 'window' as ClientId,
    send(text) {
      const decoded = decodeMessage(feedMessageSchema, text);
      if (!decoded.ok) return;
      const { value } = decoded;
      messages.push(value);
      if (value.type === 'Frame') {
        ask(JSON.stringify({ type: 'Acknowledge', frame: value.frame } satisfies FeedRequest));
      }
    },
    onMessage: (listener) => (ask = listener),
    onClose: () => undefined,
    close: () => undefined,
  });
  return {
    feed,
    clock,
    ring: reader.value,
    messages,
    switched,
    ask: (request: FeedRequest) => ask(JSON.stringify(request)),
  };
}

/** What a venue says of its book and its touch. */
function say(feed: Feed, index: number, state: number, bid: number): void {
  const records = new MarketRecords(2);
  records.set(0, KIND_BOOK_STATUS, FLAG_LAST, index, 0n, 1n, state, 0, 0, 0, 1);
  records.set(1, KIND_BBO, FLAG_LAST, index, 0n, 1n, bid, 5, bid + 2, 5, 1);
  feed.onRecords(records.bytes, 2);
}

test('a price that lies apart from the same elsewhere is told over the ring, and no new risk leans on it', async () => {
  await using stack = new AsyncDisposableStack();
  const { feed, clock, ring, messages, switched, ask } = open(stack);
  const desk = new Desk().open();
  const into = new MarketRecords(64);
  const read = (): void => {
    const { count } = ring.read(into.bytes, 64);
    for (let row = 0; row < count; row += 1) {
      // The kernel's quotes are its own here: only what the feed makes of them is passed on.
      if (!isKernelRecord(into.kind(row)) || into.instrument(row) !== 0) continue;
      const event = marketEventOf(into, row, [INSTRUMENT]);
      if (event?.type === 'DivergenceChanged') desk.apply({ type: 'Market', event });
    }
  };
  const code = (): string | undefined => {
    read();
    return desk.kernel.preview(CLIENT, terms())?.code;
  };
  ask({ type: 'SubscribeTrust', subscription: 't', instrument: BTC });
  ask({ type: 'WatchQuality', on: true });
  say(feed, 0, BOOK_LIVE, 10_300);
  say(feed, 1, BOOK_LIVE, 10_000);
  expect(code()).toBeUndefined();
  await until('it was looked at', () => {
    clock.advance(SECOND);
    return code() === 'DATA_DOUBTFUL';
  });
  const quality = () => messages.findLast((one) => one.type === 'Quality');
  const own = () => quality()?.instruments.find(({ instrument }) => instrument === BTC);
  await until('the window was told', () => own()?.divergence !== undefined);
  expect(own()).toMatchObject({
    state: 'Live',
    counts: { divergences: 1 },
    divergence: { bps: 300, limitBps: 100 },
  });
  expect(quality()?.references).toMatchObject([
    { pair: 'BTC/USDT', sources: [BTC, ELSEWHERE.id], source: BTC },
  ]);
  const marks = () => messages.flatMap((one) => (one.type === 'Frame' ? one.trusts : []));
  const newest = (): number => marks().at(-1)?.minutes.at(-1)?.[1] ?? 0;
  await until('the minute is marked', () => flawsOf(newest()).includes('divergent'));
  say(feed, 0, BOOK_LIVE, 10_010);
  await until('it was looked at again', () => {
    clock.advance(SECOND);
    return code() === undefined;
  });
  // The primary source is lost, and comes back.
  say(feed, 0, 1, 10_010);
  await until('the other source is leaned on', () => switched.length === 1);
  say(feed, 0, BOOK_LIVE, 10_010);
  await until('the first one is', () => switched.length === 2);
  expect(switched).toEqual([`${BTC} ${ELSEWHERE.id}`, `${ELSEWHERE.id} ${BTC}`]);
});
