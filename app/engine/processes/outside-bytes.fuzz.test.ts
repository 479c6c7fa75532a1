import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { LONG, SEED } from '../../../build-tools/test/seeds.ts';

const TOOLS = join(import.meta.dirname, '../../../build-tools/test');
const READERS = join(import.meta.dirname, 'testing/outside-readers.fuzz.ts');
const CANARIES = join(TOOLS, 'fuzz-canary.ts');
/** What earlier runs found to run code of its own; `QD_FUZZ_SAVE=1` adds to it. */
const CORPUS = join(import.meta.dirname, 'corpus');
/** Inputs for each reader in a long run, and the time that they may take. */
const NIGHTLY = { count: 10_000_000, seconds: 9_000 };

/** With `count` the run goes on until each reader had so many inputs. */
async function fuzz(readers: string, { seconds = 60, count = '', canary = '' }) {
  const main = join(TOOLS, 'fuzz-main.ts');
  const asked = [readers, CORPUS, String(seconds), String(SEED), count];
  const env = { ...process.env, QD_CANARY: canary };
  const child = spawn(process.execPath, [main, ...asked.filter((word) => word !== '')], { env });
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null ? once(child, 'close') : undefined,
  ]);
  return { status: child.exitCode, output, errors };
}

test('whatever bytes come from outside, every reader answers', async () => {
  const asked = LONG ? { ...NIGHTLY, count: String(NIGHTLY.count) } : { seconds: 15 };
  const { status, output, errors } = await fuzz(READERS, asked);
  console.log(output.trim());
  expect(errors).toBe('');
  expect(status).toBe(0);
});

test('inputs that run code of their own are kept and changed further, until the fault behind it is found', async () => {
  const { status, errors } = await fuzz(CANARIES, {});
  expect(status).toBe(1);
  expect(errors).toContain('a lock of three digits of "09{');
});

test('a reader that never answers is told with what it read', async () => {
  const { status, errors } = await fuzz(CANARIES, { canary: 'trap' });
  expect(status).not.toBe(0);
  expect(errors).toMatch(/^a trap of "\[.*": no answer\n$/);
});

test('a run with fewer inputs than were asked for fails', async () => {
  const { status, errors } = await fuzz(CANARIES, { seconds: 0, count: '1000000' });
  expect(status).toBe(1);
  expect(errors).toContain('fewer than the 1000000 inputs a reader');
});
