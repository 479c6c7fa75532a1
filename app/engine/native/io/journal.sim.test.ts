import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG, runSeeds, SEED } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import {
  journalFault,
  type JournalFault,
  type JournalFaultPlan,
  type JournalFile,
  type JournalFileOptions,
} from './journal-file.ts';
import { verifyJournal } from './journal-reader.ts';
import {
  append,
  assertHolds,
  BLOCK,
  endsOf,
  JournalFolders,
  opened,
  payloadOf,
  readAll,
  RECORD_HEADER,
  SEGMENT_HEADER,
} from './testing/written-journal.ts';

const { EACCES, EIO, EMFILE, ENOSPC, EROFS } = constants.errno;

const folders = new JournalFolders();
afterAll(() => folders[Symbol.dispose]());

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function firstDifference(good: Buffer, bytes: Buffer): number {
  const shared = Math.min(good.length, bytes.length);
  for (let at = 0; at < shared; at += 1) if (good[at] !== bytes[at]) return at;
  return shared;
}

const KINDS = ['cut', 'zeros', 'garbage', 'flip'] as const;

function damaged(good: Buffer, at: number, kind: (typeof KINDS)[number], rng: Rng): Buffer {
  if (kind === 'cut') return good.subarray(0, at);
  const bytes = Buffer.from(good);
  if (kind === 'zeros') bytes.fill(0, at);
  if (kind === 'garbage') {
    for (let index = at; index < bytes.length; index += 1) bytes[index] = rng.nextBelow(256);
  }
  if (kind === 'flip') bytes[at] = (bytes[at] ?? 0) ^ (1 << rng.nextBelow(8));
  return bytes;
}

/** The `index`th of `count` places, spread evenly however early the walk ends. */
function spread(index: number, count: number): number {
  // Coprime to every power of two near it, and close to the golden section of 64 KiB.
  return (index * 40_503) % count;
}

describe('a torn journal', () => {
  // No more before its last block than shows that it stands, and no more room behind than one record needs.
  const options: JournalFileOptions = {
    segmentBytes: BLOCK + 8192,
    blockBytes: BLOCK,
    groupMs: 1000,
  };
  const name = 'journal-00000001.qdj';
  let good: Buffer = Buffer.alloc(0);
  let ends: readonly number[] = [];
  beforeAll(() => {
    const folder = folders.next();
    const file = opened(folder, options);
    let bytes = SEGMENT_HEADER;
    for (let sequence = 1; bytes < BLOCK + 4096; sequence += 1) {
      append(file, sequence);
      bytes += RECORD_HEADER + Math.ceil(payloadOf(sequence).length / 8) * 8;
    }
    file.close();
    good = readFileSync(join(folder, name));
    ends = endsOf(good);
    expect(good.length).toBeGreaterThan(BLOCK + 2048);
    expect(good.length).toBeLessThan(BLOCK + 8192);
  });

  /** Opens what a tear left: all records before it stand, one more can be added, no other is there. */
  function check(place: number, kind: (typeof KINDS)[number], rng: Rng): void {
    const bytes = damaged(good, good.length - BLOCK + place, kind, rng);
    const changed = firstDifference(good, bytes);
    const standing = ends.filter((end) => end <= changed).length;
    const folder = folders.next();
    writeFileSync(join(folder, name), bytes);
    const { sequences } = readAll(folder);
    invariant(
      sequences.length >= standing || kind === 'flip',
      `a reader must find ${standing} records, found ${sequences.length}`,
    );
    const file = opened(folder, options);
    const { lastSequence } = file.recovery;
    invariant(lastSequence === standing, `${standing} records must stand, stood ${lastSequence}`);
    invariant(append(file, standing + 1) === standing + 1, 'the next record must be taken');
    file.close();
    assertHolds(folder, standing + 1);
    rmSync(folder, { recursive: true });
  }

  test('at every byte of its last block keeps what was before and invents nothing', async () => {
    let places = 0;
    await runSeeds('tears at places of the last 64 KiB', LONG ? 40 : 12, (seed) => {
      if (places === BLOCK) return undefined;
      const rng = new Xoshiro128(seed);
      const place = spread(places, BLOCK);
      for (const kind of KINDS) {
        try {
          check(place, kind, rng);
        } catch (error) {
          throw new Error(`${kind} at byte ${place}: ${String(error)}`, { cause: error });
        }
      }
      places += 1;
      return { tears: KINDS.length };
    });
    expect(places).toBeGreaterThan(LONG ? BLOCK - 1 : 0);
  });
});

