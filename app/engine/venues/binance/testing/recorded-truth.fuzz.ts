import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invariant, present } from '../../../base/invariant.ts';
import { readWireRecording } from '../../../market-data/wire-recording.ts';
import { BookTop, type L2Book } from '../../../native/compute/book.ts';

const FOLDER = join(import.meta.dirname, '../../../../../../shared/data/ws');

/** Whether the recorded streams are there. */
export const recordingsPresent: boolean = existsSync(FOLDER);
if (!recordingsPresent) console.warn(`recorded streams are not tried: ${FOLDER} is absent`);

const CHECKPOINT_EVERY = 250;

/** A price and a quantity as the venue writes them. */
export type Level = readonly [price: string, quantity: string];

/** The same as whole numbers at the instrument's scales. */
export interface BookLevel {
  readonly price: number;
  readonly quantity: number;
  readonly text: Level;
}
type Side = Map<number, BookLevel>;

/** A recorded diff as plain JSON gives it. */
export interface Diff {
  readonly text: string;
  /** When it was received, milliseconds. */
  readonly atMs: number;
  readonly U: number;
  readonly u: number;
  readonly pu?: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

/** Levels by price: the truth, made from the untouched stream. */
interface PlainBook {
  readonly bids: Side;
  readonly asks: Side;
}

/** A message of a recorded stream; `diff` is its number among the diffs. */
export interface RecordedFrame {
  readonly text: string;
  readonly atMs: number;
  readonly diff?: number;
}

/** A recorded stream and what its book truly was. */
export interface Recording {
  readonly symbol: string;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly diffs: Diff[];
  /** Every message from the first diff on. */
  readonly frames: RecordedFrame[];
  /** The book after every `CHECKPOINT_EVERY`th diff, from the one before the first on. */
  readonly checkpoints: PlainBook[];
}

function copied({ bids, asks }: PlainBook): PlainBook {
  return { bids: new Map(bids), asks: new Map(asks) };
}

function setLevels(side: Side, levels: readonly BookLevel[]): void {
  for (const level of levels) {
    if (level.quantity === 0) side.delete(level.price);
    else side.set(level.price, level);
  }
}

function advance(book: PlainBook, { bids, asks }: Diff): void {
  setLevels(book.bids, bids);
  setLevels(book.asks, asks);
}

/** The whole number of a decimal text at a scale. */
function mantissa(text: string, scale: number): number {
  const [whole = '', fraction = ''] = text.split('.');
  return Number(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

/** Diffs that follow one another as one, as a venue writes it that was slower. */
export function merged(diffs: readonly Diff[]): string {
  const [first, last] = [present(diffs[0], 'a diff'), present(diffs.at(-1), 'a diff')];
  const { stream, data } = JSON.parse(last.text) as { stream: string; data: object };
  const levels = (side: 'b' | 'a'): readonly Level[] => [
    ...new Map(diffs.flatMap((diff) => diff[side])),
  ];
  const ids = { U: first.U, ...(first.pu === undefined ? {} : { pu: first.pu }) };
  return JSON.stringify({ stream, data: { ...data, ...ids, b: levels('b'), a: levels('a') } });
}

/** The lines of recordings that follow one another. */
async function* linesOf(files: readonly string[]): ReturnType<typeof readWireRecording> {
  for (const file of files) yield* readWireRecording(join(FOLDER, file));
}

/** Reads up to `most` diffs of a recording, from its first snapshot on; it may be in several files. */
export async function loadRecording(
  files: readonly string[],
  shape: Pick<Recording, 'symbol' | 'priceScale' | 'quantityScale'>,
  most: number,
): Promise<Recording> {
  const recording: Recording = { ...shape, diffs: [], frames: [], checkpoints: [] };
  const early: Diff[] = [];
  let book: PlainBook | undefined;
  const levelsOf = (levels: readonly Level[]): readonly BookLevel[] =>
    levels.map((text) => ({
      price: mantissa(text[0], shape.priceScale),
      quantity: mantissa(text[1], shape.quantityScale),
      text,
    }));
  const sideOf = (levels: readonly Level[]): Side =>
    new Map(levelsOf(levels).map((level) => [level.price, level]));
  const take = (diff: Diff, onto: PlainBook): void => {
    advance(onto, diff);
    recording.frames.push({ text: diff.text, atMs: diff.atMs, diff: recording.diffs.length });
    recording.diffs.push(diff);
    if (recording.diffs.length % CHECKPOINT_EVERY === 0) recording.checkpoints.push(copied(onto));
  };
  for await (const line of linesOf(files)) {
    if (!line.ok || recording.diffs.length === most) break;
    const text = Buffer.from(line.value.raw).toString();
    const atMs = Number(line.value.receivedNanos / 1_000_000n);
    if (text.startsWith('{"lastUpdateId"')) {
      const { lastUpdateId, bids, asks } = JSON.parse(text) as SnapshotMessage;
      book = { bids: sideOf(bids), asks: sideOf(asks) };
      const behind = early.filter(({ u }) => u > lastUpdateId);
      const [first, ...rest] = behind;
      // The first diff behind the snapshot is part of the book that the trials begin with.
      if (first !== undefined) advance(book, first);
      recording.checkpoints.push(copied(book));
      for (const diff of rest) take(diff, book);
      continue;
    }
    if (!text.includes('"depthUpdate"')) {
      if (recording.diffs.length > 0) recording.frames.push({ text, atMs });
      continue;
    }
    const { data } = JSON.parse(text) as { readonly data: Omit<Diff, 'text' | 'atMs'> };
    const diff = { ...data, text, atMs, bids: levelsOf(data.b), asks: levelsOf(data.a) };
    if (book === undefined) early.push(diff);
    else if (recording.checkpoints.length > 0) take(diff, book);
  }
  return recording;
}

interface SnapshotMessage {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The best levels of both sides, best first. */
interface Best {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

function differenceOf(
  side: string,
  levels: readonly BookLevel[],
  prices: Float64Array,
  quantities: Float64Array,
): string | undefined {
  for (const [at, { price, quantity }] of levels.entries()) {
    if (prices[at] === price && quantities[at] === quantity) continue;
    const found = `${quantities[at]} at ${prices[at]}`;
    return `level ${at} of ${side}: ${quantity} at ${price}, was ${found}`;
  }
  return undefined;
}

/** How many levels of a side `assertTop` compares. */
const COMPARED = 200;

/** The true book at any diff of a recording. */
export class Truth {
  readonly #recording: Recording;
  readonly #indices: ReadonlyMap<number, number>;
  readonly #best = new Map<number, Best>();
  readonly #top = new BookTop(COMPARED);
  #book: PlainBook | undefined;
  #at = -1;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#indices = new Map(recording.diffs.map(({ u }, index) => [u, index]));
  }

  /** The diff of an update id that a live book stands at; throws when there is none. */
  indexOf(updateId: number): number {
    const index = this.#indices.get(updateId);
    invariant(
      index !== undefined,
      `a live book must stand at an id of the stream, was ${updateId}`,
    );
    return index;
  }

  /** Throws unless the best levels of a live book are the true ones at its update id. */
  assertTop(book: L2Book): void {
    const { lastUpdateId } = book;
    const index = this.indexOf(lastUpdateId);
    const known = this.#best.get(index) ?? this.best(index, COMPARED);
    this.#best.set(index, known);
    const top = this.#top;
    book.top(top);
    const difference =
      differenceOf('Bid', known.bids, top.bidPrices, top.bidQuantities) ??
      differenceOf('Ask', known.asks, top.askPrices, top.askQuantities);
    if (difference !== undefined) throw new Error(`at ${lastUpdateId}: ${difference}`);
  }

  /** The book behind the diff of that index; valid until asked again. */
  behind(index: number): PlainBook {
    const { checkpoints, diffs } = this.#recording;
    if (this.#book === undefined || this.#at > index || index - this.#at > CHECKPOINT_EVERY) {
      const checkpoint = Math.floor((index + 1) / CHECKPOINT_EVERY);
      const found = checkpoints[checkpoint];
      invariant(found !== undefined, `no checkpoint ${checkpoint}`);
      this.#book = copied(found);
      this.#at = checkpoint * CHECKPOINT_EVERY - 1;
    }
    for (const diff of diffs.slice(this.#at + 1, index + 1)) advance(this.#book, diff);
    this.#at = index;
    return this.#book;
  }

  /** The venue's answer that states the book behind that diff, whole or of its best levels. */
  snapshot(index: number, depth = Number.MAX_SAFE_INTEGER): string {
    const lastUpdateId = this.#recording.diffs[index]?.u;
    const { bids, asks } = this.best(index, depth);
    const texts = (levels: readonly BookLevel[]): readonly Level[] =>
      levels.map(({ text }) => text);
    return JSON.stringify({ lastUpdateId, bids: texts(bids), asks: texts(asks) });
  }

  /** The best levels behind that diff, best first. */
  best(index: number, depth: number): Best {
    const { bids, asks } = this.behind(index);
    const sorted = (side: Side): Float64Array => Float64Array.from(side.keys()).sort();
    const levels = (prices: Float64Array, side: Side): readonly BookLevel[] =>
      Array.from(prices.subarray(0, depth), (price) => present(side.get(price), 'a level'));
    return { bids: levels(sorted(bids).reverse(), bids), asks: levels(sorted(asks), asks) };
  }
}
