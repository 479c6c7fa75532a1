import { beforeAll, describe, expect, test } from 'vitest';
import { LONG, runScript, runSeeds, SEED } from '../../../../build-tools/test/seeds.ts';
import { invariant, present } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  KIND_BOOK_STATUS,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import { BinanceRecordedDecoder } from './recorded-decoder.ts';
import {
  loadRecording,
  merged,
  recordingsPresent,
  Truth,
  type Diff,
  type Recording,
} from './testing/recorded-truth.fuzz.ts';
import { StickyBook } from './testing/sticky-book.fuzz.ts';

const DIFFS_A_FILE = LONG ? 1_000_000 : 3_000;
const WINDOW = 80;
/** Diffs of a run with a fault at every `STRIDE`th of them, and a snapshot in the middle between two. */
const RUN = 280;
const STRIDE = 7;
/** Best levels of a snapshot that the venue sends: more than are compared, and than prices move in a run. */
const SNAPSHOT_DEPTH = 1_000;
/** The longest that all faults at all diffs of the recordings may take. */
const NIGHTLY_SECONDS = 5_400;

/** What happens on the way: a diff comes as it was, or spoilt, or not, or a snapshot comes. Indices are those of the recording. */
type Step =
  | { readonly kind: 'diff' | 'twice' | 'merged' | 'glued' | 'overlapped'; readonly index: number }
  | { readonly kind: 'cut' | 'garbled' | 'renamed'; readonly index: number; readonly at: number }
  | { readonly kind: 'snapshot'; readonly index: number };

const KEYS = ['"U":', '"u":', '"pu":', '"s":', '"e":', '"b":', '"a":'];

/** The book as the product keeps it. */
class Product {
  readonly book: L2Book;
  readonly #decoder: BinanceRecordedDecoder;
  #lines = 0;
  live = false;
  refused = 0;

