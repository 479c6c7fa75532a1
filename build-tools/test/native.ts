import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { invariant } from '../../app/engine/base/invariant.ts';
import { requireNativeTools } from '../build.js';
import { ROOT, runChild, type Ended } from './child.ts';
import type { Once } from './ledger.ts';
import { failure, joined, NOTHING, parseCountsLine, type Outcome } from './outcome.ts';
import { inTurns } from './suites.ts';

const FOLDER = path.join('build', 'native', 'test');
const STRICT = {
  ASAN_OPTIONS: 'detect_leaks=1:strict_string_checks=1:check_initialization_order=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

function problem(what: string, ended: Ended): Outcome {
  const why = ended.cut ? `${what} was cut by its time` : `${what} failed`;
  return failure(`${why}\n${ended.output}`);
}

/** Which tree's C++ is built, and whether with its fuzz targets. */
interface NativeBuild {
  readonly root: string;
  readonly fuzz: boolean;
}

/** Configures and builds the C++ tests of a tree in its build folder. */
export async function buildNativeTests(
  deadline: number,
  { root, fuzz }: NativeBuild,
): Promise<Ended> {
  const sanitize = process.platform === 'win32' ? 'OFF' : 'ON';
  const configured = await runChild(
    'cmake',
    [
      '-S',
      'native',
      '-B',
      FOLDER,
      '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
      `-DQD_SANITIZE=${sanitize}`,
      '-DQD_BINDING=OFF',
      '-DQD_TESTS=ON',
      `-DQD_FUZZ=${fuzz ? 'ON' : 'OFF'}`,
    ],
    deadline,
    { folder: root },
  );
  if (!configured.ok) return configured;
  const args = ['--build', FOLDER, '--config', 'RelWithDebInfo', '--parallel', '2'];
  return runChild('cmake', args, deadline, { folder: root });
}

/** Runs the C++ tests of a tree whose names contain `word`. */
export async function runNativeTests(deadline: number, root: string, word: string): Promise<Ended> {
  const [program] = programs('qd_tests', root);
  invariant(program !== undefined, 'a build must leave the program of the C++ tests');
  return runChild(program, [word], deadline, { folder: root, environment: STRICT });
}

function programs(prefix: string, root: string): readonly string[] {
  const folders = [FOLDER, path.join(FOLDER, 'RelWithDebInfo')].map((one) => path.join(root, one));
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && /^[\w-]+(\.exe)?$/.test(entry.name))
        .filter((entry) => entry.name.startsWith(prefix))
        .map((entry) => path.join(folder, entry.name)),
    );
}

/** The seeds of a target: `native/fuzz/corpus/<target>`, else none. */
function corpusOf(name: string): string {
  const seeds = path.join(ROOT, 'native', 'fuzz', 'corpus', name.replace(/\.exe$/, ''));
  if (existsSync(seeds)) return seeds;
  const none = path.join(ROOT, FOLDER, 'no-seeds');
  mkdirSync(none, { recursive: true });
  return none;
}

async function fuzz(program: string, seconds: number, deadline: number): Promise<Outcome> {
  const name = path.basename(program);
  const args = [corpusOf(name), `-seconds=${seconds}`];
  // A target leaves the input of a crash where it runs.
  const ended = await runChild(program, args, deadline, { folder: FOLDER });
  if (!ended.ok) return problem(name, ended);
  return { ...NOTHING, passed: 1, notes: [ended.output.trimEnd().split('\n').at(-1) ?? ''] };
}

/** A build with sanitizers from nothing takes this long at most, on two cores that also run the unit tests. */
const BUILD_MS = 900_000;

/**
 * The C++ tests under address and undefined-behaviour sanitizers, then each fuzz target for `fuzzSeconds`, each a part. Their time begins
 * when they are built.
 */
export async function runNative(
  limitMs: number,
  fuzzSeconds: number,
  once: Once,
): Promise<Outcome> {
  requireNativeTools();
  const built = await buildNativeTests(performance.now() + BUILD_MS, { root: ROOT, fuzz: true });
  if (!built.ok) return problem('the C++ build', built);
  const deadline = performance.now() + limitMs;
  let outcome = NOTHING;
  for (const program of programs('qd_tests', ROOT)) {
    const ended = await runChild(program, [], deadline, { environment: STRICT });
    const counts = parseCountsLine(ended.output);
    const sound = counts !== undefined && ended.ok === (counts.failed === 0);
    if (sound) outcome = joined(outcome, { ...counts, output: ended.ok ? '' : ended.output });
    else outcome = joined(outcome, problem('the C++ tests', ended));
  }
  const fuzzed = await inTurns(programs('fuzz-', ROOT), (program) =>
    once(path.basename(program), () => fuzz(program, fuzzSeconds, deadline)),
  );
  return joined(outcome, fuzzed);
}
