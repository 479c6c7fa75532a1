import { Xoshiro128 } from '../engine/base/rng.ts';
import { randomScript, type Step } from './script.ts';
import { CALM, drawSwarm } from './swarm.ts';
import { runWorld, type Outcome, type WorldSpec } from './world.ts';

/** Steps of a script unless told otherwise: about half an hour of simulated time. */
export const USUAL_STEPS = 300;
/** Worlds tried while looking for a shorter script. */
const SHRINK_BUDGET = 120;
const CANARY_STEPS = 120;
const DOUBLED_TRADE = 3;

/** In so many seeds every kind must have happened. */
export const LONG_RANGE = 100;
/** What must happen in a long range of seeds, as it is counted. */
export const KINDS: readonly string[] = [
  'answers 418',
  'answers 429',
  'brackets answered with exits',
  'clean stops',
  'clocks set back',
  'clocks set forward',
  'cuts',
  'cuts for want of market records',
  'damaged snapshots',
  'deaths in mid work',
  'deaths of the feed',
  'delayed messages',
  'half-open connections',
  'kills',
  'lost answers',
  'lost messages',
  'lost requests',
  'order counts used up',
  'orders beyond the first instrument',
  'orders of lists',
  'outages',
  'power losses',
  'refused connections',
  'repeated events',
  'server errors',
  'silences',
  'silences of the feed',
  'silent answers',
  'silent requests',
  'sleeps of the machine',
  'snapshots',
  'snapshots not used',
  'snapshots refused by the disk',
  'snapshots taken back',
  'starts from a snapshot',
  'stops of the process',
  'stops triggered',
  'stops, limit',
  'stops, market',
  'sync faults',
  'times of a full disk',
  'torn snapshots',
  'torn tails',
  'weights used up',
  'write faults',
];

/** The world of a seed: equal seeds and lengths give equal worlds. */
export function worldOf(seed: number, steps = USUAL_STEPS): WorldSpec {
  return {
    seed,
    swarm: drawSwarm(new Xoshiro128(seed + 99)),
    script: randomScript(new Xoshiro128(seed), steps, true),
  };
}

/** Leaves steps out as long as the same rule is broken: halves first, then smaller parts, within a fixed number of worlds. */
export async function shortestScript(
  spec: WorldSpec,
  outcome: Outcome,
  budget = SHRINK_BUDGET,
): Promise<readonly Step[]> {
  const rule = outcome.violation?.rule;
  let kept = spec.script.slice(0, outcome.steps + 1);
  let left = budget;
  for (let part = Math.ceil(kept.length / 2); part >= 1; part = Math.floor(part / 2)) {
    for (let from = 0; from < kept.length && left > 0;) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + part)];
      left -= 1;
      const { violation } = await runWorld({ ...spec, script: fewer });
      if (violation?.rule === rule) kept = fewer;
      else from += part;
    }
  }
  return kept;
}

/** What a failing seed is told with: what broke, how to see it again, the world it was in and the shortest script found. */
export async function describeFailure(
  spec: WorldSpec,
  outcome: Outcome,
  command: string,
  budget?: number,
): Promise<string> {
  const script = await shortestScript(spec, outcome, budget);
  return [
    `seed ${spec.seed}: ${outcome.violation?.message ?? 'no violation'}`,
    `again: ${command}`,
    `world: ${JSON.stringify(spec.swarm)}`,
    `shortest script found, ${script.length} of ${spec.script.length} steps:`,
    ...script.map((step) => `  ${JSON.stringify(step)}`),
  ].join('\n');
}

/** A calm world whose exchange silently reports one fill at twice its size. It must be found. */
export function canary(seed: number): WorldSpec {
  return {
    seed,
    swarm: CALM,
    script: randomScript(new Xoshiro128(seed), CANARY_STEPS, false),
    tamper() {
      let trades = 0;
      return (text) => {
        if (!text.includes('"x":"TRADE"')) return text;
        trades += 1;
        return trades === DOUBLED_TRADE ? doubledFill(text) : text;
      };
    },
  };
}

/** The execution report with twice the last quantity. */
function doubledFill(text: string): string {
  return text.replace(/"l":"([0-9.]+)"/, (_, size: string) => `"l":"${twice(size)}"`);
}

function twice(decimal: string): string {
  const digits = decimal.split('.')[1]?.length ?? 0;
  const doubled = String(BigInt(decimal.replace('.', '')) * 2n).padStart(digits + 1, '0');
  return `${doubled.slice(0, -digits)}.${doubled.slice(-digits)}`;
}
