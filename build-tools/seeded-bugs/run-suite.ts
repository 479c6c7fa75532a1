import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runChild, type Ended } from '../test/child.ts';
import { buildNativeTests, runNativeTests } from '../test/native.ts';
import type { Suite } from './bug.ts';

/** What a suite said of a tree. */
export interface Said {
  readonly passed: boolean;
  /** The test that failed first, or what else went wrong. */
  readonly by: string;
  readonly output: string;
}

const PROJECTS = {
  unit: ['neutral', 'node', 'dom'],
  integration: ['integration'],
  simulation: ['simulation'],
} as const;

/** Longest time of a build; the first one compiles everything. */
const BUILD_SECONDS = 1200;

const REPORTER = path.join(import.meta.dirname, '../test/vitest-reporter.ts');
const BUILD_ADDON = "import { buildAddon } from './build-tools/build.js'; buildAddon();";

function said(ended: Ended, failed: string | undefined): Said {
  const { ok, cut, output } = ended;
  const by = cut ? 'its time was up' : (failed ?? 'failed outside a test');
  return { passed: ok, by: ok ? '' : by, output };
}

/** A run that is ended by its first failure may not have written it down, and prints it. */
function firstFailed(results: string, output: string): string | undefined {
  const printed = /^ FAIL {2}(.*)$/m.exec(output)?.[1];
  if (!existsSync(results)) return printed;
  const lines = readFileSync(results, 'utf8').split('\n').slice(0, -1);
  const tests = lines.map((line) => JSON.parse(line) as { name: string; state: string });
  return tests.find(({ state }) => state === 'failed')?.name ?? printed;
}

/** Builds what a suite runs; throws when that does not succeed: a tree that does not build says nothing. */
async function build(root: string, { stage }: Suite): Promise<void> {
  const deadline = performance.now() + BUILD_SECONDS * 1000;
  const addon = ['--input-type=module', '--eval', BUILD_ADDON];
  const built =
    stage === 'native'
      ? await buildNativeTests(deadline, { root, fuzz: false })
      : await runChild(process.execPath, addon, deadline, { folder: root });
  if (!built.ok) throw new Error(`the tree does not build\n${built.output}`);
}

async function runNativeSuite(root: string, { tests }: Suite, deadline: number): Promise<Said> {
  for (const word of tests) {
    const ended = await runNativeTests(deadline, root, word);
    if (ended.ok) continue;
    const failed = /^FAILED (\w+)$/m.exec(ended.output)?.[1];
    return said(ended, failed ?? `${word} ended the program`);
  }
  return { passed: true, by: '', output: '' };
}

/** Builds the tree at `root` and runs a suite over it for at most `seconds`. */
export async function runSuite(root: string, suite: Suite, seconds: number): Promise<Said> {
  await build(root, suite);
  const deadline = performance.now() + seconds * 1000;
  if (suite.stage === 'native') return runNativeSuite(root, suite, deadline);
  const results = path.join(root, 'build', 'test', 'seeded-bugs.jsonl');
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const args = [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--bail=1',
    ...PROJECTS[suite.stage].flatMap((project) => ['--project', project]),
    '--reporter=default',
    `--reporter=${REPORTER}`,
    ...suite.tests,
  ];
  const ended = await runChild(process.execPath, args, deadline, {
    folder: root,
    environment: { QD_TEST_RESULTS: results, QD_LONG: '0' },
  });
  // Nothing ran, so that nothing can be said.
  if (ended.output.includes('No test files found')) throw new Error(ended.output);
  return said(ended, firstFailed(results, ended.output));
}
