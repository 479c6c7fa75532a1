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

const REPORTER = path.join(import.meta.dirname, '../test/vitest-reporter.ts');
const BUILD_ADDON = "import { buildAddon } from './build-tools/build.js'; buildAddon();";

function said(ended: Ended, failed: string | undefined): Said {
  const { ok, cut, output } = ended;
  const by = cut ? 'its time was up' : (failed ?? 'failed outside a test');
  return { passed: ok, by: ok ? '' : by, output };
}

function firstFailed(results: string): string | undefined {
  if (!existsSync(results)) return undefined;
  const lines = readFileSync(results, 'utf8').split('\n').slice(0, -1);
  const tests = lines.map((line) => JSON.parse(line) as { name: string; state: string });
  return tests.find(({ state }) => state === 'failed')?.name;
}

async function runNativeSuite(root: string, { tests }: Suite, deadline: number): Promise<Said> {
  const built = await buildNativeTests(deadline, { root, fuzz: false });
  if (!built.ok) return said(built, 'does not compile');
  for (const word of tests) {
    const ended = await runNativeTests(deadline, root, word);
    if (ended.ok) continue;
    const failed = /^FAILED (\w+)$/m.exec(ended.output)?.[1];
    return said(ended, failed ?? `${word} ended the program`);
  }
  return { passed: true, by: '', output: '' };
}

/** Runs a suite over the tree at `root`, which has its addon built first. */
export async function runSuite(root: string, suite: Suite, deadline: number): Promise<Said> {
  if (suite.stage === 'native') return runNativeSuite(root, suite, deadline);
  const where = { folder: root };
  const addon = ['--input-type=module', '--eval', BUILD_ADDON];
  const built = await runChild(process.execPath, addon, deadline, where);
  if (!built.ok) return said(built, 'the addon does not compile');
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
    ...where,
    environment: { QD_TEST_RESULTS: results, QD_LONG: '0' },
  });
  return said(ended, firstFailed(results));
}
