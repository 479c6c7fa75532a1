import { expect, vi } from 'vitest';
import type { WantedFault } from '../../../sandbox/testing/control-client.ts';
import { PATIENCE, type FaultRig } from './fault-rig.ts';

/** Sets faults, does `work`, sees that each struck, clears them and has both sides agree. */
export async function expectUnder(
  rig: FaultRig,
  faults: readonly WantedFault[],
  work: () => Promise<void>,
): Promise<void> {
  const ids = await rig.control.set(...faults);
  try {
    await work();
    for (const id of ids) {
      await vi.waitFor(async () => {
        expect(await rig.control.struck(id)).toBeGreaterThan(0);
      }, PATIENCE);
    }
  } finally {
    await rig.control.clear();
  }
  await expectAgreement(rig);
  await rig.ready();
}

/** Waits until our orders, fills, position and balances are the exchange's own; no order reached it twice. */
export async function expectAgreement(rig: FaultRig): Promise<void> {
  await vi.waitFor(async () => {
    expect(await rig.differences()).toEqual([]);
  }, PATIENCE);
  const { orders } = await rig.control.report();
  expect(orders.repeated).toEqual([]);
}

/** Waits until the book we show is the exchange's, with the market stopped so that it can be compared. */
export async function expectBooksAgree(rig: FaultRig): Promise<void> {
  await rig.control.set({ kind: 'halt', symbol: rig.symbol });
  await vi.waitFor(async () => {
    expect(await rig.bookDifference()).toBe('');
  }, PATIENCE);
  await rig.control.clear();
}

/** Stops the engine; its journal must say the same again. */
export async function expectReplay(rig: FaultRig): Promise<void> {
  const { stopped, sessions } = await rig.replay();
  expect(stopped).toEqual({ status: 0, stderr: '' });
  expect(sessions).toEqual([expect.objectContaining({ agrees: true, chain: 'intact' })]);
}
