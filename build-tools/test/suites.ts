import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from './chromium.ts';
import { ROOT, runModule, type Ended } from './child.ts';
import {
  failure,
  joined,
  NOTHING,
  parseResultLines,
  reachedLines,
  type Outcome,
} from './outcome.ts';

const HERE = import.meta.dirname;
/** Enough for an import that failed or an unhandled error. */
const LAST_LINES = 80;

function resultsFile(stage: string): string {
  const file = path.join(ROOT, 'build', 'test', `${stage}.jsonl`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

function lastLines(text: string): string {
  return text.split('\n').slice(-LAST_LINES).join('\n');
}

function judged(file: string, ended: Ended): Outcome {
  const log = file.replace(/jsonl$/, 'log');
  writeFileSync(log, ended.output);
  const whole = `all it printed: ${path.relative(ROOT, log)}`;
  const results = existsSync(file) ? parseResultLines(readFileSync(file, 'utf8')) : NOTHING;
  const counts = { ...results, notes: [...results.notes, ...reachedLines(ended.output)] };
  if (ended.cut) {
    const reached = `cut by its time after ${counts.passed + counts.failed + counts.skipped} tests`;
    return joined(counts, failure(`${reached}\n${lastLines(ended.output)}\n${whole}`));
  }
  if (ended.ok) return counts;
  // Something failed that is no test: an import, an unhandled error.
  return counts.failed > 0
    ? { ...counts, output: `${counts.output}\n${whole}` }
    : joined(counts, failure(`${lastLines(ended.output)}\n${whole}`));
}

/** Runs vitest projects and counts their tests. */
export async function runVitest(
  stage: string,
  projects: readonly string[],
  deadline: number,
  long: boolean,
): Promise<Outcome> {
  const file = resultsFile(stage);
  const args = ['run', ...projects.flatMap((name) => ['--project', name])];
  const reporters = ['--reporter=default', `--reporter=${path.join(HERE, 'vitest-reporter.ts')}`];
  const ended = await runModule('vitest/vitest.mjs', [...args, ...reporters], deadline, {
    environment: { QD_TEST_RESULTS: file, ...(long ? { QD_LONG: '1' } : {}) },
  });
  return judged(file, ended);
}

/** Runs the journeys in a real browser. */
export async function runEndToEnd(limitMs: number, long: boolean): Promise<Outcome> {
  const browser = await findChromium();
  if (browser === undefined) {
    return failure(
      'no Chromium and none could be installed; install one (Debian: apt-get install chromium; macOS: brew install --cask chromium; else: npx playwright install chromium)',
    );
  }
  const file = resultsFile('e2e');
  const reporter = `--reporter=list,${path.join(HERE, 'playwright-reporter.ts')}`;
  const deadline = performance.now() + limitMs;
  const ended = await runModule('@playwright/test/cli.js', ['test', reporter], deadline, {
    environment: { QD_TEST_RESULTS: file, QD_CHROMIUM: browser, ...(long ? { QD_LONG: '1' } : {}) },
  });
  return judged(file, ended);
}
