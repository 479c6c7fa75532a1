import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { memoryFolder } from '../../../../../build-tools/test/seeds.ts';
import { invariant } from '../../../base/invariant.ts';
import { Xoshiro128 } from '../../../base/rng.ts';
import type { JournalDamage } from '../journal-binding.ts';
import { JournalFile, type JournalFileOptions } from '../journal-file.ts';
import { JournalRecords, readJournal } from '../journal-reader.ts';

// Journals whose every record follows from its sequence, so that an invented one shows.

/** Layout of a segment, of native/core/journal/format.hpp. */
export const BLOCK: number = 64 * 1024;
export const SEGMENT_HEADER = 128;
export const RECORD_HEADER = 32;
const CHAIN_KIND = 0xffff;

/** Folders in memory that are gone when it is disposed of. */
export class JournalFolders implements Disposable {
  readonly #root = mkdtempSync(join(memoryFolder(), 'qd-journal-sim-'));
  #folders = 0;

  /** A new, empty folder. */
  next(): string {
    this.#folders += 1;
    const folder = join(this.#root, String(this.#folders));
    mkdirSync(folder);
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

const payloads = new Map<number, Uint8Array>();

/** Payload, kind, schema and time of a record follow from its sequence, so that an invented one shows. */
export function payloadOf(sequence: number): Uint8Array {
  const known = payloads.get(sequence);
  if (known !== undefined) return known;
  const rng = new Xoshiro128(sequence);
  const payload = Uint8Array.from({ length: rng.nextBelow(400) }, () => rng.nextBelow(256));
  payloads.set(sequence, payload);
  return payload;
}

/** Appends the record of `sequence`; what the journal answers. */
export function append(file: JournalFile, sequence: number): number {
  const time = BigInt(sequence) * 1_000_003n;
  return file.append(sequence % 100, sequence % 7, time, payloadOf(sequence));
}

/** Opens or continues a journal. */
export function opened(folder: string, options: JournalFileOptions): JournalFile {
  const journal = JournalFile.open(folder, options);
  if (!journal.ok) throw new Error(`${journal.error.code} ${journal.error.detail}`);
  return journal.value;
}

/** What a reader found. */
export interface Reading {
  readonly sequences: readonly number[];
  readonly damages: readonly JournalDamage[];
}

const records = new JournalRecords(512, BLOCK * 4);

/** Every record, each compared with what was written under its sequence. */
export function readAll(folder: string): Reading {
  const reader = readJournal(folder);
  if (!reader.ok) throw new Error(`${reader.error.code} ${reader.error.detail}`);
  const sequences: number[] = [];
  while (reader.value.next(records) > 0) {
    for (let row = 0; row < records.count; row += 1) {
      const sequence = records.sequences[row] ?? -1;
      const same =
        records.kinds[row] === sequence % 100 &&
        records.schemas[row] === sequence % 7 &&
        records.tsInitNanos[row] === BigInt(sequence) * 1_000_003n &&
        Buffer.compare(records.payload(row), payloadOf(sequence)) === 0;
      invariant(same, `record ${sequence} must be what was written`);
      sequences.push(sequence);
    }
  }
  return { sequences, damages: reader.value.summary.damages };
}

/** Throws unless exactly the records 1..`count` are there, undamaged. */
export function assertHolds(folder: string, count: number): void {
  const { sequences, damages } = readAll(folder);
  invariant(
    sequences.length === count && sequences.every((sequence, index) => sequence === index + 1),
    `records 1..${count} must be there, were ${sequences.length} up to ${sequences.at(-1)}`,
  );
  invariant(damages.length === 0, `no damage must be left, was ${damages[0]?.reason}`);
}

/** Where each record ends, read from the bytes by the layout alone. */
export function endsOf(bytes: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = SEGMENT_HEADER; at + RECORD_HEADER <= bytes.length;) {
    // Behind the last record it is zero.
    if (bytes.readBigUInt64LE(at + 8) === 0n) break;
    const kind = bytes.readUInt16LE(at + 18);
    at += RECORD_HEADER + Math.ceil(bytes.readUInt32LE(at) / 8) * 8;
    if (kind !== CHAIN_KIND) ends.push(at);
  }
  return ends;
}
