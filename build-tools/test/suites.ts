import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { findChromium } from './chromium.ts';
import { ROOT, runModule, type Ended } from './child.ts';
import type { Once } from './ledger.ts';
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

/** What of the projects runs: with the counts of the long run; of one file only, its path from the root. */
interface Choice {
  readonly long?: boolean;
  readonly file?: string;
}

/** Runs vitest projects and counts their tests. */
export async function runVitest(
  stage: string,
  projects: readonly string[],
  deadline: number,
  { long = false, file }: Choice = {},
): Promise<Outcome> {
  const name = file === undefined ? stage : path.basename(file, '.ts');
  const results = resultsFile(name);
  const args = ['run', ...projects.flatMap((project) => ['--project', project])];
  const reporters = ['--reporter=default', `--reporter=${path.join(HERE, 'vitest-reporter.ts')}`];
  const files = file === undefined ? [] : [file];
  const all = [...args, ...reporters, ...files];
  const ended = await runModule('vitest/vitest.mjs', all, deadline, {
    environment: { QD_TEST_RESULTS: results, ...(long ? { QD_LONG: '1' } : {}) },
  });
  return judged(results, ended);
}

/** Works on items, two at a time where the machine has two cores. */
export async function inTurns<T>(
  items: readonly T[],
  work: (item: T) => Promise<Outcome>,
): Promise<Outcome> {
  const left = [...items];
  const worker = async (): Promise<Outcome> => {
    let outcome = NOTHING;
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      outcome = joined(outcome, await work(item));
    }
    return outcome;
  };
  const workers = Math.min(2, availableParallelism());
  return (await Promise.all(Array.from({ length: workers }, worker))).reduce(joined, NOTHING);
}

/** Runs the test files under `app` whose names match, with the counts of the long run, each a part. */
export function runFiles(
  project: string,
  names: RegExp,
  deadline: number,
  once: Once,
): Promise<Outcome> {
  const files = readdirSync(path.join(ROOT, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => names.test(file))
    .map((file) => path.posix.join('app', file.replaceAll(path.sep, '/')))
    .sort();
  return inTurns(files, (file) =>
    once(file, () => runVitest(project, [project], deadline, { long: true, file })),
  );
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
