import { expect, test } from 'vitest';
import { LONG, runScript, runSeeds, SEED } from '../../../build-tools/test/seeds.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { simulate } from './testing/simulate.ts';
import { faultyScript } from './testing/scripts.ts';
import { FAULT_KINDS } from './testing/venue-faults.ts';

const MOST_STEPS = 120;
/** Scripts in which the fault is to strike. A long run must get there; the gate aims at it within its time and needs one. */
const AIM = LONG ? 2_000 : 50;
const LEAST = LONG ? AIM : 1;
/** At most, for each kind: the aim is reached in a fraction of it on a machine that has nothing else to do. */
const SECONDS = LONG ? 60 : 20;

test.each(FAULT_KINDS)('the kernel arrives at the truth of a venue that has %s', async (kind) => {
  let struck = 0;
  const reached = await runSeeds(`${kind}, of ${AIM} to be struck`, SECONDS, (seed) => {
    if (struck >= AIM) return undefined;
    const script = faultyScript(new Xoshiro128(seed), MOST_STEPS, kind);
    let strikes = 0;
    let fills = 0;
    runScript(script, (some) => {
      const { trial } = simulate(some, seed);
      strikes = trial.venue.strikes.get(kind) ?? 0;
      fills = trial.venue.trades.length;
    });
    if (strikes > 0) struck += 1;
    return { 'scripts struck': strikes > 0 ? 1 : 0, strikes, steps: script.length, fills };
  });
  expect(reached['scripts struck'], `of seed ${SEED}`).toBeGreaterThanOrEqual(LEAST);
});
