import { expect, test } from 'vitest';
import { SEED } from '../../../build-tools/test/seeds.ts';
import { Xoshiro128 } from '../base/rng.ts';
import type { OrderStatus } from '../domain/order.ts';
import { TRANSITIONS, type OrderEventKind } from '../orders/status-table.ts';
import { faultyScript } from './testing/scripts.ts';
import { simulate } from './testing/simulate.ts';
import type { Step } from './testing/trial.ts';
import { FAULT_KINDS } from './testing/venue-faults.ts';

const MOST_STEPS = 200;
const SCRIPTS = 400;

type Next = NonNullable<(typeof TRANSITIONS)[OrderStatus][OrderEventKind]>;

/** One changed row of the status table: what an order of that status does with that event; `None`: it does not take it. */
const MUTANTS: readonly (readonly [OrderStatus, OrderEventKind, Next | 'None'])[] = [
  ['Submitted', 'FillPart', 'Accepted'],
  ['Submitted', 'Accept', 'Same'],
  ['Accepted', 'FillRest', 'PartiallyFilled'],
  ['Accepted', 'Expire', 'Canceled'],
  ['PartiallyFilled', 'FillRest', 'Same'],
  ['PartiallyFilled', 'Cancel', 'None'],
  ['PendingCancel', 'RefuseCancel', 'Accepted'],
  ['PendingCancel', 'FillRest', 'Same'],
  ['PendingReplace', 'RefuseReplace', 'Accepted'],
  ['Canceled', 'FillPart', 'None'],
  ['Canceled', 'Accept', 'Accepted'],
  ['Filled', 'Accept', 'Accepted'],
  ['Expired', 'FillPart', 'None'],
  ['Rejected', 'FillPart', 'None'],
];

function withRow<Result>(
  status: OrderStatus,
  event: OrderEventKind,
  next: Next | 'None',
  run: () => Result,
): Result {
  const row: Partial<Record<OrderEventKind, Next>> = TRANSITIONS[status];
  const { [event]: before } = row;
  if (next === 'None') delete row[event];
  else row[event] = next;
  try {
    return run();
  } finally {
    if (before === undefined) delete row[event];
    else row[event] = before;
  }
}

function scriptOf(seed: number): readonly Step[] {
  const kind = FAULT_KINDS[seed % FAULT_KINDS.length] ?? 'AckLost';
  return faultyScript(new Xoshiro128(seed), MOST_STEPS, kind);
}

/** The number of the first script that shows it, or undefined. */
function foundBy(): { readonly scripts: number; readonly words: string } | undefined {
  for (let scripts = 1; scripts <= SCRIPTS; scripts += 1) {
    const seed = SEED + scripts;
    try {
      simulate(scriptOf(seed), seed);
    } catch (error) {
      return { scripts, words: error instanceof Error ? error.message : String(error) };
    }
  }
  return undefined;
}

test.each(MUTANTS)('a status table in which %s takes %s as %s is found', (status, event, next) => {
  const found = withRow(status, event, next, foundBy);
  console.log(`found by script ${found?.scripts ?? 'none'}: ${found?.words ?? ''}`);
  expect(found).toBeDefined();
});
