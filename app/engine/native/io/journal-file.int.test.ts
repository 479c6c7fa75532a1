import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JournalFile, journalFault, type JournalFileOptions } from './journal-file.ts';
import { JournalRecords, readJournal, verifyJournal } from './journal-reader.ts';

const CHILD = fileURLToPath(new URL('./journal-child.ts', import.meta.url));
const SMALL: JournalFileOptions = { segmentBytes: 8192, blockBytes: 1024 };
const { EIO, ENOSPC } = constants.errno;

interface Entry {
  readonly kind: number;
  readonly schema: number;
  readonly time: bigint;
  readonly payload: Uint8Array;
}

/** What a clean end writes last: the link of the chain over the open block. */
const CLOSING_RECORD = 88;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function journal(options: JournalFileOptions = SMALL, at = folder): JournalFile {
  const opened = JournalFile.open(at, options);
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail}`);
  return opened.value;
}

function readAll(at = folder, records = new JournalRecords(13, 500)): Entry[] {
  const opened = readJournal(at);
  if (!opened.ok) throw new Error(opened.error.code);
  const entries: Entry[] = [];
  while (opened.value.next(records) > 0) {
    for (let i = 0; i < records.count; i += 1) {
      expect(records.sequences[i]).toBe(entries.length + 1);
      entries.push({
        kind: records.kinds[i] ?? -1,
        schema: records.schemas[i] ?? -1,
        time: records.tsInitNanos[i] ?? 0n,
        payload: records.payload(i).slice(),
      });
    }
  }
  expect(opened.value.summary.damages).toEqual([]);
  return entries;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  kind: fc.nat(65_534),
  schema: fc.nat(65_535),
  time: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  payload: fc.uint8Array({ maxLength: 700 }),
});

function appendAsBatch(file: JournalFile, entries: readonly Entry[]): number {
  const payloads = new Uint8Array(entries.reduce((sum, { payload }) => sum + payload.length, 0));
  let at = 0;
  for (const { payload } of entries) {
    payloads.set(payload, at);
    at += payload.length;
  }
  const batch = {
    kinds: Uint16Array.from(entries, ({ kind }) => kind),
    schemas: Uint16Array.from(entries, ({ schema }) => schema),
    tsInitNanos: BigInt64Array.from(entries, ({ time }) => time),
    lengths: Uint32Array.from(entries, ({ payload }) => payload.length),
    payloads,
  };
  return file.appendBatch(batch, entries.length);
}

describe('a journal', () => {
  test('reads back any records over any reopens, single or batched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.array(entry, { maxLength: 30 })), { maxLength: 4 }),
        (sessions) => {
          const at = mkdtempSync(join(folder, 'p-'));
          let last = 0;
          for (const [batched, entries] of sessions) {
            using file = journal(SMALL, at);
            expect(file.recovery).toMatchObject({ lastSequence: last, cutBytes: 0 });
            last += entries.length;
            if (batched) expect(appendAsBatch(file, entries)).toBe(last);
            else for (const e of entries) file.append(e.kind, e.schema, e.time, e.payload);
            expect(file.status.lastSequence).toBe(last);
          }
          expect(readAll(at)).toEqual(sessions.flatMap(([, entries]) => entries));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('tells when records are durable', async () => {
    using file = journal();
    const durable = new Promise<void>((resolve) => {
      file.onDurable(() => {
        if (file.durableSequence === 3) resolve();
      });
    });
    for (let i = 0; i < 3; i += 1) file.append(1, 1, 0n, new Uint8Array(8));
    file.sync();
    const alive = setInterval(() => undefined, 1000);
    await durable;
    clearInterval(alive);
    expect(file.status).toEqual({
      lastSequence: 3,
      durableSequence: 3,
      dead: undefined,
      starved: false,
      osError: 0,
      segment: 1,
    });
  });

  test('grows the buffer for a payload larger than it', () => {
    const payload = new Uint8Array(100_000).fill(9);
    using file = journal({});
    file.append(1, 1, 5n, payload);
    file.append(2, 1, 6n, payload.subarray(0, 3));
    expect(readAll().map((e) => e.payload.length)).toEqual([100_000, 3]);
  });

  test('answers faults by name', () => {
    const file = journal({ ...SMALL, faults: { failWriteAt: 2, writeError: EIO } });
    const bytes = new Uint8Array(10);
    expect(file.append(1, 1, 0n, bytes)).toBe(1);
    expect(journalFault(file.append(1, 1, 0n, bytes))).toBe('WRITE_FAILED');
    expect(file.status.osError).toBe(EIO);
    expect(file.append(1, 1, 0n, bytes)).toBe(2);
    expect(journalFault(file.append(1, 1, 0n, new Uint8Array(9000)))).toBe('TOO_LARGE');
    expect(journalFault(file.append(65_535, 1, 0n, bytes))).toBe('KIND_RESERVED');
    expect(file.close()).toEqual({ ok: true, value: undefined });
    expect(journalFault(file.append(1, 1, 0n, bytes))).toBe('CLOSED');
  });

  test('is dead after a failed sync', async () => {
    using file = journal({ ...SMALL, faults: { failSyncAt: 1, syncError: EIO } });
    const dead = new Promise<void>((resolve) => file.onDurable(resolve));
    file.append(1, 1, 0n, new Uint8Array(1));
    const alive = setInterval(() => undefined, 1000);
    await dead;
    clearInterval(alive);
    expect(file.status).toMatchObject({ dead: 'SYNC_FAILED', durableSequence: 0, osError: EIO });
    expect(journalFault(file.append(1, 1, 0n, new Uint8Array(1)))).toBe('SYNC_FAILED');
  });

  test('says early that the disk is full and goes on when there is space', async () => {
    using file = journal({
      ...SMALL,
      faults: { failAllocateAt: 1, allocateError: ENOSPC, allocateFailures: 2 },
    });
    let answer = file.append(1, 1, 0n, new Uint8Array(64));
    while (answer > 0) answer = file.append(1, 1, 0n, new Uint8Array(64));
    expect(journalFault(answer)).toBe('NO_SEGMENT');
    expect(file.status).toMatchObject({ osError: ENOSPC });
    await expect.poll(() => file.append(1, 1, 0n, new Uint8Array(64))).toBeGreaterThan(0);
    expect(file.status.starved).toBe(false);
  });

  test('refuses a second writer and a damaged past, and verify names the place', () => {
    const file = journal();
    expect(JournalFile.open(folder)).toMatchObject({ error: { code: 'JOURNAL_IN_USE' } });
    for (let i = 0; i < 300; i += 1) file.append(1, 1, BigInt(i), new Uint8Array(64));
    file.close();
    const intact = verifyJournal(folder);
    expect(intact).toMatchObject({ value: { records: 300, lastSequence: 300, damages: [] } });
    const path = join(folder, 'journal-00000002.qdj');
    const bytes = readFileSync(path);
    bytes[1000] = (bytes[1000] ?? 0) ^ 4;
    writeFileSync(path, bytes);
    expect(verifyJournal(folder)).toMatchObject({
      value: { damages: [{ file: path, reason: expect.stringMatching(/^RECORD_/) }] },
    });
    expect(JournalFile.open(folder)).toMatchObject({ error: { code: 'JOURNAL_DAMAGED' } });
  });

  test('keeps a torn tail apart', () => {
    const file = journal();
    for (let i = 0; i < 5; i += 1) file.append(1, 1, BigInt(i), new Uint8Array(64).fill(1));
    file.close();
    const path = join(folder, 'journal-00000001.qdj');
    writeFileSync(path, readFileSync(path).subarray(0, -10 - CLOSING_RECORD));
    using again = journal();
    expect(again.recovery).toMatchObject({ lastSequence: 4, cutBytes: 86, cutRecords: 0 });
    expect(readdirSync(folder).filter((name) => name.includes('.torn-'))).toHaveLength(1);
    expect(readAll()).toHaveLength(4);
  });
});

test('a killed writer loses no record whose append returned', async () => {
  const child = fork(CHILD, [folder]);
  let acknowledged = 0;
  child.on('message', (sequence) => {
    acknowledged = Number(sequence);
  });
  while (acknowledged < 5000) await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  using file = journal({ segmentBytes: 65_536 });
  expect(file.recovery.lastSequence).toBeGreaterThanOrEqual(acknowledged);
  const entries = readAll();
  expect(entries).toHaveLength(file.recovery.lastSequence);
  entries.forEach(({ payload }, index) => {
    expect(payload).toEqual(new Uint8Array(64).fill(index % 251));
  });
});
