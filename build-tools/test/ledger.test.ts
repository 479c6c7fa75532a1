import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { failure, NOTHING, type Outcome } from './outcome.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qd-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PASSED: Outcome = { ...NOTHING, passed: 3, notes: ['reached 7'] };

/** What a part comes to, and how often it ran. */
async function run(ledger: Ledger, part: string, outcome: Outcome): Promise<[Outcome, number]> {
  let ran = 0;
  const told = await ledger.once(part, () => {
    ran += 1;
    return Promise.resolve(outcome);
  });
  return [told, ran];
}

test('a part that passed is not run again by a run that goes on', async () => {
  expect(await run(new Ledger(folder), 'one', PASSED)).toEqual([PASSED, 1]);
  const next = new Ledger(folder);
  expect(await run(next, 'one', failure('not asked'))).toEqual([PASSED, 0]);
  expect(await run(next, 'two', PASSED)).toEqual([PASSED, 1]);
});

test('a part that failed, or that ran nothing, is run again', async () => {
  const ledger = new Ledger(folder);
  await run(ledger, 'one', failure('wrong'));
  await run(ledger, 'two', NOTHING);
  expect(await run(new Ledger(folder), 'one', PASSED)).toEqual([PASSED, 1]);
  expect(await run(new Ledger(folder), 'two', PASSED)).toEqual([PASSED, 1]);
});

test('the half line of a run that was killed is cut', async () => {
  await run(new Ledger(folder), 'one', PASSED);
  appendFileSync(path.join(folder, 'parts.jsonl'), '{"part":"tw');
  const next = new Ledger(folder);
  expect(await run(next, 'two', PASSED)).toEqual([PASSED, 1]);
  const last = new Ledger(folder);
  expect(await run(last, 'one', NOTHING)).toEqual([PASSED, 0]);
  expect(await run(last, 'two', NOTHING)).toEqual([PASSED, 0]);
});

test('a run that begins anew forgets all, also what its suites left', async () => {
  const ledger = new Ledger(path.join(folder, 'run'));
  const left = path.join(folder, 'run', 'seeds.json');
  await run(ledger, 'one', PASSED);
  writeFileSync(left, '{}');
  ledger.clear();
  expect(() => appendFileSync(left, '', { flag: 'r+' })).toThrow('ENOENT');
  expect(await run(ledger, 'one', PASSED)).toEqual([PASSED, 1]);
  expect(await run(new Ledger(path.join(folder, 'run')), 'one', NOTHING)).toEqual([PASSED, 0]);
});
