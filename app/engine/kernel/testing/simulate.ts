import { invariant } from '../../base/invariant.ts';
import { Xoshiro128 } from '../../base/rng.ts';
import { createKernel, type Kernel } from '../kernel.ts';
import { assertAgrees } from './agreement.ts';
import { Trial, type Step } from './trial.ts';
import { Watch } from './watch.ts';

const RESTORE_EVERY = 100;

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
    invariant(areEqual(own, theirs), 'equal inputs must give equal effects');
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

/** Equal in all their fields; one that is there and undefined is not one that is absent. */
function areEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left === null || right === null || Array.isArray(left) !== Array.isArray(right)) return false;
  const fields = Object.entries(left);
  return (
    fields.length === Object.keys(right).length &&
    fields.every(([name, value]) => {
      return Object.hasOwn(right, name) && areEqual(value, Reflect.get(right, name));
    })
  );
}

function assertSameBytes(left: Uint8Array, right: Uint8Array): void {
  let same = left.length === right.length;
  for (let at = 0; same && at < left.length; at += 1) same = left[at] === right[at];
  invariant(same, 'equal inputs must give equal bytes');
}

/** Runs a script against a kernel and all that is asked of it; throws where something does not hold. */
export function simulate(
  script: readonly Step[],
  seed: number,
  make: () => Kernel = createKernel,
): { readonly trial: Trial; readonly restores: number } {
  const trial = new Trial(make());
  const watch = new Watch(trial);
  const shadow = new Shadow(trial, seed, make);
  const check = (): void => {
    watch.assertSound();
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
