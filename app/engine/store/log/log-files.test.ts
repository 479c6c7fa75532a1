import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogFiles } from './log-files.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'qd-log-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('files turn over at their size, five are kept, lines stay whole and in order', () => {
  const path = join(folder(), 'log');
  using files = new LogFiles(path, 1000);
  for (let index = 0; index < 200; index += 1) {
    files.append(`${String(index).padStart(4, '0')} ${'x'.repeat(44)}`);
  }
  const names = readdirSync(path).sort();
  expect(names).toEqual([
    'engine.1.log',
    'engine.2.log',
    'engine.3.log',
    'engine.4.log',
    'engine.log',
  ]);
  const order = ['engine.4.log', 'engine.3.log', 'engine.2.log', 'engine.1.log', 'engine.log'];
  const lines = order.flatMap((name) =>
    readFileSync(join(path, name), 'utf8').trimEnd().split('\n'),
  );
  expect(lines.map((line) => Number(line.slice(0, 4)))).toEqual(
    Array.from({ length: lines.length }, (_, index) => 200 - lines.length + index),
  );
  for (const name of names) {
    expect(statSync(join(path, name)).size).toBeLessThanOrEqual(1000);
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
  }
});

test('a new start goes on in the same file', () => {
  const path = folder();
  for (const line of ['one', 'two']) {
    using files = new LogFiles(path);
    files.append(line);
  }
  expect(readFileSync(join(path, 'engine.log'), 'utf8')).toBe('one\ntwo\n');
});

test('a folder that cannot be made loses lines, counted, and nothing else', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  using files = new LogFiles(join(file, 'log'));
  files.append('one');
  files.append('two');
  expect(files.lost).toBe(2);
});
