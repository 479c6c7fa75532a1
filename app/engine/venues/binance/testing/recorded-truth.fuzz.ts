import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../../base/invariant.ts';
import { readWireRecording } from '../../../market-data/wire-recording.ts';

const FOLDER = join(import.meta.dirname, '../../../../../../shared/data/ws');

/** Whether the recorded streams are there. */
export const recordingsPresent: boolean = existsSync(FOLDER);
if (!recordingsPresent) console.warn(`recorded streams are not tried: ${FOLDER} is absent`);

const CHECKPOINT_EVERY = 250;

/** A price and a quantity as the venue writes them. */
export type Level = readonly [price: string, quantity: string];
type Side = Map<string, string>;

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
}

/** Decimal texts by price: the truth, made from the untouched stream. */
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

function setLevels(side: Side, levels: readonly Level[]): void {
  for (const [price, quantity] of levels) {
    if (/^[0.]+$/.test(quantity)) side.delete(price);
    else side.set(price, quantity);
  }
}

function advance(book: PlainBook, { b, a }: Diff): void {
  setLevels(book.bids, b);
  setLevels(book.asks, a);
}

/** The whole number of a decimal text at a scale. */
export function mantissa(text: string, scale: number): number {
  const [whole = '', fraction = ''] = text.split('.');
  return Number(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

/** Reads up to `most` diffs of a recording, from its first snapshot on. */
export async function loadRecording(
  file: string,
  shape: Pick<Recording, 'symbol' | 'priceScale' | 'quantityScale'>,
  most: number,
): Promise<Recording> {
  const recording: Recording = { ...shape, diffs: [], frames: [], checkpoints: [] };
  const early: Diff[] = [];
  let book: PlainBook | undefined;
  const take = (diff: Diff, onto: PlainBook): void => {
    advance(onto, diff);
    recording.frames.push({ text: diff.text, atMs: diff.atMs, diff: recording.diffs.length });
    recording.diffs.push(diff);
    if (recording.diffs.length % CHECKPOINT_EVERY === 0) recording.checkpoints.push(copied(onto));
  };
  for await (const line of readWireRecording(join(FOLDER, file))) {
    if (!line.ok || recording.diffs.length === most) break;
    const text = Buffer.from(line.value.raw).toString();
    const atMs = Number(line.value.receivedNanos / 1_000_000n);
    if (text.startsWith('{"lastUpdateId"')) {
      const { lastUpdateId, bids, asks } = JSON.parse(text) as SnapshotMessage;
      book = { bids: new Map(bids), asks: new Map(asks) };
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
    const diff = { ...data, text, atMs };
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

/** The true book at any diff of a recording. */
export class Truth {
  readonly #recording: Recording;
  #book: PlainBook | undefined;
  #at = -1;

  constructor(recording: Recording) {
    this.#recording = recording;
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
    return JSON.stringify({ lastUpdateId, ...this.best(index, depth) });
  }

  /** The best levels behind that diff, best first. */
  best(index: number, depth: number): { readonly bids: Level[]; readonly asks: Level[] } {
    const { bids, asks } = this.behind(index);
    const byPrice = ([one]: Level, [two]: Level): number => Number(one) - Number(two);
    return {
      bids: [...bids].sort((one, two) => byPrice(two, one)).slice(0, depth),
      asks: [...asks].sort(byPrice).slice(0, depth),
    };
  }
}
