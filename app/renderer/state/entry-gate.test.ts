import { expect, test } from 'vitest';
import type { AccountState, TradingState } from '../../engine/domain/account.ts';
import { EMPTY_REPLICA, type AccountReplica } from './account-replica.ts';
import { entryGate, overallState } from './entry-gate.ts';
import { MAIN } from './testdata.ts';

function replica(
  tradingState: TradingState,
  armed: boolean,
  reconciliation: AccountState['reconciliation']['state'] = 'Agrees',
): AccountReplica {
  const account: AccountState = {
    account: MAIN,
    tradingState,
    connected: true,
    reconciliation: { state: reconciliation, differences: [] },
  };
  return { ...EMPTY_REPLICA, synced: true, armed, accounts: [account] };
}

test.each([
  ['Locked', false, 'Live', 'LOCKED'],
  ['Locked', true, 'Live', 'LOCKED'],
  ['Active', false, 'Live', 'DISARMED'],
  ['Halted', true, 'Live', 'HALTED'],
  ['Active', true, 'Stale', 'STALE'],
  ['Active', true, 'Resyncing', 'STALE'],
] as const)('%s, armed %s, data %s: closed with %s', (state, armed, data, code) => {
  expect(entryGate(replica(state, armed), true, MAIN, data)).toMatchObject({ open: false, code });
});

test('opens only when unlocked, armed, connected and fresh', () => {
  const ready = replica('Active', true);
  expect(entryGate(ready, true, MAIN, 'Live')).toEqual({ open: true, reducingOnly: false });
  expect(entryGate(replica('Reducing', true), true, MAIN, 'Live')).toEqual({
    open: true,
    reducingOnly: true,
  });
  expect(entryGate(ready, false, MAIN, 'Live')).toMatchObject({ code: 'DISCONNECTED' });
  expect(entryGate({ ...ready, synced: false }, true, MAIN, 'Live')).toMatchObject({
    code: 'DISCONNECTED',
  });
  expect(entryGate(ready, true, undefined, 'Live')).toMatchObject({ code: 'NO_ACCOUNT' });
  expect(entryGate(replica('Locked', false, 'Pending'), true, MAIN, 'Live')).toMatchObject({
    code: 'RECONCILING',
  });
});

test('the most restrictive account is what the title bar shows', () => {
  expect(overallState(['Active', 'Halted', 'Locked'])).toBe('Halted');
  expect(overallState(['Active', 'Reducing'])).toBe('Reducing');
  expect(overallState([])).toBeUndefined();
});
