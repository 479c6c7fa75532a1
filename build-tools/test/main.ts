import path from 'node:path';
import { hashOf, PrepareError } from '../prepare.js';
import { endAllChildren, ROOT } from './child.ts';
import { ALWAYS, Ledger, type Once } from './ledger.ts';
import { countsLine, failure, joined, NOTHING, type Outcome } from './outcome.ts';
import { STAGE_GROUPS, type Stage } from './stages.ts';

/** What a long run is of: another text of any of these, and what passed before counts for nothing. */
const SOURCES = ['app', 'native', 'build-tools', 'e2e', 'vitest.config.ts', 'package-lock.json'];

async function outcomeOf(stage: Stage, long: boolean, once: Once): Promise<Outcome> {
  try {
    for (const build of stage.builds) build();
    const limitMs = (long ? stage.longSeconds : stage.seconds) * 1000;
    const outcome = await stage.run(limitMs, long, once);
    const ran = outcome.passed + outcome.failed + outcome.skipped;
    return ran === 0 ? failure(`${stage.name} ran no test\n${outcome.output}`) : outcome;
  } catch (error) {
    if (error instanceof PrepareError) return failure(error.message);
    return failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** Prints what a part or a stage came to, and how long this run took over it. */
async function timed(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
  const started = performance.now();
  const outcome = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const sign = outcome.failed === 0 ? 'ok    ' : 'FAILED';
  console.log(`${sign} ${name.padEnd(12)} ${countsLine(outcome)} (${seconds} s)`);
  for (const note of outcome.notes) console.log(`         ${note}`);
  if (outcome.failed > 0) console.log(outcome.output);
  return outcome;
}

/** The long run remembers its parts, and its suites how far they came; `--continue` goes on there with the same sources. */
function onceOfLongRun(goesOn: boolean): Once {
  // A run of some bugs or of another seed is not the long run.
  if ((process.env['QD_BUGS'] ?? process.env['QD_SEED']) !== undefined) return timed;
  const folder = path.join(ROOT, 'build', 'test', 'long-run', hashOf(SOURCES).slice(0, 16));
  const ledger = new Ledger(folder);
  if (!goesOn) ledger.clear();
  process.env['QD_LONG_FOLDER'] = folder;
  return (part, work) => timed(part, () => ledger.once(part, work));
}

const FLAGS = ['--long', '--continue'];
const args = process.argv.slice(2);
const goesOn = args.includes('--continue');
const long = args.includes('--long') || goesOn;
const wanted = args.filter((argument) => !FLAGS.includes(argument));
const names = STAGE_GROUPS.flat().map((stage) => stage.name);
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`expected stages of ${names.join(', ')}, --long and --continue, was ${unknown}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endAllChildren();
    process.exit(130);
  });
}

const once = long ? onceOfLongRun(goesOn) : ALWAYS;
let total = NOTHING;
for (const group of STAGE_GROUPS) {
  const chosen = group.filter(({ name, longOnly = false }) =>
    wanted.length === 0 ? long || !longOnly : wanted.includes(name),
  );
  const stages = chosen.map((stage) =>
    long
      ? once(stage.name, () => outcomeOf(stage, long, once))
      : timed(stage.name, () => outcomeOf(stage, long, once)),
  );
  total = (await Promise.all(stages)).reduce(joined, total);
}
console.log(countsLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;
