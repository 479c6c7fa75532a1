import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG, memoryFolder, runSeeds, SEED } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128, type Rng } from '../../base/rng.ts';
import {
  JournalFile,
  journalFault,
  type JournalFault,
  type JournalFaultPlan,
  type JournalFileOptions,
} from './journal-file.ts';
import type { JournalDamage } from './journal-binding.ts';
import { JournalRecords, readJournal, verifyJournal } from './journal-reader.ts';

const { EACCES, EIO, EMFILE, ENOSPC, EROFS } = constants.errno;
const BLOCK = 64 * 1024;
const SEGMENT_HEADER = 128;
const RECORD_HEADER = 32;
const CHAIN_KIND = 0xffff;

let root = '';
let folders = 0;
beforeAll(() => {
  root = mkdtempSync(join(memoryFolder(), 'qd-journal-sim-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function newFolder(): string {
  folders += 1;
  const folder = join(root, String(folders));
  mkdirSync(folder);
  return folder;
}

const payloads = new Map<number, Uint8Array>();

/** Payload, kind, schema and time of a record follow from its sequence, so that an invented one shows. */
function payloadOf(sequence: number): Uint8Array {
  const known = payloads.get(sequence);
  if (known !== undefined) return known;
  const rng = new Xoshiro128(sequence);
  const payload = Uint8Array.from({ length: rng.nextBelow(400) }, () => rng.nextBelow(256));
  payloads.set(sequence, payload);
  return payload;
}

function append(file: JournalFile, sequence: number): number {
  const time = BigInt(sequence) * 1_000_003n;
  return file.append(sequence % 100, sequence % 7, time, payloadOf(sequence));
}

function opened(folder: string, options: JournalFileOptions): JournalFile {
  const journal = JournalFile.open(folder, options);
  if (!journal.ok) throw new Error(`${journal.error.code} ${journal.error.detail}`);
  return journal.value;
}

interface Reading {
  readonly sequences: readonly number[];
  readonly damages: readonly JournalDamage[];
}

/** Every record, each compared with what was written under its sequence. */
function readAll(folder: string): Reading {
  const reader = readJournal(folder);
  if (!reader.ok) throw new Error(`${reader.error.code} ${reader.error.detail}`);
  const records = new JournalRecords(512, BLOCK * 4);
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

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function assertHolds(folder: string, count: number): void {
  const { sequences, damages } = readAll(folder);
  invariant(
    sequences.length === count && sequences.every((sequence, index) => sequence === index + 1),
    `records 1..${count} must be there, were ${sequences.length} up to ${sequences.at(-1)}`,
  );
  invariant(damages.length === 0, `no damage must be left, was ${damages[0]?.reason}`);
}

/** Where each record ends, read from the bytes by the layout alone. */
function endsOf(bytes: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = SEGMENT_HEADER; at < bytes.length;) {
    const kind = bytes.readUInt16LE(at + 18);
    at += RECORD_HEADER + Math.ceil(bytes.readUInt32LE(at) / 8) * 8;
    if (kind !== CHAIN_KIND) ends.push(at);
  }
  return ends;
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
  const options: JournalFileOptions = { segmentBytes: 4 * BLOCK, blockBytes: BLOCK, groupMs: 1000 };
  const name = 'journal-00000001.qdj';
  let good: Buffer = Buffer.alloc(0);
  let ends: readonly number[] = [];
  beforeAll(() => {
    const folder = newFolder();
    const file = opened(folder, options);
    for (let sequence = 1; file.status.lastSequence * 232 < 2 * BLOCK; sequence += 1) {
      append(file, sequence);
    }
    file.close();
    good = readFileSync(join(folder, name));
    ends = endsOf(good);
  });

  /** Opens what a tear left: all records before it stand, one more can be added, no other is there. */
  function check(place: number, kind: (typeof KINDS)[number], rng: Rng): void {
    const bytes = damaged(good, good.length - BLOCK + place, kind, rng);
    const changed = firstDifference(good, bytes);
    const standing = ends.filter((end) => end <= changed).length;
    const folder = newFolder();
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
    await runSeeds('tears at places of the last 64 KiB', LONG ? 40 : 14, (seed) => {
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
    expect(places).toBeGreaterThan(0);
  });
});

describe('older segments', () => {
  const options: JournalFileOptions = { segmentBytes: 16_384, blockBytes: 4096, groupMs: 1000 };
  const RECORDS = 600;
  let folder = '';
  let names: readonly string[] = [];
  beforeAll(() => {
    folder = newFolder();
    const file = opened(folder, options);
    for (let sequence = 1; sequence <= RECORDS; sequence += 1) append(file, sequence);
    file.close();
    assertHolds(folder, RECORDS);
    names = readdirSync(folder)
      .filter((entry) => entry.endsWith('.qdj'))
      .sort();
  });

  test('a flipped bit is found and named, the rest is read, and nothing is appended to it', async () => {
    expect(names.length).toBeGreaterThan(4);
    await runSeeds('flipped bits of older journal segments', 5, (seed) => {
      const rng = new Xoshiro128(seed);
      const path = join(folder, names[rng.nextBelow(names.length - 1)] ?? '');
      const good = readFileSync(path);
      const at = rng.nextBelow(good.length);
      writeFileSync(path, damaged(good, at, 'flip', rng));
      const { sequences, damages } = readAll(folder);
      const first = damages[0];
      invariant(first !== undefined, `a flip at byte ${at} of ${path} must be found`);
      invariant(first.file === path, `${path} must be named, was ${first.file}`);
      invariant(first.offset <= at, `a place up to ${at} must be named, was ${first.offset}`);
      const lost = RECORDS - sequences.length;
      const most = at < SEGMENT_HEADER ? RECORDS : 2;
      invariant(lost <= most, `at most ${most} records must be lost, were ${lost}`);
      const again = JournalFile.open(folder, options);
      invariant(!again.ok && again.error.code === 'JOURNAL_DAMAGED', 'it must not be continued');
      writeFileSync(path, good);
      return { flips: 1 };
    });
    assertHolds(folder, RECORDS);
  });

  test.each(['lost', 'swapped', 'repeated'])('a %s segment is found', (how) => {
    const path = (index: number): string => join(folder, names[index] ?? '');
    const second = readFileSync(path(1));
    const third = readFileSync(path(2));
    if (how === 'lost') rmSync(path(1));
    else writeFileSync(path(1), third);
    if (how === 'swapped') writeFileSync(path(2), second);
    expect(readAll(folder).damages).not.toEqual([]);
    expect(JournalFile.open(folder, options)).toMatchObject({ ok: false });
    writeFileSync(path(1), second);
    writeFileSync(path(2), third);
    assertHolds(folder, RECORDS);
  });
});

describe('a disk that fails', () => {
  const options: JournalFileOptions = { segmentBytes: 16_384, blockBytes: 4096, groupMs: 1 };
  const RECORDS = 120;

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
    const folder = newFolder();
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

  test('at any write loses nothing acknowledged, whatever it says and however much it wrote', () => {
    const errors = [ENOSPC, EIO, EROFS, EACCES, EMFILE];
    let runs = 0;
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
    }
    console.log(`reached ${runs} scripts with a write that fails, seed ${SEED}`);
    expect(runs).toBeGreaterThan(RECORDS);
  });

  test('at any sync ends the journal for good', async () => {
    let dead = 0;
    await runSeeds('scripts with a sync that fails', 2, (seed) => {
      const failSyncAt = 1 + ((seed - SEED) % 40);
      const folder = newFolder();
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
      const folder = newFolder();
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
  const folder = newFolder();
  const file = opened(folder, { segmentBytes: 16_384 });
  for (const sequence of upTo(5)) append(file, sequence);
  file.close();
  assertHolds(folder, 5);
  expect(() => assertHolds(folder, 6)).toThrow('records 1..6 must be there, were 5');
});
