import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../ports/contract/until.ts';
import { mergeRecordings } from './merged-recording.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'merged-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stamp = (at: number): string => String(1_700_000_000_000_000_000n + BigInt(at));

async function merge(files: readonly (readonly string[])[]): Promise<string[]> {
  const paths = files.map((lines, index) => {
    const path = join(folder, `${index}.txt`);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  });
  const merged: string[] = [];
  for await (const line of mergeRecordings(paths)) {
    merged.push(line.ok ? Buffer.from(line.value.raw).toString() : line.error.code);
  }
  return merged;
}

describe('mergeRecordings', () => {
  test('lines come by receive time, equal times in the order of the files, none lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(20), { maxLength: 20 }), { minLength: 1, maxLength: 4 }),
        async (times) => {
          const files = times.map((of, file) =>
            of.toSorted((one, two) => one - two).map((at, row) => ({ at, file, row })),
          );
          const merged = await merge(
            files.map((of) => of.map((line) => `${stamp(line.at)} ${JSON.stringify(line)}`)),
          );
          const expected = files
            .flat()
            .sort((one, two) => one.at - two.at || one.file - two.file || one.row - two.row)
            .map((line) => JSON.stringify(line));
          expect(merged).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a damaged line is told at once and the good ones around it come', async () => {
    const merged = await merge([
      [`${stamp(1)} {"a":1}`, 'damaged', `${stamp(3)} {"a":3}`],
      [`${stamp(2)} {"b":2}`],
    ]);
    expect(merged).toEqual(['{"a":1}', 'LINE_MALFORMED', '{"b":2}', '{"a":3}']);
  });

  test('a reader that stops early leaves no file open', async () => {
    const path = join(folder, 'long.txt');
    writeFileSync(path, `${stamp(1)} {}\n`.repeat(200_000));
    const open = (): number => readdirSync('/proc/self/fd').length;
    if (process.platform !== 'linux') return;
    const before = open();
    for await (const line of mergeRecordings([path, path])) if (line.ok) break;
    await until('files closed', () => open() <= before);
    expect(open()).toBeLessThanOrEqual(before);
  });
});
