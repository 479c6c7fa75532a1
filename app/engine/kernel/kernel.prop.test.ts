import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../domain/input.ts';
import { createKernel } from './kernel.ts';
import { assertAgrees } from './testing/agreement.ts';
import { FORMS, Trial, type Step } from './testing/trial.ts';
import type { Fate } from './testing/request-fates.ts';
import { Watch } from './testing/watch.ts';

const size = fc.integer({ min: 100, max: 3_000 }).map((units) => units * 10);
const pick = fc.nat({ max: 7 });
const fate = fc.oneof(
  { arbitrary: fc.constant<Fate>('Arrives'), weight: 8 },
  {
    arbitrary: fc.constantFrom<Fate>(
      'Lost',
      'AnswerLost',
      'ServerError',
      'NotSent',
      'Banned',
      'ClockOff',
    ),
    weight: 2,
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      form: fc.constantFrom(...FORMS),
      sell: fc.boolean(),
      size,
      px: fc.integer({ min: 9_500, max: 10_500 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'replace' as const),
      pick,
      size,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['cancelAll', 'flatten', 'kill', 'disconnect', 'reconnect', 'restart'] as const),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('unlock' as const, 'elsewhere' as const), size }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('process' as const), fate }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('fill' as const), pick, size }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      pick: fc.nat({ max: 3 }),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      micros: fc.constantFrom(1_000, 500_000, 2_000_000, 6_000_000, 31_000_000),
    }),
  },
);

function trial(list: readonly Step[]): Trial {
  const run = new Trial();
  const watch = new Watch(run);
  for (const one of list) {
    run.step(one);
    watch.assertSound();
  }
  return run;
}

const RUNS = process.env['QD_LONG'] === '1' ? 5_000 : 150;
const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' });

describe('kernel against a venue model', { timeout: 20_000 + RUNS * 50 }, () => {
  it('arrives at the truth of the venue whatever happens on the way', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const run = trial(list);
        run.settle();
        assertAgrees(run);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the same bytes and effects for the same inputs, also through a snapshot at any point', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, cut) => {
        const run = trial(list);
        const again = createKernel();
        const effects: Effect[] = [];
        const at = cut % run.desk.inputs.length;
        let kernel = again;
        run.desk.inputs.forEach((input, index) => {
          if (index === at) {
            const bytes = kernel.snapshot();
            kernel = createKernel();
            kernel.restore(bytes);
            expect(kernel.encodeState()).toEqual(bytes);
          }
          effects.push(...kernel.apply(input));
        });
        expect(effects).toEqual(run.desk.effects);
        expect(kernel.encodeState()).toEqual(run.desk.kernel.encodeState());
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  it('never sends an order twice under any id', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const run = trial(list);
        run.settle();
        const ids = run.desk.effects.flatMap((effect) => {
          if (effect.type === 'SendOrder') return [effect.order.clientOrderId];
          return effect.type === 'SendReplace' ? [effect.replacement.clientOrderId] : [];
        });
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  });
});
