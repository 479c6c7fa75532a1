import { beforeAll, describe, expect, test } from 'vitest';
import { LONG, runSeeds } from '../../../../../build-tools/test/seeds.ts';
import { invariant } from '../../../base/invariant.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import { BookTop, L2Book } from '../../../native/compute/book.ts';
import {
  BOOK_LIVE,
  KIND_BOOK_STATUS,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../../native/compute/market-record.ts';
import { ManualTime } from '../../../net/scheduler.ts';
import type { SocketEvents } from '../../../net/socket.ts';
import {
  loadRecording,
  mantissa,
  recordingsPresent,
  Truth,
  type Recording,
} from '../testing/recorded-truth.fuzz.ts';
import { createBinanceSpot, sandboxConfig } from './index.ts';
import { fixtureInstrument } from './testdata/fixtures.ts';

const DIFFS = LONG ? 1_000_000 : 1_200;
/** Frames between two faults: time to start over in. */
const STRIDE = 97;
const WINDOW = LONG ? 20_000 : 4_000;
const DEPTH = 200;
const LOOK_EVERY = 200;
/** A live book may be this far behind the venue's. */
const BEHIND_MS = 1_000;

const FAULTS = [
  'dropped',
  'twice',
  'late',
  'glued',
  'cut',
  'garbled',
  'renamed',
  'two dropped',
] as const;
type Fault = (typeof FAULTS)[number];

/** The product's own feed on a way that a test holds, and the book that its records make. */
class LiveFeed {
  readonly time: ManualTime;
  readonly book = new L2Book();
  readonly #recording: Recording;
  readonly #truth: Truth;
  #events: SocketEvents | undefined;
  #asked = 0;
  #answered = 0;
  /** The newest diff that the venue has made. */
  venueAt = 0;
  live = false;

  constructor(recording: Recording, truth: Truth, startMs: number) {
    this.#recording = recording;
    this.#truth = truth;
    this.time = new ManualTime(startMs);
  }

  /** Subscribes, and waits until the connection is confirmed. */
  async start(): Promise<void> {
    const sent: string[] = [];
    const connector = createBinanceSpot({
      config: sandboxConfig({ http: 'http://venue.test', ws: 'ws://venue.test', wsApi: 'ws://x' }),
      clock: this.time,
      scheduler: this.time,
      rng: new Xoshiro128(3),
      open: (_url, _limits, events) => {
        this.#events = events;
        return {
          send: (text) => sent.push(text),
          ping: () => undefined,
          terminate: () => undefined,
        };
      },
      fetch: async (url) => this.#answer(new URL(url)),
    });
    const client = connector.data({
      onRecords: (bytes, count) => this.#onRecords(bytes, count),
      onHealth: () => undefined,
      onUnknownMessage: () => undefined,
    });
    const { priceScale, quantityScale } = this.#recording;
    const instrument = { ...fixtureInstrument('BTCUSDT'), priceScale, quantityScale };
    client.subscribe([{ instrument, index: 0 }]);
    this.#events?.onOpen();
    const { id } = JSON.parse(sent[0] ?? '{}') as { readonly id?: number };
    this.hear(JSON.stringify({ result: null, id }));
    await this.settle();
  }

  hear(text: string): void {
    this.#events?.onMessage(Buffer.from(text));
  }

  /** Lets what the last message or timer began come to its end. */
  async settle(): Promise<void> {
    // A message is decoded at the end of its turn; only an answer over HTTP takes more turns.
    await Promise.resolve();
    while (this.#answered < this.#asked) {
      this.#answered = this.#asked;
      for (let turn = 0; turn < 12; turn += 1) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    }
  }

  #answer(url: URL): Response {
    this.#asked += 1;
    if (url.pathname === '/api/v3/time') {
      return new Response(JSON.stringify({ serverTime: this.time.nowMicros() / 1_000 }));
    }
    return new Response(this.#truth.snapshot(this.venueAt, 1_000));
  }

  #onRecords(bytes: Uint8Array, count: number): void {
    const records = new MarketRecords(count);
    records.bytes.set(bytes.subarray(0, count * MARKET_RECORD_BYTES));
    for (let row = 0; row < count; row += 1) {
      if (records.kind(row) === KIND_BOOK_STATUS) this.live = records.price(row) === BOOK_LIVE;
    }
    this.book.apply(records, 0, count);
  }
}

/** One run over a window of the recording with a fault at every `STRIDE`th frame from `offset` on. */
class Run {
  readonly #recording: Recording;
  readonly #truth: Truth;
  readonly #feed: LiveFeed;
  readonly #indexOf: ReadonlyMap<number, number>;
  readonly #top = new BookTop(DEPTH);
  #looked = 0;
  faults = 0;
  frames = 0;
  liveFrames = 0;

  constructor(
    recording: Recording,
    truth: Truth,
    indexOf: ReadonlyMap<number, number>,
    startMs: number,
  ) {
    this.#recording = recording;
    this.#truth = truth;
    this.#indexOf = indexOf;
    this.#feed = new LiveFeed(recording, truth, startMs);
  }

