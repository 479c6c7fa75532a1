import { expect, test } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { isTerminal } from '../domain/order.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { assertAgrees } from './testing/agreement.ts';
import { randomScript } from './testing/scripts.ts';
import { simulate } from './testing/simulate.ts';
import type { Trial } from './testing/trial.ts';

const SCRIPTS = 60;
const STEPS = 120;
/** So little that much is forgotten, and told of again afterwards. */
const FEW = { ended: 2, ageMicros: 0 };
const ALL = { ended: Number.MAX_SAFE_INTEGER, ageMicros: 0 };

/** What must be the same whether ended orders are kept or not; questions and their numbers need not. */
function essence(kernel: Kernel): unknown {
  const { orders, positions, fillCount } = kernel.view();
  const live = orders.filter(({ status }) => !isTerminal(status));
  return { live, positions, fillCount };
}

function keptOf(trial: Trial): number {
  return trial.desk.kernel.view().orders.length;
}

test('a kernel that forgets ended orders holds what one that keeps all does, and what the venue says', () => {
  const seen = { kept: 0, forgotten: 0 };
  for (let seed = 1; seed <= SCRIPTS; seed += 1) {
    const script = randomScript(new Xoshiro128(seed), STEPS);
    // Sound after every step, equal bytes through snapshots, agreement at the end.
    const { trial } = simulate(script, seed, () => createKernel(FEW));
    trial.settle();
    assertAgrees(trial);
    const twin = createKernel(ALL);
    for (const input of trial.desk.inputs) twin.apply(input);
    expect(essence(trial.desk.kernel)).toEqual(essence(twin));
    seen.kept += keptOf(trial);
    seen.forgotten += twin.view().orders.length - keptOf(trial);
  }
  // Fewer would prove little.
  expect(seen.forgotten).toBeGreaterThan(seen.kept);
  expect(seen.forgotten).toBeGreaterThan(200);
});
