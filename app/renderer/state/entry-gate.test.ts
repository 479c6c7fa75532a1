import { expect, test } from 'vitest';
import type { AccountState, TradingState } from '../../engine/domain/account.ts';
import { EMPTY_REPLICA, type AccountReplica } from './account-replica.ts';
import { entryGate, overallState } from './entry-gate.ts';
import { MAIN, SOL } from './testdata.ts';

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
  expect(entryGate(replica(state, armed), true, MAIN, SOL, data)).toMatchObject({
    open: false,
    code,
  });
});

test('opens only when unlocked, armed, connected and fresh', () => {
  const ready = replica('Active', true);
  expect(entryGate(ready, true, MAIN, SOL, 'Live')).toEqual({ open: true, reducingOnly: false });
  expect(entryGate(replica('Reducing', true), true, MAIN, SOL, 'Live')).toEqual({
    open: true,
    reducingOnly: true,
  });
  expect(entryGate(ready, false, MAIN, SOL, 'Live')).toMatchObject({ code: 'DISCONNECTED' });
  expect(entryGate({ ...ready, synced: false }, true, MAIN, SOL, 'Live')).toMatchObject({
    code: 'DISCONNECTED',
  });
  expect(entryGate(ready, true, undefined, SOL, 'Live')).toMatchObject({ code: 'NO_ACCOUNT' });
  expect(entryGate(replica('Locked', false, 'Pending'), true, MAIN, SOL, 'Live')).toMatchObject({
    code: 'RECONCILING',
  });
});

test.each([
  ['Halted', 'SOLUSDT is halted at the venue'],
  ['CancelOnly', 'SOLUSDT takes cancels only'],
  ['Closed', 'SOLUSDT is closed at the venue'],
] as const)('an instrument that is %s closes it, whatever the account may do', (status, reason) => {
  const instrument = { ...SOL, status };
  const ready = replica('Active', true);
  const told = { open: false, code: 'NOT_TRADING', reason };
  expect(entryGate(ready, true, MAIN, instrument, 'Live')).toEqual(told);
  expect(entryGate(replica('Locked', false), true, MAIN, instrument, 'Live')).toEqual(told);
});

test('the most restrictive account is what the title bar shows', () => {
  expect(overallState(['Active', 'Halted', 'Locked'])).toBe('Halted');
  expect(overallState(['Active', 'Reducing'])).toBe('Reducing');
  expect(overallState([])).toBeUndefined();
});
