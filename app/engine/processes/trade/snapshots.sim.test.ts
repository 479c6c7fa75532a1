import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryFolder, runSeeds, SEED } from '../../../../build-tools/test/seeds.ts';
import { invariant } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { randomScript } from '../../kernel/testing/scripts.ts';
import { Trial } from '../../kernel/testing/trial.ts';
import { stateHash } from '../../store/journal/session-journal.ts';
import {
  decodeSnapshot,
  readSnapshot,
  snapshotFolder,
  snapshotPaths,
} from '../../store/journal/snapshots.ts';
import { journalledKernel } from '../testing/journalled-kernel.ts';
import { openSession } from './open-session.ts';
import { replaySession } from './session-replay.ts';

const SNAPSHOTS = 20;
const MOST_STEPS = 900;

let root = '';
let sessions = 0;
beforeAll(() => {
  root = mkdtempSync(join(memoryFolder(), 'qd-snapshots-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a script through a journal; gives the folder and the kernel it ended with. */
async function session(seed: number): Promise<{ folder: string; kernel: Kernel; inputs: number }> {
  sessions += 1;
  const folder = join(root, String(sessions));
  mkdirSync(folder);
  const { kernel, journal } = journalledKernel(folder, {
    hashEvery: Math.floor(MOST_STEPS / SNAPSHOTS / 2),
    segmentBytes: 32_768,
    snapshotsKept: SNAPSHOTS,
  });
  const trial = new Trial(kernel);
  for (const step of randomScript(new Xoshiro128(seed), MOST_STEPS)) {
    trial.step(step);
    await journal.snapshotWritten;
  }
  journal.appendStateHash(kernel.encodeState(), 1n);
  await journal.snapshotWritten;
  journal.close();
  return { folder, kernel, inputs: trial.desk.inputs.length };
}

function assertSame(folder: string, kernel: Kernel, from?: string): void {
  const read = from === undefined ? undefined : readSnapshot(from);
  invariant(read?.ok !== false, `${from} must be good`);
  const replay = replaySession(folder, read === undefined ? {} : { from: read.value });
  invariant(replay.ok, replay.ok ? '' : replay.error.message);
  invariant(replay.value.firstDifference === undefined, 'every hash must be reproduced');
  const hash = stateHash(replay.value.kernel.encodeState());
  invariant(hash === stateHash(kernel.encodeState()), 'a replay must end in the same state');
}

test('a replay from every snapshot ends where one from the beginning does', async () => {
  let inputs = 0;
  let snapshots = 0;
  const until = performance.now() + 8000;
  let seed = SEED;
  for (; performance.now() < until || snapshots === 0; seed += 1) {
    const run = await session(seed);
    assertSame(run.folder, run.kernel);
    for (const path of snapshotPaths(run.folder)) {
      assertSame(run.folder, run.kernel, path);
      snapshots += 1;
    }
    inputs += run.inputs;
    rmSync(run.folder, { recursive: true });
  }
  console.log(`reached ${inputs} inputs from ${snapshots} snapshots and from empty, seed ${SEED}`);
  expect(snapshots).toBeGreaterThanOrEqual(SNAPSHOTS);
});

test('recovery begins at the newest snapshot, and reads nothing before its segments', async () => {
  const { folder, kernel } = await session(SEED);
  const [newest] = snapshotPaths(folder);
  invariant(newest !== undefined, 'there must be snapshots');
  const read = readSnapshot(newest);
  invariant(read.ok && read.value.orderSegment > 1, 'the newest must lie behind the first segment');
  // What is not read may be damaged: `qd journal verify` finds it, recovery is not stopped by it.
  const first = join(folder, 'orders', 'journal-00000001.qdj');
  const bytes = readFileSync(first);
  bytes[200] = (bytes[200] ?? 0) ^ 1;
  writeFileSync(first, bytes);
  const opened = openSession(folder);
  invariant(opened.ok, opened.ok ? '' : opened.error.message);
  expect(opened.value.ignoredSnapshots).toEqual([]);
  expect(opened.value.recovered).toBe(true);
  expect(stateHash(opened.value.kernel.encodeState())).toBe(stateHash(kernel.encodeState()));
  opened.value.journal.close();
});

test('a snapshot that was changed anywhere is named and not used', async () => {
  const { folder, kernel } = await session(SEED + 1);
  const paths = snapshotPaths(folder);
  for (const path of paths) {
    const bytes = readFileSync(path);
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    writeFileSync(path, bytes);
  }
  const opened = openSession(folder);
  invariant(opened.ok, opened.ok ? '' : opened.error.message);
  expect(opened.value.ignoredSnapshots).toHaveLength(paths.length);
  for (const [index, why] of opened.value.ignoredSnapshots.entries()) {
    expect(why).toBe(`${paths[index]}: SNAPSHOT_DAMAGED: checksum`);
  }
  expect(stateHash(opened.value.kernel.encodeState())).toBe(stateHash(kernel.encodeState()));
  opened.value.journal.close();
  expect(readdirSync(snapshotFolder(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('every flipped bit, cut and lengthening of a snapshot is found; a later version says its number', async () => {
  const { folder } = await session(SEED + 2);
  const [path] = snapshotPaths(folder);
  const good = readFileSync(path ?? '');
  const reached = await runSeeds('changed snapshots', 2, (seed) => {
    const rng = new Xoshiro128(seed);
    const bytes = Buffer.from(good);
    const at = rng.nextBelow(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << rng.nextBelow(8));
    invariant(!decodeSnapshot(bytes).ok, `a flip at byte ${at} must be found`);
    invariant(!decodeSnapshot(good.subarray(0, at)).ok, `a cut at byte ${at} must be found`);
    return { changes: 2 };
  });
  expect(reached['changes']).toBeGreaterThan(0);
  expect(decodeSnapshot(Buffer.concat([good, Buffer.of(0)]))).toMatchObject({ ok: false });
  const later = Buffer.from(good);
  later.writeUInt32LE(7, 8);
  expect(decodeSnapshot(later)).toEqual({
    ok: false,
    error: { code: 'SNAPSHOT_VERSION', message: 'version must be 1, was 7' },
  });
});