describe('a disk that fails', () => {
  const options: JournalFileOptions = { segmentBytes: 16_384, blockBytes: 4096, groupMs: 1 };
  const RECORDS = LONG ? 2_000 : 120;

  interface Script {
    /** The last sequence that was acknowledged. */
    readonly last: number;
    readonly refusals: readonly JournalFault[];
  }

  /** Appends; what is refused is tried again until it is taken or the journal is dead. */
  function script(file: JournalFile): Script {
    const refusals: JournalFault[] = [];
    let last = 0;
    for (let tries = 0; last < RECORDS && tries < RECORDS + 50; tries += 1) {
      const answer = append(file, last + 1);
      if (answer > 0) {
        invariant(answer === last + 1, `record ${last + 1} must be next, was ${answer}`);
        const { dead } = file.status;
        invariant(dead === undefined, `a journal dead of ${dead} must take nothing`);
        last = answer;
      } else {
        refusals.push(journalFault(answer));
      }
    }
    return { last, refusals };
  }

  function withFaults(faults: JournalFaultPlan): Script {
    const folder = folders.next();
    const file = opened(folder, { ...options, faults });
    const { last, refusals } = script(file);
    file.close();
    const again = opened(folder, options);
    const { lastSequence } = again.recovery;
    invariant(lastSequence === last, `${last} acknowledged records must stand: ${lastSequence}`);
    invariant(append(again, last + 1) === last + 1, 'what was refused must be takeable again');
    again.close();
    assertHolds(folder, last + 1);
    rmSync(folder, { recursive: true });
    return { last, refusals };
  }

  test('at any write loses nothing acknowledged, whatever it says and however much it wrote', async () => {
    const errors = [ENOSPC, EIO, EROFS, EACCES, EMFILE];
    let runs = 0;
    let writes = 0;
    for (let at = 1; ; at += 1) {
      let refused = 0;
      const plans: JournalFaultPlan[] = [
        ...errors.map((writeError) => ({ writeError })),
        { writeError: EIO, writesStayBroken: true },
        ...[1, 31, 33, 64].map((shortBytes) => ({ shortBytes })),
        { writeError: ENOSPC, shortBytes: 40 },
      ];
      for (const plan of plans) {
        const { last, refusals } = withFaults({ ...plan, failWriteAt: at });
        refused += refusals.length;
        runs += 1;
        if (plan.writesStayBroken !== true) invariant(last === RECORDS, `${last} were taken`);
        else if (refusals.length > 0) invariant(last < RECORDS, 'a broken file must stay dead');
      }
      if (refused === 0) break;
      writes = at;
      // The test runner hears from this process between places.
      await turn();
    }
    console.log(`reached ${runs} scripts with a write that fails, at each of ${writes} writes`);
    expect(writes).toBeGreaterThanOrEqual(RECORDS);
  });

  test('after any part of a batch loses nothing acknowledged', () => {
    const WRITE = 5;
    const most = RECORD_HEADER + Math.ceil(payloadOf(WRITE).length / 8) * 8;
    for (let shortBytes = 0; shortBytes < most; shortBytes += 1) {
      for (const writeError of [ENOSPC, EIO]) {
        const { last } = withFaults({ failWriteAt: WRITE, shortBytes, writeError });
        expect(last).toBe(RECORDS);
      }
    }
    console.log(`reached ${most} lengths of a short write`);
  });

  test('at any sync ends the journal for good', async () => {
    let dead = 0;
    await runSeeds('scripts with a sync that fails', 2, (seed) => {
      const failSyncAt = 1 + ((seed - SEED) % 40);
      const folder = folders.next();
      const faults = { failSyncAt, syncError: EIO };
      const file = opened(folder, { ...options, groupMs: 0, faults });
      let last = 0;
      let afterDeath = 0;
      for (let round = 0; round < 4_000 && afterDeath < 5; round += 1) {
        const before = file.status;
        const answer = append(file, last + 1);
        file.sync();
        if (answer > 0) last = answer;
        if (before.dead === undefined) continue;
        afterDeath += 1;
        const { dead: still, durableSequence } = file.status;
        const refused = answer < 0 && journalFault(answer) === before.dead;
        invariant(refused && still === before.dead, `dead of ${before.dead}, took ${answer}`);
        const durable = before.durableSequence;
        invariant(durableSequence === durable, `durable at death ${durable}: ${durableSequence}`);
      }
      const durable = file.durableSequence;
      file.close();
      if (afterDeath > 0) dead += 1;
      const again = opened(folder, options);
      invariant(again.recovery.lastSequence >= durable, 'what was durable must stand');
      again.close();
      assertHolds(folder, again.recovery.lastSequence);
      rmSync(folder, { recursive: true });
      return { appends: last };
    });
    expect(dead).toBeGreaterThan(0);
  });

  test('that has no room for the next segment is told, and goes on when there is', async () => {
    for (let at = 1; at <= 4; at += 1) {
      const folder = folders.next();
      const faults = { failAllocateAt: at, allocateError: ENOSPC, allocateFailures: 2 };
      const file = opened(folder, { ...options, faults });
      let last = 0;
      while (last < RECORDS) {
        const answer = append(file, last + 1);
        if (answer > 0) last = answer;
        else {
          expect(journalFault(answer)).toBe('NO_SEGMENT');
          const goesOn = (): boolean => !file.status.starved;
          await expect.poll(goesOn, { timeout: 20_000, interval: 1 }).toBe(true);
        }
      }
      file.close();
      assertHolds(folder, RECORDS);
      expect(verifyJournal(folder)).toMatchObject({ value: { records: RECORDS, damages: [] } });
    }
  });
});

test('a reader that misses a record is found', () => {
  const folder = folders.next();
  const file = opened(folder, { segmentBytes: 16_384 });
  for (const sequence of upTo(5)) append(file, sequence);
  file.close();
  assertHolds(folder, 5);
  expect(() => assertHolds(folder, 6)).toThrow('records 1..6 must be there, were 5');
});
