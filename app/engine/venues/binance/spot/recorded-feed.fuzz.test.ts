import { describe, expect, test } from 'vitest';
import { LONG, runSeeds } from '../../../../../build-tools/test/seeds.ts';
import { invariant, present } from '../../../base/invariant.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import { L2Book } from '../../../native/compute/book.ts';
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
  merged,
  recordingsPresent,
  Truth,
  type Diff,
  type RecordedFrame,
  type Recording,
} from '../testing/recorded-truth.fuzz.ts';
import { StickyBook } from '../testing/sticky-book.fuzz.ts';
import { createBinanceSpot, sandboxConfig } from './index.ts';
import { fixtureInstrument } from './testdata/fixtures.ts';

const RECORDINGS = [
  ['BTCUSDT', ['btcusdt_20240808', 'btcusdt_20240809']],
  ['ETHUSDT', ['ethusdt_20240808']],
] as const;
const DIFFS = LONG ? 1_000_000 : 1_200;
/** Frames between two faults: time to start over in. */
const STRIDE = 13;
/** A book that has been left in peace for so long must be live again: the longest wait for a snapshot, and one more. */
const PEACE_MS = 32_000;
const WINDOW = LONG ? 20_000 : 4_000;
/** Fewer trials may all be of one kind of fault, in places that it strikes hard. */
const ENOUGH_TRIALS = 60;
/** A live book may be this far behind the venue's. */
const BEHIND_MS = 1_000;
/** The longest that all faults at all frames of a recording may take. */
const NIGHTLY_SECONDS = 5_400;

