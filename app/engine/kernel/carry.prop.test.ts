import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Xoshiro128 } from '../base/rng.ts';
import { present } from '../base/invariant.ts';
import type { AccountCarry } from '../domain/carried.ts';
import type { Effect, Input } from '../domain/input.ts';
import { quantity } from '../domain/price.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { ACCOUNT } from './testing/desk.ts';
import { PassingKernel } from './testing/passing-kernel.ts';
import { randomScript } from './testing/scripts.ts';
import { assertAgrees } from './testing/agreement.ts';
import { Trial } from './testing/trial.ts';
import { Watch } from './testing/watch.ts';

/** What must be the same on both sides of the step from one session to the next. */
function kept(kernel: Kernel): Partial<AccountCarry> {
  const carry = present(kernel.carry(ACCOUNT), 'carry');
  // The venue may have changed its rules; flattens do not go on.
  const { orders, unfinished: _unfinished, instruments: _instruments, at: _at, ...rest } = carry;
  return {
    ...rest,
    orders: orders.map(
      ({ order: { unknownSince: _since, updatedAt: _updatedAt, ...order }, exits, ...one }) => {
        // A session that begins Locked tells anew that exits wait; what was sent and answered stays.
        const { told: _told, ...owed } = exits ?? { answered: quantity(0), quantity: quantity(0) };
        return { ...one, exits: owed, order: { ...order, updatedAt: order.decidedAt } };
      },
    ),
  };
}

/** A kernel that gives way to another, in a session of its own, where one that only died would go on in the same. */
class SuccessiveKernel extends PassingKernel {
  sessions = 1;

  override apply(input: Input): readonly Effect[] {
    if (input.type !== 'SessionStarted' || !input.recovered) return this.kernel.apply(input);
    this.sessions += 1;
    const before = this.kernel;
    const carry = present(before.carry(ACCOUNT), 'carry');
    const from = { session: `s${this.sessions - 1}`, stateHash: '', proved: true };
    this.kernel = createKernel();
    const session = `s${this.sessions}`;
    const carried = [{ ...carry, ...from }];
    const effects = this.kernel.apply({ ...input, session, carried, recovered: false });
    expect(kept(this.kernel)).toEqual(kept(before));
    return effects;
  }
}

const RUNS = process.env['QD_LONG'] === '1' ? 5_000 : 300;

it(
  'an account that goes from session to session arrives at the truth of the venue',
  { timeout: 20_000 + RUNS * 50 },
  () => {
    let sessions = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const kernel = new SuccessiveKernel();
        const trial = new Trial(kernel);
        const watch = new Watch(trial);
        for (const step of randomScript(new Xoshiro128(seed), 200)) {
          trial.step(step);
          watch.assertSound();
        }
        trial.settle();
        assertAgrees(trial);
        sessions += kernel.sessions;
      }),
      { numRuns: RUNS, examples: [[1995834186]] },
    );
    expect(sessions).toBeGreaterThan(RUNS);
  },
);
