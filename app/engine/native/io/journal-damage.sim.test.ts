import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG, runSeeds } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { JournalFile, type JournalFileOptions } from './journal-file.ts';
import {
  append,
  assertHolds,
  BLOCK,
  endsOf,
  JournalFolders,
  opened,
  readAll,
  SEGMENT_HEADER,
} from './testing/written-journal.ts';

const folders = new JournalFolders();
afterAll(() => folders[Symbol.dispose]());

describe('older segments', () => {
  const options: JournalFileOptions = { segmentBytes: 8192, blockBytes: 2048, groupMs: 1000 };
  const RECORDS = 220;
  const FLIPS = 1_000_000;
  const SECTOR = 512;
  let folder = '';
  let paths: readonly string[] = [];
  let good: readonly Buffer[] = [];
  beforeAll(() => {
    folder = folders.next();
    const file = opened(folder, options);
    for (let sequence = 1; sequence <= RECORDS; sequence += 1) append(file, sequence);
    file.close();
    assertHolds(folder, RECORDS);
    paths = readdirSync(folder)
      .filter((entry) => entry.endsWith('.qdj'))
      .sort()
      .map((entry) => join(folder, entry));
    good = paths.map((path) => readFileSync(path));
    expect(paths.length).toBeGreaterThan(5);
  });

  /** Where the records of a segment end that hold any of the bytes from `from` to `to`. */
  function recordsIn(index: number, from: number, to: number): number {
    const bytes = good[index] ?? Buffer.alloc(0);
    if (from < SEGMENT_HEADER) return RECORDS;
    const ends = endsOf(bytes);
    const begins = [SEGMENT_HEADER, ...ends.slice(0, -1)];
    return ends.filter((end, at) => end > from && (begins[at] ?? 0) < to).length;
  }

  /** The damage is found and named at the segment or where the next one does not follow; all but what it touches is read, and nothing is appended to it. */
  function assertFound(index: number, from: number, touched: number): void {
    const { sequences, damages } = readAll(folder);
    const [first] = damages;
    invariant(first !== undefined, 'it must be found');
    const here = first.file === paths[index] && first.offset < from + BLOCK;
    const next = first.file === paths[index + 1] && first.offset === 0;
    invariant(here || next, `${paths[index]} must be named, was ${first.file}`);
    invariant(next || first.offset <= from, `a place up to ${from} must be named`);
    const lost = RECORDS - sequences.length;
    invariant(lost <= touched, `at most ${touched} records must be lost, were ${lost}`);
    const again = JournalFile.open(folder, options);
    invariant(!again.ok && again.error.code === 'JOURNAL_DAMAGED', 'it must not be continued');
  }

  /** Overwrites a part of one segment, looks, and puts back what was there. */
  function withPart(index: number, at: number, part: Buffer, look: () => void): void {
    const file = openSync(paths[index] ?? '', 'r+');
    try {
      writeSync(file, part, 0, part.length, at);
      look();
    } finally {
      writeSync(file, good[index] ?? part, at, part.length, at);
      closeSync(file);
    }
  }

  test('a flipped bit is found and named, the rest is read, and nothing is appended to it', async () => {
    let flips = 0;
    await runSeeds('flipped bits of older journal segments', LONG ? 40 : 4, (seed) => {
      if (flips === FLIPS) return undefined;
      const rng = new Xoshiro128(seed);
      const index = rng.nextBelow(paths.length - 1);
      const bytes = good[index] ?? Buffer.alloc(0);
      const at = rng.nextBelow(bytes.length);
      const flipped = Buffer.of((bytes[at] ?? 0) ^ (1 << rng.nextBelow(8)));
      withPart(index, at, flipped, () => {
        try {
          assertFound(index, at, at < SEGMENT_HEADER ? RECORDS : 2);
        } catch (error) {
          throw new Error(`byte ${at} of ${paths[index]}: ${String(error)}`, { cause: error });
        }
      });
      flips += 1;
      return {};
    });
    assertHolds(folder, RECORDS);
    expect(flips).toBeGreaterThan(LONG ? FLIPS - 1 : 0);
  });

  /** Bytes to write, and the segment they are of. */
  interface Part {
    readonly bytes: Buffer;
    readonly from?: number;
  }

  /** Every place of an older segment, in sectors, that `part` says something else about. */
  function everySector(part: (index: number, at: number) => readonly Part[]): number {
    let cases = 0;
    for (const [index, bytes] of good.slice(0, -1).entries()) {
      for (let at = 0; at + SECTOR <= bytes.length; at += SECTOR) {
        for (const { bytes: other, from } of part(index, at)) {
          const until = at + other.length;
          if (bytes.compare(other, 0, other.length, at, until) === 0) continue;
          withPart(index, at, other, () => {
            // Records of this segment from a later place are taken for what comes next, and hide what is between.
            const hidden = from === index ? recordsIn(index, until, bytes.length) : 1;
            assertFound(index, until, recordsIn(index, at, until) + hidden);
          });
          cases += 1;
        }
      }
    }
    assertHolds(folder, RECORDS);
    return cases;
  }

  test('a block that was never written is found', () => {
    const blank = Buffer.alloc(4096);
    const cases = everySector((index, at) => {
      const room = (good[index]?.length ?? 0) - at;
      return [SECTOR, 1024, 2048, 4096]
        .filter((size) => size <= room)
        .map((size) => {
          return { bytes: blank.subarray(0, size) };
        });
    });
    console.log(`reached ${cases} lost blocks, all found and named`);
    expect(cases).toBeGreaterThan(100);
  });

  test('a block that was written elsewhere is found', () => {
    // Of the same segment, of others, from a place aligned alike: what a disk does.
    const blocks = good.slice(0, LONG ? good.length : 2).flatMap((bytes, from) => {
      const all: Part[] = [];
      for (let at = 0; at + SECTOR <= bytes.length; at += SECTOR) {
        all.push({ bytes: bytes.subarray(at, at + SECTOR), from });
      }
      return all;
    });
    const cases = everySector(() => blocks);
    console.log(`reached ${cases} misdirected blocks, all found and named`);
    expect(cases).toBeGreaterThan(1_000);
  });

  /** Puts other bytes in the place of whole segments, or none, and looks. */
  function withSegments(changes: ReadonlyMap<number, Buffer | undefined>, look: () => void): void {
    for (const [index, bytes] of changes) {
      if (bytes === undefined) rmSync(paths[index] ?? '');
      else writeFileSync(paths[index] ?? '', bytes);
    }
    look();
    for (const index of changes.keys()) writeFileSync(paths[index] ?? '', good[index] ?? '');
    assertHolds(folder, RECORDS);
  }

  test('segments that are lost, swapped, or an older one again are found, wherever they are', () => {
    const last = paths.length - 1;
    let cases = 0;
    for (let one = 0; one < last; one += 1) {
      const held = endsOf(good[one] ?? Buffer.alloc(0)).length;
      // Without its first segments a journal is one that retention dropped: the note of it is looked at elsewhere.
      if (one > 0) {
        withSegments(new Map([[one, undefined]]), () => {
          const { sequences, damages } = readAll(folder);
          expect(damages[0]).toMatchObject({ file: paths[one + 1], offset: 0 });
          expect(sequences).toHaveLength(RECORDS - held);
          expect(JournalFile.open(folder, options)).toMatchObject({ ok: false });
        });
        cases += 1;
      }
      for (let other = 0; other < last; other += 1) {
        if (other === one) continue;
        const again = new Map([[one, good[other]]]);
        const swapped = new Map([...again, [other, good[one]] as const]);
        for (const changes of [again, swapped]) {
          withSegments(changes, () => assertFound(Math.min(...changes.keys()), 0, RECORDS));
          cases += 1;
        }
      }
    }
    console.log(`reached ${cases} lost, swapped and repeated segments, all found and named`);
  });
});
