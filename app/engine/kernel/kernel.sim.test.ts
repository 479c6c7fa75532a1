import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { runScript, runSeeds, SEED } from '../../../build-tools/test/seeds.ts';
import { invariant } from '../base/invariant.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { quantity } from '../domain/price.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { randomScript } from './testing/scripts.ts';
import { assertAgrees, Trial, type Step } from './testing/trial.ts';
import { Watch } from './testing/watch.ts';

const MOST_STEPS = 400;
const RESTORE_EVERY = 15;

/** A second kernel that hears the same inputs and is now and then replaced by one that its snapshot made. */
class Shadow {
  readonly #trial: Trial;
  readonly #rng: Xoshiro128;
  readonly #make: () => Kernel;
  #kernel: Kernel;
  #inputs = 0;
  #effects = 0;
  restores = 0;

  constructor(trial: Trial, seed: number, make: () => Kernel) {
    this.#trial = trial;
    this.#make = make;
    this.#kernel = make();
    this.#rng = new Xoshiro128(seed);
  }

  /** Throws unless equal inputs gave equal effects and, when it looks, equal bytes. */
  follow(): void {
    const { inputs, effects, kernel } = this.#trial.desk;
    const own = inputs.slice(this.#inputs).flatMap((input) => this.#kernel.apply(input));
    const theirs = effects.slice(this.#effects);
    invariant(isDeepStrictEqual(own, theirs), 'equal inputs must give equal effects');
    this.#inputs = inputs.length;
    this.#effects = effects.length;
    if (this.#rng.nextBelow(RESTORE_EVERY) > 0) return;
    const bytes = this.#kernel.snapshot();
    assertSameBytes(kernel.encodeState(), bytes);
    this.#kernel = this.#make();
    this.#kernel.restore(bytes);
    assertSameBytes(this.#kernel.encodeState(), bytes);
    this.restores += 1;
  }
}

function assertSameBytes(left: Uint8Array, right: Uint8Array): void {
  invariant(Buffer.compare(left, right) === 0, 'equal inputs must give equal bytes');
}

/** Runs a script against a kernel and all that is asked of it. */
function simulate(
  script: readonly Step[],
  seed: number,
  make: () => Kernel = createKernel,
): { readonly trial: Trial; readonly restores: number } {
  const trial = new Trial(make());
  const watch = new Watch(trial);
  const shadow = new Shadow(trial, seed, make);
  const check = (): void => {
    watch.assertSound();
    trial.desk.kernel.encodeState();
    shadow.follow();
  };
  for (const step of script) {
    trial.step(step);
    check();
  }
  trial.settle();
  check();
  assertAgrees(trial);
  return { trial, restores: shadow.restores };
}

test('whatever happens on the way, the kernel is sound after every step and arrives at the truth of the venue', async () => {
  const reached = await runSeeds('kernel against a venue', 45, (seed) => {
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
  });
  expect(reached['fills']).toBeGreaterThan(0);
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
  const script = randomScript(new Xoshiro128(SEED), MOST_STEPS);
  const run = (): void => runScript(script, (some) => simulate(some, SEED, wrongKernel));
  expect(run).toThrow(/must have (?:filled|traded|ended)|must agree/);
});