  async over(first: number, count: number, fault: Fault, offset: number): Promise<void> {
    const feed = this.#feed;
    const { frames } = this.#recording;
    feed.venueAt = frames.slice(0, first + 1).findLast(({ diff }) => diff !== undefined)?.diff ?? 0;
    await feed.start();
    let late: string | undefined;
    const last = Math.min(frames.length, first + count);
    for (let at = first; at < last; at += 1) {
      const frame = frames[at];
      if (frame === undefined) break;
      await this.#passUntil(frame.atMs);
      if (frame.diff !== undefined) feed.venueAt = frame.diff;
      const strikes = (at - first) % STRIDE === offset && at < last - 2 * STRIDE;
      if (strikes) this.faults += 1;
      const texts = strikes
        ? this.#spoilt(frame.text, frames[at + 1]?.text ?? '', fault)
        : [frame.text];
      if (strikes && fault === 'two dropped') at += 1;
      for (const text of texts) feed.hear(text);
      if (late !== undefined) feed.hear(late);
      late = strikes && fault === 'late' ? frame.text : undefined;
      await feed.settle();
      this.frames += 1;
      if (feed.live) this.liveFrames += 1;
      this.#assertNotBehind(frame.atMs);
      if ((at - first) % STRIDE === (offset + 3) % STRIDE || at % LOOK_EVERY === 0)
        this.#assertTrue();
    }
    this.#assertTrue();
    invariant(feed.live, 'a book that has been left in peace must be live again');
  }

  async #passUntil(ms: number): Promise<void> {
    const now = this.#feed.time.nowMicros() / 1_000;
    if (ms <= now) return;
    this.#feed.time.advance(ms - now);
    await this.#feed.settle();
  }

  #spoilt(text: string, next: string, fault: Fault): readonly string[] {
    const middle = text.length >> 1;
    switch (fault) {
      case 'dropped':
      case 'two dropped':
      case 'late':
        return [];
      case 'twice':
        return [text, text];
      case 'glued':
        return [text + next];
      case 'cut':
        return [text.slice(0, middle)];
      case 'garbled':
        return [`${text.slice(0, middle)}\u0001${text.slice(middle + 1)}`];
      case 'renamed':
        return [text.replace(/"(?:u|b)":/, '"x":')];
    }
  }

  /** A live book that lacks a change made a second ago is wrong without saying so. */
  #assertNotBehind(nowMs: number): void {
    const { live, book } = this.#feed;
    if (!live) return;
    const at = this.#indexOf.get(book.lastUpdateId);
    invariant(
      at !== undefined,
      `a live book must stand at an id of the stream, was ${book.lastUpdateId}`,
    );
    const next = this.#recording.diffs[at + 1];
    const behindMs = next === undefined ? 0 : nowMs - next.atMs;
    invariant(
      behindMs <= BEHIND_MS,
      `a live book must not be ${behindMs} ms behind, at ${book.lastUpdateId}`,
    );
  }

  #assertTrue(): void {
    const { live, book } = this.#feed;
    if (!live || book.lastUpdateId === this.#looked) return;
    this.#looked = book.lastUpdateId;
    const at = this.#indexOf.get(book.lastUpdateId);
    invariant(
      at !== undefined,
      `a live book must stand at an id of the stream, was ${book.lastUpdateId}`,
    );
    const { priceScale, quantityScale } = this.#recording;
    const { bids, asks } = this.#truth.best(at, DEPTH);
    book.top(this.#top);
    for (const [side, levels] of [['Bid', bids] as const, ['Ask', asks] as const]) {
      for (const [price, quantity] of levels) {
        const found = book.quantityAt(side, mantissa(price, priceScale));
        const expected = mantissa(quantity, quantityScale);
        invariant(
          found === expected,
          `${side} ${price} at ${book.lastUpdateId}: ${expected}, was ${found}`,
        );
      }
      const best = mantissa(levels[0]?.[0] ?? '0', priceScale);
      const [seen] = side === 'Bid' ? this.#top.bidPrices : this.#top.askPrices;
      invariant(seen === best, `best ${side} at ${book.lastUpdateId}: ${best}, was ${seen}`);
    }
  }
}

describe.skipIf(!recordingsPresent)('the feed of a recorded stream', () => {
  let recording: Recording;
  let indexOf: ReadonlyMap<number, number>;
  beforeAll(async () => {
    const shape = { symbol: 'BTCUSDT', priceScale: 2, quantityScale: 8 };
    recording = await loadRecording('binance_spot/btcusdt_20240808.txt.gz', shape, DIFFS);
    indexOf = new Map(recording.diffs.map(({ u }, index) => [u, index]));
  });

  test('whatever strikes a frame, a live book is the true one and at most a second old', async () => {
    const reached = await runSeeds('the feed on a bad way', 12, async (seed) => {
      // Seeds go through every fault at every place of the stride; the window moves on.
      const fault = FAULTS[seed % FAULTS.length] ?? 'dropped';
      const offset = Math.floor(seed / FAULTS.length) % STRIDE;
      const { frames } = recording;
      const places = Math.max(1, Math.floor(frames.length / WINDOW));
      const first = (seed % places) * WINDOW;
      const startMs = frames[first]?.atMs ?? 0;
      const run = new Run(recording, new Truth(recording), indexOf, startMs);
      await run.over(first, WINDOW, fault, offset);
      return { frames: run.frames, 'live frames': run.liveFrames, faults: run.faults };
    });
    expect(reached['live frames']).toBeGreaterThan((reached['frames'] ?? 0) / 2);
  });
});
