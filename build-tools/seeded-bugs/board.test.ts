import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../test/child.ts';
import { ALWAYS } from '../test/ledger.ts';
import { runBoard, type BoardParts } from './board.ts';
import { unit, type SeededBug } from './bug.ts';
import { BUGS } from './bugs.ts';
import { withBug } from './tree-copy.ts';

test.each(BUGS)('bug $name can be put back', (bug) => {
  const text = readFileSync(path.join(ROOT, bug.file), 'utf8');
  expect(withBug(text, bug)).not.toBe(text);
});

test('bugs have names of their own and suites that are there', () => {
  expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
  const files = BUGS.flatMap(({ suites }) => suites)
    .filter(({ stage }) => stage !== 'native')
    .flatMap(({ tests }) => tests);
  expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  expect(BUGS.filter(({ suites }) => suites.length === 0)).toEqual([]);
});

function bug(name: string): SeededBug {
  const about = { what: 'it fails', from: 'realistic', file: 'a.ts' };
  return { name, ...about, right: 'one', wrong: 'two', suites: [unit(`${name}.test.ts`)] };
}

/** A board whose suites find what `finds` says, `''` being the tree without a bug. */
function board(finds: (seeded: string) => boolean, printed: string[] = []): BoardParts {
  let seeded = '';
  return {
    bugs: [bug('first'), bug('second')],
    seed: ({ name }) => {
      seeded = name;
      return {
        [Symbol.dispose]: () => {
          seeded = '';
        },
      };
    },
    run: () => {
      const passed = !finds(seeded);
      return Promise.resolve({ passed, by: passed ? '' : 'a test', output: '' });
    },
    print: (line) => printed.push(line),
    once: ALWAYS,
  };
}

test('a board whose bugs are all found passes and tells by what', async () => {
  const printed: string[] = [];
  const outcome = await runBoard(
    board((seeded) => seeded === 'first' || seeded === 'second', printed),
  );
  expect(outcome).toMatchObject({ passed: 3, failed: 0 });
  expect(outcome.notes).toEqual(['2/2 found, 1 canary not found']);
  expect(printed[1]).toMatch(/^first +\d+\.\d s {2}a test$/);
});

test('a bug that no suite finds fails the board by its name', async () => {
  const outcome = await runBoard(board((seeded) => seeded === 'first'));
  expect(outcome).toMatchObject({ passed: 2, failed: 1 });
  expect(outcome.output).toContain('second (a.ts) was NOT FOUND: it fails');
});

test('a bug that cannot be tried fails the board by its name, and the others are tried', async () => {
  const parts = board((seeded) => seeded === 'second');
  const seed = (one: SeededBug): Disposable => {
    if (one.name === 'first') throw new Error('no longer applies');
    return parts.seed(one);
  };
  const outcome = await runBoard({ ...parts, seed });
  expect(outcome).toMatchObject({ passed: 2, failed: 1 });
  expect(outcome.output).toBe('first (a.ts) could not be tried: no longer applies');
});

test.each([
  ['the tree fails without a bug', (seeded: string) => seeded === ''],
  ['the canary is found', (seeded: string) => seeded === 'canary'],
])('a board is void when %s', async (_, finds) => {
  const outcome = await runBoard(board(finds));
  expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  expect(outcome.output).toContain('the board is void');
});

test('a bug whose text has gone, or stands twice, is named', () => {
  expect(() => withBug('nothing', bug('first'))).toThrow('seeded bug first no longer applies');
  expect(() => withBug('one, one', bug('first'))).toThrow('stands 2 times');
  expect(withBug('1 one 1', bug('first'))).toBe('1 two 1');
});
