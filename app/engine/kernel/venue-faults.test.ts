import { expect, test } from 'vitest';
import { assertAgrees } from './testing/agreement.ts';
import { Trial, type Step } from './testing/trial.ts';

function ends(script: readonly Step[]): Trial {
  const trial = new Trial();
  for (const step of script) trial.step(step);
  trial.settle();
  assertAgrees(trial);
  return trial;
}

test('an order refused after a part of it traded ends with what it filled, and is not Unknown for ever', () => {
  const { desk } = ends([
    { kind: 'submit', form: 'Limit', sell: false, size: 10_000, px: 9_990 },
    { kind: 'work' },
    { kind: 'fill', pick: 0, size: 5_000 },
    { kind: 'rejectLate', pick: 0 },
  ]);
  const [order] = desk.kernel.view().orders;
  expect(order).toMatchObject({ status: 'Expired', cumQty: 5_000, reason: { code: 'REJECTED' } });
});

test('fills of an adopted order whose page of history came short are counted once', () => {
  const { desk } = ends([
    { kind: 'elsewhere', size: 16_970 },
    { kind: 'fill', pick: 0, size: 5_000 },
    { kind: 'fill', pick: 0, size: 5_000 },
    { kind: 'page', pick: 1 },
    { kind: 'wait', micros: 31_000_000 },
    { kind: 'work' },
    { kind: 'deliver', pick: 5, twice: true },
  ]);
  const [order] = desk.kernel.view().orders;
  expect(order).toMatchObject({ origin: 'External', cumQty: 10_000 });
});
