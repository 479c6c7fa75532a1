import { ROOT } from '../test/child.ts';
import type { Once } from '../test/ledger.ts';
import { failure, joined, NOTHING, type Outcome } from '../test/outcome.ts';
import type { SeededBug, Suite } from './bug.ts';
import { BUGS, canaryOf } from './bugs.ts';
import { runSuite, type Said } from './run-suite.ts';
import { TreeCopy } from './tree-copy.ts';

/** Longest time of a suite, in seconds: that of its stage in the gate. */
const SECONDS = { unit: 180, integration: 120, simulation: 400, native: 180 } as const;
/** Of the run over everything without a bug. */
const ALL_SECONDS = 1200;

/** What a board runs over: a tree to put bugs in and the suites. */
export interface BoardParts {
  readonly bugs: readonly SeededBug[];
  seed(bug: SeededBug): Disposable;
  run(suite: Suite, seconds: number): Promise<Said>;
  print(line: string): void;
  readonly once: Once;
}

interface Found {
  readonly by: string | undefined;
  readonly seconds: string;
}

/** The suites of all bugs, each test once. */
function allSuites(bugs: readonly SeededBug[]): readonly Suite[] {
  const stages = new Map<Suite['stage'], Set<string>>();
  for (const { stage, tests } of bugs.flatMap(({ suites }) => suites)) {
    const known = stages.get(stage) ?? new Set<string>();
    stages.set(stage, known);
    for (const test of tests) known.add(test);
  }
  return Array.from(stages, ([stage, tests]) => ({ stage, tests: [...tests] }));
}

async function find(parts: BoardParts, bug: SeededBug): Promise<Found> {
  const begun = performance.now();
  using _seeded = parts.seed(bug);
  let by: string | undefined;
  for (const suite of bug.suites) {
    const told = await parts.run(suite, SECONDS[suite.stage]);
    if (told.passed) continue;
    by = told.by;
    break;
  }
  return { by, seconds: ((performance.now() - begun) / 1000).toFixed(1) };
}

function line(parts: BoardParts, name: string, words: string, seconds: string): void {
  parts.print(`${name.padEnd(40)} ${seconds.padStart(6)} s  ${words}`);
}

async function tried(parts: BoardParts, bug: SeededBug): Promise<Outcome> {
  try {
    const { by, seconds } = await find(parts, bug);
    line(parts, bug.name, by ?? 'NOT FOUND', seconds);
    if (by !== undefined) return { ...NOTHING, passed: 1 };
    return failure(`${bug.name} (${bug.file}) was NOT FOUND: ${bug.what}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    line(parts, bug.name, 'COULD NOT BE TRIED', '');
    return failure(`${bug.name} (${bug.file}) could not be tried: ${why}`);
  }
}

/** Runs the suites without a bug, the canary that must not be found, then every bug that must be. */
export async function runBoard(parts: BoardParts): Promise<Outcome> {
  const { bugs, print } = parts;
  for (const suite of allSuites(bugs)) {
    const sound = await parts.once(`seeded-bugs: none in ${suite.stage}`, async () => {
      const told = await parts.run(suite, ALL_SECONDS);
      if (told.passed) return { ...NOTHING, passed: 1 };
      return failure(`the board is void: without a bug ${told.by}\n${told.output}`);
    });
    if (sound.failed > 0) return sound;
  }
  const [first] = bugs;
  if (first === undefined) return failure('the board is void: it has no bugs');
  const canary = canaryOf(first);
  const alive = await find(parts, canary);
  line(parts, canary.name, alive.by ?? 'not found, as it must be', alive.seconds);
  if (alive.by !== undefined)
    return failure(`the board is void: the canary was found by ${alive.by}`);
  let outcome: Outcome = { ...NOTHING, passed: 1 };
  for (const bug of bugs) {
    outcome = joined(
      outcome,
      await parts.once(`seeded-bugs: ${bug.name}`, () => tried(parts, bug)),
    );
  }
  const found = `${outcome.passed - 1}/${bugs.length} found, 1 canary not found`;
  print(found);
  return { ...outcome, notes: [found] };
}

/** Puts every bug into a copy of this checkout, one at a time; `QD_BUGS` names those that are tried, else all. */
export async function runSeededBugs(limitMs: number, once: Once): Promise<Outcome> {
  const wanted = process.env['QD_BUGS']?.split(',');
  const bugs = BUGS.filter(({ name }) => wanted?.includes(name) ?? true);
  const end = performance.now() + limitMs;
  using copy = new TreeCopy(ROOT);
  return await runBoard({
    bugs,
    seed: (bug) => copy.seed(bug),
    run: async (suite, seconds) => {
      const told = await runSuite(copy.root, suite, seconds);
      if (performance.now() > end) throw new Error('the time of the board is up');
      return told;
    },
    print: (text) => {
      console.log(text);
    },
    once,
  });
}
