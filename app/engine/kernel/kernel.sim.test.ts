import { expect, test } from 'vitest';
import { runScript, runSeeds, SEED } from '../../../build-tools/test/seeds.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { quantity } from '../domain/price.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { randomScript } from './testing/scripts.ts';
import { simulate } from './testing/simulate.ts';

const MOST_STEPS = 400;
const NIGHTLY = { of: 'steps', count: 50_000_000, seconds: 4 * 3600, resumes: true } as const;

test('whatever happens on the way, the kernel is sound after every step and arrives at the truth of the venue', async () => {
  const trial = (seed: number) => {
    const script = randomScript(new Xoshiro128(seed), MOST_STEPS);
    let inputs = 0;
    let fills = 0;
    let restores = 0;
    let seconds = 0;
    runScript(script, (some) => {
      const { trial, restores: made } = simulate(some, seed);
      inputs = trial.desk.inputs.length;
      fills = trial.venue.trades.length;
      restores = made;
      seconds = Math.round(trial.elapsedSeconds);
    });
    return { steps: script.length, inputs, fills, restores, 'simulated seconds': seconds };
  };
  const reached = await runSeeds('kernel against a venue', 45, trial, NIGHTLY);
  expect(reached['fills']).toBeGreaterThan(0);
});

test('a kill that gave up closing while the market was halted is not proved, and says so', () => {
  const seed = 20_265_194;
  const { trial } = simulate(randomScript(new Xoshiro128(seed), MOST_STEPS), seed);
  const { receipts } = trial.desk.kernel.view();
  expect(receipts.at(-1)).toMatchObject({ kind: 'Kill', step: 'Unproved', flat: false });
});

test('equal seeds give equal scripts, inputs and bytes', () => {
  const runs = [0, 1].map(() => {
    const { trial } = simulate(randomScript(new Xoshiro128(SEED), MOST_STEPS), SEED);
    return { inputs: trial.desk.inputs, bytes: trial.desk.kernel.encodeState() };
  });
  expect(runs[0]).toEqual(runs[1]);
});

/** A kernel that takes every fill for one step smaller than it was: wrong on purpose. */
function wrongKernel(): Kernel {
  const kernel = createKernel();
  return {
    ...kernel,
    apply(input) {
      if (input.type !== 'Venue' || input.report.type !== 'OrderFilled') return kernel.apply(input);
      const lastQty = quantity(input.report.lastQty - 10);
      return kernel.apply({ ...input, report: { ...input.report, lastQty } });
    },
  };
}

test('a kernel that is wrong on purpose is found, with a short script', () => {
  const run = (): void => {
    for (let seed = SEED; seed < SEED + 20; seed += 1) {
      const script = randomScript(new Xoshiro128(seed), MOST_STEPS);
      runScript(script, (some) => simulate(some, seed, wrongKernel));
    }
  };
  expect(run).toThrow(/must have (?:filled|traded|ended)|must agree/);
});
