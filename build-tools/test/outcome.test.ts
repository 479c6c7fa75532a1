import { expect, test } from 'vitest';
import {
  countsLine,
  failure,
  joined,
  NOTHING,
  parseCountsLine,
  parseResultLines,
  reachedLines,
} from './outcome.ts';

test('the counts at the end of a test program’s output are read', () => {
  const text = 'a.cpp:3: was 1, expected 2\nFAILED a\n41 passed, 1 failed, 2 skipped\n';
  expect(parseCountsLine(text)).toEqual({ ...NOTHING, passed: 41, failed: 1, skipped: 2 });
});

test('output that does not end with counts has none', () => {
  expect(parseCountsLine('41 passed, 1 failed, 2 skipped\nSegmentation fault')).toBeUndefined();
});

test('result lines are counted, without the half line of a reporter that was killed', () => {
  const lines = ['passed', 'failed', 'skipped', 'passed'].map((state) =>
    JSON.stringify({ name: 'a test', state, errors: state === 'failed' ? ['was 1\nnot 2'] : [] }),
  );
  const text = `${lines.join('\n')}\n{"name":"half`;
  const output = 'failed: a test\n    was 1\n    not 2';
  expect(parseResultLines(text)).toEqual({ ...NOTHING, passed: 2, failed: 1, skipped: 1, output });
});

test('the reasons of skipped tests are told once each', () => {
  const line = (note: string): string => `${JSON.stringify({ state: 'skipped', note })}\n`;
  const { notes } = parseResultLines(line('no data') + line('no fsync') + line('no data'));
  expect(notes).toEqual(['skipped 2: no data', 'skipped 1: no fsync']);
});

test('what suites bounded by time reached is found in their output', () => {
  const output = 'stdout | kernel.sim.test.ts\nreached 3 steps, seed 7\n ok\nreached 4\n';
  expect(reachedLines(output)).toEqual(['reached 3 steps, seed 7', 'reached 4']);
});

test('the last line sums all stages', () => {
  const outcome = [{ ...NOTHING, passed: 3, skipped: 1 }, failure('x'), { ...NOTHING, passed: 4 }];
  expect(countsLine(outcome.reduce(joined, NOTHING))).toBe('7 passed, 1 failed, 1 skipped');
});
