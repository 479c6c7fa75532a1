import type { Order } from '../../../engine/domain/order.ts';
import { isTerminal } from '../../../engine/domain/order.ts';

/** What a person does first on a desk, in this order. */
export const STEPS = ['choose', 'arm', 'place', 'watch', 'flatten'] as const;
export type Step = (typeof STEPS)[number];

/** What a window can see of them. */
export interface Seen {
  /** Another instrument was chosen than the desk began with. */
  readonly chosen: boolean;
  readonly armed: boolean;
  readonly orders: Iterable<Order>;
  readonly provedFlat: boolean;
}

/** The steps that were taken, `before` included: what is undone later was done all the same. */
export function stepsTaken(before: ReadonlySet<Step>, seen: Seen): ReadonlySet<Step> {
  const taken = new Set(before);
  if (seen.chosen) taken.add('choose');
  if (seen.armed) taken.add('arm');
  for (const { origin, status, cumQty } of seen.orders) {
    if (origin !== 'Manual') continue;
    taken.add('place');
    if (cumQty > 0 || isTerminal(status)) taken.add('watch');
  }
  if (seen.provedFlat && taken.has('place')) taken.add('flatten');
  return taken.size === before.size ? before : taken;
}

/** The step to take now; undefined when all were. */
export function nextStep(taken: ReadonlySet<Step>): Step | undefined {
  return STEPS.find((step) => !taken.has(step));
}