const FAULTS = [
  'dropped',
  'twice',
  'late',
  'merged',
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
  readonly book: L2Book;
  readonly #recording: Recording;
  readonly #truth: Truth;
  #events: SocketEvents | undefined;
  #asked = 0;
  #answered = 0;
  /** The newest diff that the venue has made. */
  venueAt = 0;
  live = false;

  constructor(recording: Recording, truth: Truth, startMs: number, book: L2Book) {
    this.book = book;
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
    const { symbol, priceScale, quantityScale } = this.#recording;
    const instrument = { ...fixtureInstrument('BTCUSDT'), symbol, priceScale, quantityScale };
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
  readonly #fault: Fault;
  /** Held back to come behind the next frame. */
  #late: string | undefined;
  /** Held back to be part of the next diff. */
  #merging: Diff[] = [];
  #looked = 0;
  faults = 0;
  /** Of those, how many struck a live book. */
  liveFaults = 0;
  frames = 0;
  liveFrames = 0;

  constructor(
    recording: Recording,
    truth: Truth,
    fault: Fault,
    startMs: number,
    book = new L2Book(),
  ) {
    this.#recording = recording;
    this.#truth = truth;
    this.#fault = fault;
    this.#feed = new LiveFeed(recording, truth, startMs, book);
  }

  /** Faults strike from `first` on until `end`; then the recording goes on in peace until the book is live. */
  async over(first: number, end: number, offset: number): Promise<void> {
    const feed = this.#feed;
    const { frames } = this.#recording;
    feed.venueAt = frames.slice(0, first + 1).findLast(({ diff }) => diff !== undefined)?.diff ?? 0;
    await feed.start();
    let lastFaultMs = -Infinity;
    for (let at = first; at < frames.length; at += 1) {
      const frame = frames[at];
      const waited = (frame?.atMs ?? 0) - lastFaultMs;
      if (frame === undefined || (at >= end && (feed.live || waited > PEACE_MS))) break;
      await this.#passUntil(frame.atMs);
      if (frame.diff !== undefined) feed.venueAt = frame.diff;
      const strikes = (at - first) % STRIDE === offset && at < end;
      if (strikes) {
        lastFaultMs = frame.atMs;
        this.faults += 1;
        if (feed.live) this.liveFaults += 1;
      }
      const late = this.#late;
      this.#late = undefined;
      const texts = strikes ? this.#spoilt(frame, frames[at + 1]?.text ?? '') : this.#whole(frame);
      if (strikes && this.#fault === 'two dropped') at += 1;
      for (const text of texts) feed.hear(text);
      if (late !== undefined) feed.hear(late);
      await feed.settle();
      this.frames += 1;
      if (feed.live) this.liveFrames += 1;
      this.#assertTrue(frame.atMs);
    }
    const peaceMs = (frames.at(-1)?.atMs ?? 0) - lastFaultMs;
    invariant(
      feed.live || peaceMs <= PEACE_MS,
      'a book that has been left in peace must be live again',
    );
  }

  async #passUntil(ms: number): Promise<void> {
    const now = this.#feed.time.nowMicros() / 1_000;
    if (ms <= now) return;
    this.#feed.time.advance(ms - now);
    await this.#feed.settle();
  }

  #whole({ text, diff }: RecordedFrame): readonly string[] {
    if (diff === undefined || this.#merging.length === 0) return [text];
    const diffs = [...this.#merging, present(this.#recording.diffs[diff], 'a diff')];
    this.#merging = [];
    return [merged(diffs)];
  }

  #spoilt({ text, diff }: RecordedFrame, next: string): readonly string[] {
    const middle = text.length >> 1;
    switch (this.#fault) {
      case 'dropped':
      case 'two dropped':
        return [];
      case 'twice':
        return [text, text];
      case 'late':
        this.#late = text;
        return [];
      case 'merged':
        if (diff === undefined) return [text];
        this.#merging.push(present(this.#recording.diffs[diff], 'a diff'));
        return [];
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

  /** A live book is the true one of its update id, and lacks no change made a second ago: it would be wrong without saying so. */
  #assertTrue(nowMs: number): void {
    const { live, book } = this.#feed;
    if (!live) return;
    const { lastUpdateId } = book;
    const next = this.#recording.diffs[this.#truth.indexOf(lastUpdateId) + 1];
    const behindMs = next === undefined ? 0 : nowMs - next.atMs;
    invariant(
      behindMs <= BEHIND_MS,
      `a live book must not be ${behindMs} ms behind, at ${lastUpdateId}`,
    );
    if (lastUpdateId !== this.#looked) this.#truth.assertTop(book);
    this.#looked = lastUpdateId;
  }
}

describe.skipIf(!recordingsPresent)('the feed of a recorded stream', () => {
  test.each(RECORDINGS)(
    'of %s: whatever strikes a frame, a live book is the true one and at most a second old',
    async (symbol, files) => {
      const shape = { symbol, priceScale: 2, quantityScale: 8 };
      const paths = files.map((file) => `binance_spot/${file}.txt.gz`);
      const recording = await loadRecording(paths, shape, DIFFS);
      const truth = new Truth(recording);
      const { frames } = recording;
      const windows = Math.ceil(frames.length / WINDOW);
      const trials = windows * FAULTS.length * STRIDE;
      const reached = await runSeeds(
        `the feed of ${symbol} on a bad way`,
        6,
        async (seed) => {
          // So many seeds in a row as there are trials: every fault at every frame, wherever they begin.
          const fault = present(FAULTS[Math.floor(seed / windows) % FAULTS.length], 'a fault');
          const offset = Math.floor(seed / windows / FAULTS.length) % STRIDE;
          const first = (seed % windows) * WINDOW;
          const run = new Run(recording, truth, fault, frames[first]?.atMs ?? 0);
          await run.over(first, first + WINDOW, offset);
          const { faults, liveFaults, liveFrames } = run;
          return {
            frames: run.frames,
            'live frames': liveFrames,
            faults,
            'faults in a live book': liveFaults,
          };
        },
        { of: 'trials', count: trials, seconds: NIGHTLY_SECONDS },
      );
      // Of few trials, on a machine that is slow, the faults that end a book may be most.
      const share = (reached['trials'] ?? 0) >= ENOUGH_TRIALS ? 0.5 : 0.1;
      expect(reached['live frames']).toBeGreaterThan((reached['frames'] ?? 0) * share);
    },
  );

  test('a book that is wrong on purpose is found', async () => {
    const shape = { symbol: 'BTCUSDT', priceScale: 2, quantityScale: 8 };
    const recording = await loadRecording(['binance_spot/btcusdt_20240808.txt.gz'], shape, 200);
    const startMs = recording.frames[0]?.atMs ?? 0;
    const sticky = new StickyBook();
    const run = new Run(recording, new Truth(recording), 'twice', startMs, sticky);
    await expect(run.over(0, WINDOW, 0)).rejects.toThrow(/of Bid: .* was /);
  });
});
