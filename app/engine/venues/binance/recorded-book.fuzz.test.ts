import { beforeAll, describe, expect, test } from 'vitest';
import { runScript, runSeeds, SEED } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { L2Book } from '../../native/compute/book.ts';
import {
  BOOK_LIVE,
  KIND_BID_LEVEL,
  KIND_BOOK_STATUS,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import { BinanceRecordedDecoder } from './recorded-decoder.ts';
import {
  loadRecording,
  mantissa,
  recordingsPresent,
  Truth,
  type Diff,
  type Level,
  type Recording,
} from './testing/recorded-truth.fuzz.ts';

const DIFFS_A_FILE = 3_000;
const WINDOW = 80;

/** What happens on the way: a diff comes as it was, or spoilt, or not, or a snapshot comes. Indices are those of the recording. */
type Step =
  | { readonly kind: 'diff' | 'twice' | 'merged' | 'glued' | 'overlapped'; readonly index: number }
  | { readonly kind: 'cut' | 'garbled' | 'renamed'; readonly index: number; readonly at: number }
  | { readonly kind: 'snapshot'; readonly index: number };

const KEYS = ['"U":', '"u":', '"pu":', '"s":', '"e":', '"b":', '"a":'];

/** Both diffs as one. */
function merged(first: Diff, second: Diff): string {
  const levels = (side: 'b' | 'a'): readonly Level[] => [
    ...new Map([...first[side], ...second[side]]),
  ];
  const { text: _text, ...data } = second;
  const ids = { U: first.U, ...(first.pu === undefined ? {} : { pu: first.pu }) };
  return JSON.stringify({
    stream: 'merged',
    data: { ...data, ...ids, b: levels('b'), a: levels('a') },
  });
}

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
function assertTrue(recording: Recording, truth: Truth, product: Product): void {
  if (!product.live) return;
  const { lastUpdateId } = product.book;
  const index = recording.diffs.findIndex(({ u }) => u === lastUpdateId);
  invariant(index >= 0, `a live book must stand at an id of the stream, was ${lastUpdateId}`);
  const { bids, asks } = truth.behind(index);
  for (const [side, levels] of [['Bid', bids] as const, ['Ask', asks] as const]) {
    const count = product.book.levels(side);
    invariant(count === levels.size, `${side} at ${lastUpdateId}: ${levels.size}, was ${count}`);
    for (const [price, quantity] of levels) {
      const found = product.book.quantityAt(side, mantissa(price, recording.priceScale));
      const expected = mantissa(quantity, recording.quantityScale);
      invariant(
        found === expected,
        `${side} ${price} at ${lastUpdateId}: ${expected}, was ${found}`,
      );
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
      this.#product.hear(this.#textsOf(step));
      this.frames += 1;
      if (this.#product.live) this.liveFrames += 1;
      // Every look costs more than many frames.
      if (step.kind === 'snapshot' || index % 6 === 5) this.#check();
    });
    this.#check();
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

  #check(): void {
    assertTrue(this.#recording, this.#truth, this.#product);
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
        return [merged(this.#diff(index), this.#diff(index + 1))];
      case 'overlapped':
        return [text, merged(this.#diff(index), this.#diff(index + 1))];
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

describe.skipIf(!recordingsPresent)('books of recorded streams', () => {
  const recordings: Recording[] = [];
  beforeAll(async () => {
    const spot = { symbol: 'BTCUSDT', priceScale: 2, quantityScale: 8 };
    recordings.push(
      await loadRecording('binance_spot/btcusdt_20240808.txt.gz', spot, DIFFS_A_FILE),
    );
    const perpetual = { symbol: 'BTCUSDT', priceScale: 1, quantityScale: 3 };
    recordings.push(
      await loadRecording('binance_usdm/btcusdt_20240808.txt.gz', perpetual, DIFFS_A_FILE),
    );
  });

  test('whatever is lost, late, repeated or spoilt, a live book is the true one', async () => {
    const reached = await runSeeds('recorded books on a bad way', 10, (seed) => {
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

  /** Forgets that levels end: wrong on purpose. */
  class StickyBook extends L2Book {
    override apply(records: MarketRecords, from: number, to: number): number {
      for (let row = from; row < to; row += 1) {
        const gone = records.kind(row) === KIND_BID_LEVEL && records.quantity(row) === 0;
        if (gone) return super.apply(records, from, row);
      }
      return super.apply(records, from, to);
    }
  }

  test('a book that is wrong on purpose is found', () => {
    const [recording] = recordings;
    invariant(recording !== undefined, 'a recording');
    const truth = new Truth(recording);
    const { script } = randomScript(new Xoshiro128(SEED), recording.diffs.length);
    const run = (some: readonly Step[]): void =>
      new Trial(recording, truth, new StickyBook()).run(some);
    expect(() => runScript(script, run)).toThrow(/(?:Bid|Ask).* was /);
  });
});