  constructor({ symbol, priceScale, quantityScale }: Recording, book: L2Book) {
    this.book = book;
    const instrument = { ...INSTRUMENT, symbol, priceScale, quantityScale };
    this.#decoder = new BinanceRecordedDecoder([instrument], {
      onRecords: (bytes, count) => this.#onRecords(bytes, count),
      onRefused: () => (this.refused += 1),
    });
  }

  hear(texts: readonly string[]): void {
    const lines = texts.map((text): WireLine => {
      this.#lines += 1;
      const raw = Buffer.from(text);
      return { file: 'fuzz', line: this.#lines, kind: 'Received', receivedNanos: 1n, raw };
    });
    this.#decoder.add(lines, BigInt(this.#lines));
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

/** Throws unless the book is marked as not live or is, level by level, the true one at its update id. */
function assertTrue(truth: Truth, product: Product): void {
  if (!product.live) return;
  const { lastUpdateId } = product.book;
  const { bids, asks } = truth.behind(truth.indexOf(lastUpdateId));
  for (const [side, levels] of [['Bid', bids] as const, ['Ask', asks] as const]) {
    const count = product.book.levels(side);
    invariant(count === levels.size, `${side} at ${lastUpdateId}: ${levels.size}, was ${count}`);
    for (const { price, quantity } of levels.values()) {
      const found = product.book.quantityAt(side, price);
      // The words are made only when they are needed: there are millions of levels.
      if (found !== quantity)
        throw new Error(`${side} ${price} at ${lastUpdateId}: ${quantity}, was ${found}`);
    }
  }
}

class Trial {
  readonly #recording: Recording;
  readonly #truth: Truth;
  readonly #product: Product;
  frames = 0;
  liveFrames = 0;

  constructor(recording: Recording, truth: Truth, book = new L2Book()) {
    this.#recording = recording;
    this.#truth = truth;
    this.#product = new Product(recording, book);
  }

  run(script: readonly Step[]): void {
    script.forEach((step, index) => {
      this.#hear(this.#textsOf(step));
      // Every look costs more than many frames.
      if (step.kind === 'snapshot' || index % 6 === 5) this.#check();
    });
    this.#check();
  }

  /** The same with snapshots of the best levels only: those are compared behind every frame, for that is cheap. */
  runBest(script: readonly Step[]): void {
    let before: Step | undefined;
    for (const step of script) {
      const { kind, index } = step;
      const best = kind === 'snapshot' ? [this.#truth.snapshot(index, SNAPSHOT_DEPTH)] : undefined;
      this.#hear(best ?? this.#textsOf(step));
      const { live, book } = this.#product;
      if (live) this.#truth.assertTop(book);
      const joined = before?.kind === 'snapshot' && kind === 'diff' && index === before.index + 1;
      invariant(live || !joined, 'a snapshot and the diff behind it must make the book live');
      before = step;
    }
  }

  /** A fresh snapshot and what follows it are enough, whatever came before. */
  recovers(index: number): void {
    this.#product.hear([this.#text(index), this.#truth.snapshot(index), this.#text(index + 1)]);
    invariant(this.#product.live, 'a fresh snapshot must make the book live');
    const { lastUpdateId } = this.#product.book;
    const last = this.#recording.diffs[index + 1]?.u;
    invariant(lastUpdateId === last, `the book must stand at ${last}, was ${lastUpdateId}`);
    this.#check();
  }

  #hear(texts: readonly string[]): void {
    this.#product.hear(texts);
    this.frames += 1;
    if (this.#product.live) this.liveFrames += 1;
  }

  #check(): void {
    assertTrue(this.#truth, this.#product);
  }

  #diff(index: number): Diff {
    const diff = this.#recording.diffs[index];
    invariant(diff !== undefined, `no diff ${index}`);
    return diff;
  }

  #text(index: number): string {
    return this.#diff(index).text;
  }

  #textsOf(step: Step): readonly string[] {
    const { index } = step;
    if (step.kind === 'snapshot') return [this.#truth.snapshot(index)];
    const text = this.#text(index);
    switch (step.kind) {
      case 'diff':
        return [text];
      case 'twice':
        return [text, text];
      case 'merged':
        return [merged([this.#diff(index), this.#diff(index + 1)])];
      case 'overlapped':
        return [text, merged([this.#diff(index), this.#diff(index + 1)])];
      case 'glued':
        return [text + this.#text(index + 1)];
      case 'cut':
        return [text.slice(0, step.at % text.length)];
      case 'renamed':
        return [text.replace(KEYS[step.at % KEYS.length] ?? '', '"x":')];
      case 'garbled': {
        const at = step.at % text.length;
        // A digit that became another cannot be seen in a stream without checksums; this can.
        return [`${text.slice(0, at)}\u0001${text.slice(at + 1)}`];
      }
    }
  }
}

const SPOILT = ['twice', 'merged', 'glued', 'overlapped', 'cut', 'garbled', 'renamed'] as const;

/** A way through a window of the recording on which a few or many frames are lost, late, repeated or spoilt. */
function randomScript(rng: Rng, diffs: number): { script: readonly Step[]; end: number } {
  const first = rng.nextBelow(diffs - WINDOW - 4);
  const faults = rng.nextBelow(30);
  const script: Step[] = [];
  const late: { readonly step: Step; readonly at: number }[] = [];
  for (let index = first; index < first + WINDOW; index += 1) {
    if (index === first + 3 || rng.nextBelow(20) === 0) {
      script.push({ kind: 'snapshot', index: Math.max(first, index - rng.nextBelow(6)) });
    }
    for (const { step } of late.filter(({ at }) => at === index)) script.push(step);
    if (rng.nextBelow(100) >= faults) {
      script.push({ kind: 'diff', index });
      continue;
    }
    const fault = rng.nextBelow(SPOILT.length + 2);
    const kind = SPOILT[fault];
    const at = rng.nextBelow(100_000);
    if (kind === 'cut' || kind === 'garbled' || kind === 'renamed') {
      script.push({ kind, index, at });
    } else if (kind !== undefined) {
      script.push({ kind, index });
      // What was merged does not come again, most of the time.
      if (kind === 'merged' && rng.nextBelow(4) > 0) index += 1;
    } else if (fault === SPOILT.length) {
      late.push({ step: { kind: 'diff', index }, at: index + 1 + rng.nextBelow(5) });
    }
  }
  return { script, end: first + WINDOW };
}

const FAULTS = [...SPOILT, 'late', 'dropped'] as const;

/** A way through the recording from `first` on with one kind of fault at every `STRIDE`th diff from `offset` on. */
function faultyScript(
  rng: Rng,
  fault: (typeof FAULTS)[number],
  { first, end, offset }: { readonly first: number; readonly end: number; readonly offset: number },
): { readonly script: readonly Step[]; readonly faults: number } {
  // A snapshot does not name its book: a diff before it does.
  const script: Step[] = [
    { kind: 'diff', index: first },
    { kind: 'snapshot', index: first },
  ];
  let faults = 0;
  for (let index = first + 1; index < end; index += 1) {
    const place = (index - first - 1) % STRIDE;
    // The diff that a merged one has in it does not come again: what comes behind it is next.
    if (place === (offset + 1) % STRIDE && fault === 'merged' && faults > 0) continue;
    if (place !== offset) script.push({ kind: 'diff', index });
    else {
      faults += 1;
      const at = rng.nextBelow(100_000);
      if (fault === 'cut' || fault === 'garbled' || fault === 'renamed') {
        script.push({ kind: fault, index, at });
      } else if (fault !== 'late' && fault !== 'dropped') script.push({ kind: fault, index });
    }
    if (place === (offset + 1) % STRIDE && fault === 'late' && faults > 0) {
      script.push({ kind: 'diff', index: index - 1 });
    }
    if (place === (offset + 4) % STRIDE) script.push({ kind: 'snapshot', index });
  }
  return { script, faults };
}

describe.skipIf(!recordingsPresent)('books of recorded streams', () => {
  const recordings: Recording[] = [];
  beforeAll(async () => {
    const spot = { symbol: 'BTCUSDT', priceScale: 2, quantityScale: 8 };
    recordings.push(
      await loadRecording(['binance_spot/btcusdt_20240808.txt.gz'], spot, DIFFS_A_FILE),
    );
    const perpetual = { symbol: 'BTCUSDT', priceScale: 1, quantityScale: 3 };
    recordings.push(
      await loadRecording(['binance_usdm/btcusdt_20240808.txt.gz'], perpetual, DIFFS_A_FILE),
    );
  });

  test('whatever is lost, late, repeated or spoilt, a live book is the true one', async () => {
    const reached = await runSeeds('recorded books on a bad way', 6, (seed) => {
      const rng = new Xoshiro128(seed);
      const recording = recordings[seed % recordings.length];
      invariant(recording !== undefined && recording.diffs.length > WINDOW * 2, 'a recording');
      const truth = new Truth(recording);
      const { script, end } = randomScript(rng, recording.diffs.length);
      let reachedHere = {};
      runScript(script, (some) => {
        const trial = new Trial(recording, truth);
        trial.run(some);
        trial.recovers(end);
        reachedHere = { frames: trial.frames, 'live frames': trial.liveFrames };
      });
      return reachedHere;
    });
    expect(reached['live frames']).toBeGreaterThan(0);
  });

  test('whatever strikes a diff, a live book is the true one behind every frame', async () => {
    const truths = recordings.map((recording) => ({ recording, truth: new Truth(recording) }));
    const runs = truths.flatMap(({ recording, truth }) => {
      // What is merged or glued needs the diff behind it.
      const last = recording.diffs.length - 2;
      const firsts = Array.from({ length: Math.ceil(last / RUN) }, (_, run) => run * RUN);
      return firsts.map((first) => ({
        recording,
        truth,
        first,
        end: Math.min(last, first + RUN + 1),
      }));
    });
    const trials = runs.length * FAULTS.length * STRIDE;
    const reached = await runSeeds(
      'faults at recorded diffs',
      4,
      (seed) => {
        // So many seeds in a row as there are trials: every fault at every diff, wherever they begin.
        const run = present(runs[seed % runs.length], 'a run');
        const fault = present(FAULTS[Math.floor(seed / runs.length) % FAULTS.length], 'a fault');
        const offset = Math.floor(seed / runs.length / FAULTS.length) % STRIDE;
        const { script, faults } = faultyScript(new Xoshiro128(seed), fault, { ...run, offset });
        const trial = new Trial(run.recording, run.truth);
        trial.runBest(script);
        return { frames: trial.frames, 'live frames': trial.liveFrames, faults };
      },
      { of: 'trials', count: trials, seconds: NIGHTLY_SECONDS },
    );
    expect(reached['live frames']).toBeGreaterThan((reached['frames'] ?? 0) / 2);
  });

  test('a book that is wrong on purpose is found', () => {
    const [recording] = recordings;
    invariant(recording !== undefined, 'a recording');
    const truth = new Truth(recording);
    const { script } = randomScript(new Xoshiro128(SEED), recording.diffs.length);
    const run = (some: readonly Step[]): void =>
      new Trial(recording, truth, new StickyBook()).run(some);
    expect(() => runScript(script, run)).toThrow(/(?:Bid|Ask).* was /);
    const whole = faultyScript(new Xoshiro128(SEED), 'twice', { first: 0, end: RUN, offset: 0 });
    expect(() => new Trial(recording, truth, new StickyBook()).runBest(whole.script)).toThrow(
      /of Bid: .* was /,
    );
  });
});
