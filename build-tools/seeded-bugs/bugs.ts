import type { SeededBug } from './bug.ts';
import { ORDER_BUGS } from './order-bugs.ts';
import { RISK_BUGS } from './risk-bugs.ts';
import { SIMULATED_BUGS } from './simulated-bugs.ts';
import { STORAGE_BUGS } from './storage-bugs.ts';
import { VENUE_BUGS } from './venue-bugs.ts';

/** Every bug that must be found. */
export const BUGS: readonly SeededBug[] = [
  ...ORDER_BUGS,
  ...RISK_BUGS,
  ...VENUE_BUGS,
  ...STORAGE_BUGS,
  ...SIMULATED_BUGS,
];

/** Changes nothing: a board that finds it finds anything, and its night is void. */
export function canaryOf(bug: SeededBug): SeededBug {
  const what = 'nothing is wrong: must not be found';
  return { ...bug, name: 'canary', what, from: 'the board itself', wrong: bug.right };
}
