import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { check, textOf } from '../../../build-tools/test/fuzzer.ts';
import { LONG, SEED } from '../../../build-tools/test/seeds.ts';

const TOOLS = join(import.meta.dirname, '../../../build-tools/test');
const READERS = join(import.meta.dirname, 'testing/outside-readers.fuzz.ts');
/** What earlier runs found to run code of its own; `QD_FUZZ_SAVE=1` adds to it. */
const CORPUS = join(import.meta.dirname, 'corpus');

async function fuzz(readers: string, seconds: number) {
  const main = join(TOOLS, 'fuzz-main.ts');
  const child = spawn(process.execPath, [main, readers, CORPUS, String(seconds), String(SEED)]);
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null ? once(child, 'close') : undefined,
  ]);
  return { status: child.exitCode, output, errors };
}

test('whatever bytes come from outside, every reader answers', async () => {
  const { status, output, errors } = await fuzz(READERS, LONG ? 9_000 : 15);
  console.log(output.trim());
  expect(errors).toBe('');
  expect(status).toBe(0);
});

test('inputs that run code of their own are kept and changed further, until the fault behind it is found', async () => {
  const { status, errors } = await fuzz(join(TOOLS, 'fuzz-canary.ts'), 60);
  expect(status).toBe(1);
  expect(errors).toContain('a lock of three digits of "09{');
});

test('a reader that throws, or that touches a prototype, is found', () => {
  const bytes = Buffer.from('{');
  const throws = { name: 'careless', read: (text: Uint8Array) => void JSON.parse(textOf(text)) };
  expect(() => check(throws, bytes)).toThrow(/^careless of "\{"/);
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  const pollutes = { name: 'polluting', read: () => void (prototype['polluted'] = 1) };
  try {
    expect(() => check(pollutes, bytes)).toThrow('prototypes');
  } finally {
    delete prototype['polluted'];
  }
});
