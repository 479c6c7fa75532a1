import { parseArgs } from 'node:util';
import { canary, describeFailure, KINDS, LONG_RANGE, USUAL_STEPS, worldOf } from './seeds.ts';
import { Tally } from './swarm.ts';
import { runWorld } from './world.ts';

const DAY_MS = 86_400_000;
const USAGE = `npm run simulate -- [--seed N | --seeds A..B | --days D | --minutes M] [--steps N]
  --seed N      one world (1 when nothing is told)
  --seeds A..B  every world from A to B
  --days D      worlds from --seed on until D days of trading were simulated
  --minutes M   worlds from --seed on for M minutes
  --steps N     things that happen in a world (${USUAL_STEPS})`;

interface Plan {
  readonly first: number;
  readonly last: number;
  readonly days: number;
  readonly minutes: number;
  readonly steps: number;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name} must be a whole number from 0 on, was ${text}`);
}

function above(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new RangeError(`--${name} must be above 0, was ${text}`);
}

function planOf(args: readonly string[]): Plan {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seed: text, seeds: text, days: text, minutes: text, steps: text },
  });
  const { seed = '1', seeds, days, minutes, steps } = values;
  const length = steps === undefined ? USUAL_STEPS : whole('steps', steps);
  const endless = { days: Infinity, minutes: Infinity, steps: length };
  if (seeds !== undefined) {
    const [from = '', to = ''] = seeds.split('..', 2);
    return { ...endless, first: whole('seeds', from), last: whole('seeds', to) };
  }
  const first = whole('seed', seed);
  if (days !== undefined) return { ...endless, first, last: Infinity, days: above('days', days) };
  if (minutes === undefined) return { ...endless, first, last: first };
  return { ...endless, first, last: Infinity, minutes: above('minutes', minutes) };
}

/** What a run has reached. */
interface Reached {
  seeds: number;
  failed: number;
  steps: number;
  inputs: number;
  orders: number;
  fills: number;
  restarts: number;
  /** Awake. */
  simulatedMs: number;
  sleptMs: number;
  slowestMs: number;
}

async function run(plan: Plan, tally: Tally): Promise<Reached> {
  const reached: Reached = {
    seeds: 0,
    failed: 0,
    steps: 0,
    inputs: 0,
    orders: 0,
    fills: 0,
    restarts: 0,
    simulatedMs: 0,
    sleptMs: 0,
    slowestMs: 0,
  };
  const until = performance.now() + plan.minutes * 60_000;
  for (let seed = plan.first; seed <= plan.last; seed += 1) {
    const spec = worldOf(seed, plan.steps);
    const outcome = await runWorld(spec);
    reached.seeds += 1;
    reached.steps += outcome.steps;
    reached.inputs += outcome.inputs;
    reached.orders += outcome.orders;
    reached.fills += outcome.fills;
    reached.restarts += outcome.restarts;
    reached.simulatedMs += outcome.simulatedMs - outcome.sleptMs;
    reached.sleptMs += outcome.sleptMs;
    reached.slowestMs = Math.max(reached.slowestMs, outcome.convergedMs ?? 0);
    for (const [kind, count] of outcome.tally.counts) tally.add(kind, count);
    if (outcome.violation === undefined) {
      if (plan.first === plan.last)
        console.log(`journal ${outcome.journalHash}\nstate   ${outcome.stateHash}`);
    } else {
      reached.failed += 1;
      const again = `npm run simulate -- --seed ${seed} --steps ${plan.steps}`;
      console.error(await describeFailure(spec, outcome, again));
    }
    if (reached.simulatedMs >= plan.days * DAY_MS) break;
    if (performance.now() >= until) break;
  }
  return reached;
}

function print(reached: Reached, tally: Tally, realMs: number, busyMs: number): void {
  const days = reached.simulatedMs / DAY_MS;
  const times = (ms: number): string => `${Math.round(reached.simulatedMs / ms)}x`;
  const faults = [...tally.counts].sort(([left], [right]) => (left < right ? -1 : 1));
  console.log(
    [
      `${reached.seeds} seeds, ${reached.failed} failed; ${reached.steps} steps, ${reached.inputs} inputs, ${reached.orders} orders, ${reached.fills} fills, ${reached.restarts} restarts`,
      `${days.toFixed(3)} simulated days (and ${(reached.sleptMs / DAY_MS).toFixed(3)} asleep) in ${(realMs / 1000).toFixed(1)} s: ${times(realMs)} real time, ${times(busyMs)} processor time, ${(reached.seeds / (realMs / 1000)).toFixed(2)} seeds/s`,
      `longest way back to agreement: ${(reached.slowestMs / 1000).toFixed(2)} simulated s of 60`,
      `faults: ${faults.map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
    ].join('\n'),
  );
}

async function main(): Promise<void> {
  const tally = new Tally();
  const plan = planOf(process.argv.slice(2));
  const begun = performance.now();
  const cpuBefore = process.cpuUsage();
  const reached = await run(plan, tally);
  const { user, system } = process.cpuUsage(cpuBefore);
  print(reached, tally, performance.now() - begun, (user + system) / 1000);
  const { violation } = await runWorld(canary(plan.first));
  const found = violation?.rule === 'FILL_INVENTED';
  console.log(
    found
      ? `canary found: ${violation.message}`
      : 'the canary was not found: this run proves nothing',
  );
  const missing = reached.seeds < LONG_RANGE ? [] : KINDS.filter((kind) => !tally.counts.has(kind));
  if (missing.length > 0)
    console.log(`never happened in ${reached.seeds} seeds: ${missing.join(', ')}`);
  if (reached.failed > 0 || !found || missing.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
