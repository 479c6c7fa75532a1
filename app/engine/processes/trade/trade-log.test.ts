import { expect, test, vi } from 'vitest';
import type { AccountState } from '../../domain/account.ts';
import type { AccountId } from '../../domain/identifiers.ts';
import { unixMicros } from '../../domain/time.ts';
import { log } from '../process-log.ts';
import { TRADE_LOG } from './trade-log.ts';

function account(at: number, changes: Partial<AccountState> = {}): AccountState {
  return {
    account: 'TEST/log' as AccountId,
    tradingState: 'Active',
    connected: true,
    reconciliation: { state: 'Agrees', differences: [], at: unixMicros(at) },
    ...changes,
  };
}

test('an account is told when it reads otherwise, not with every comparison', () => {
  const told = vi.spyOn(log, 'info').mockReturnValue();
  const differs = { state: 'Differs', differences: ['USDT: 1 less'], at: unixMicros(4) } as const;
  for (const state of [
    account(1),
    account(2),
    account(3, { tradingState: 'Reducing' }),
    account(4, { tradingState: 'Reducing', reconciliation: differs }),
    account(5, { tradingState: 'Reducing', reconciliation: { ...differs, at: unixMicros(5) } }),
    account(6),
  ]) {
    TRADE_LOG.onUpdate({ type: 'AccountChanged', account: state });
  }
  expect(told.mock.calls.map(([, code, , fields]) => [code, fields?.['reconciliation']])).toEqual([
    ['ACCOUNT_CHANGED', 'Agrees'],
    ['ACCOUNT_CHANGED', 'Agrees'],
    ['ACCOUNT_CHANGED', 'Differs'],
    ['ACCOUNT_CHANGED', 'Agrees'],
  ]);
});
