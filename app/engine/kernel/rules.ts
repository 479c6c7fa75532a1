import type { KernelState } from './state.ts';

/**
 * The kernel's rules of today. A session names those it runs by, so that a journal runs again as it ran: what a later release
 * keeps besides is kept only where the journal says so.
 *
 * 1: those of the first release, whose journals name none.
 * 2: an order keeps the touch it was decided at, a position what it had realized before the day.
 */
export const KERNEL_RULES = 2;

/** True when the session keeps what came with rules 2. */
export function keepsComparisons({ rules }: KernelState): boolean {
  return rules !== undefined && rules >= 2;
}
