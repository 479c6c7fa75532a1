import { PrepareError } from '../prepare.js';
import { endAllChildren } from './child.ts';
import { countsLine, failure, joined, NOTHING, type Outcome } from './outcome.ts';
import { STAGE_GROUPS, type Stage } from './stages.ts';

async function outcomeOf(stage: Stage, long: boolean): Promise<Outcome> {
  try {
    for (const build of stage.builds) build();
    const outcome = await stage.run((long ? stage.longSeconds : stage.seconds) * 1000, long);
    const ran = outcome.passed + outcome.failed + outcome.skipped;
    return ran === 0 ? failure(`${stage.name} ran no test\n${outcome.output}`) : outcome;
  } catch (error) {
    if (error instanceof PrepareError) return failure(error.message);
    return failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

async function report(stage: Stage, long: boolean): Promise<Outcome> {
  const started = performance.now();
  const outcome = await outcomeOf(stage, long);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const sign = outcome.failed === 0 ? 'ok    ' : 'FAILED';
  console.log(`${sign} ${stage.name.padEnd(12)} ${countsLine(outcome)} (${seconds} s)`);
  for (const note of outcome.notes) console.log(`         ${note}`);
  if (outcome.failed > 0) console.log(outcome.output);
  return outcome;
}

const args = process.argv.slice(2);
const long = args.includes('--long');
const wanted = args.filter((argument) => argument !== '--long');
const names = STAGE_GROUPS.flat().map((stage) => stage.name);
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`expected stages of ${names.join(', ')} and --long, was ${unknown}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endAllChildren();
    process.exit(130);
  });
}

let total = NOTHING;
for (const group of STAGE_GROUPS) {
  const chosen = group.filter(({ name, longOnly = false }) =>
    wanted.length === 0 ? long || !longOnly : wanted.includes(name),
  );
  const outcomes = await Promise.all(chosen.map((stage) => report(stage, long)));
  total = outcomes.reduce(joined, total);
}
console.log(countsLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;
