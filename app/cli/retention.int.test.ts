import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Xoshiro128 } from '../engine/base/rng.ts';
import { randomScript } from '../engine/kernel/testing/scripts.ts';
import { Trial } from '../engine/kernel/testing/trial.ts';
import { journalledKernel } from '../engine/processes/testing/journalled-kernel.ts';
import { qd, RunningCommand, TestFolder } from './testing/running-command.ts';

const SESSION = '20231114-221320';
const QUOTES = 60;

/** A session of years ago, with more market records than one segment holds, and snapshots on the way. */
async function writeOldSession(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const options = { hashEvery: 100, segmentBytes: 16_384, snapshotsKept: 20 };
  const { kernel, journal } = journalledKernel(folder, options);
  const trial = new Trial(kernel);
  for (const step of randomScript(new Xoshiro128(475), 160)) {
    trial.step(step);
    for (let quotes = 0; quotes < QUOTES; quotes += 1) trial.step({ kind: 'quote', pick: 1 });
    await journal.snapshotWritten;
  }
  journal.appendStateHash(kernel.encodeState(), BigInt(trial.desk.now) * 1000n);
  await journal.snapshotWritten;
  journal.close();
}

test('old market data goes at the start; the session still verifies, and runs again from a snapshot by itself', async () => {
  using folder = new TestFolder();
  const session = join(folder.path, 'journal', SESSION);
  await writeOldSession(session);
  const first = join(session, 'market', 'journal-00000001.qdj');
  expect(existsSync(first)).toBe(true);
  const whole = await qd('--data', folder.path, 'journal', 'replay', SESSION, '--json');
  const { sessions } = JSON.parse(whole.stdout) as { sessions: { stateHash: string }[] };
  expect(whole.status).toBe(0);
  expect(whole.stdout).not.toContain('fromSnapshot');

  await using engine = new RunningCommand('--data', folder.path, 'engine', '--seed', '61');
  await engine.says('engine ready');
  expect(existsSync(first)).toBe(false);
  expect(await engine.stop()).toBe(0);

  const verified = await qd('--data', folder.path, 'journal', 'verify', SESSION);
  expect(verified.stdout).toContain('intact');
  expect(verified.stdout).toContain(
    `${SESSION}: market stream dropped by retention from 2023-11-14`,
  );
  expect(verified.status).toBe(0);
  const replayed = await qd('--data', folder.path, 'journal', 'replay', SESSION);
  expect(replayed.stdout).toMatch(/run from the snapshot at record \d+: retention dropped/);
  expect(replayed.status).toBe(0);
  const again = await qd('--data', folder.path, 'journal', 'replay', SESSION, '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({
    sessions: [{ agrees: true, stateHash: sessions[0]?.stateHash }],
  });
});
