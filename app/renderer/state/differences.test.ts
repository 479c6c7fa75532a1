import { expect, test } from 'vitest';
import type { AccountState } from '../../engine/domain/account.ts';
import { accountId, venueId } from '../../engine/domain/identifiers.ts';
import { differenceWords } from './differences.ts';

const ACCOUNT = accountId(venueId('BINANCE', 'sandbox'), 'main');
const DIFFERS: AccountState = {
  account: ACCOUNT,
  tradingState: 'Locked',
  connected: true,
  reconciliation: { state: 'Differs', differences: ['BTC: more', 'USDT: less'] },
};

test('an account that differs is named with every difference and what it means for orders', () => {
  expect(differenceWords([DIFFERS])).toEqual([
    {
      account: ACCOUNT,
      title: 'BINANCE@sandbox/main differs from the venue',
      text: 'It cannot be unlocked.',
      lines: ['BTC: more', 'USDT: less'],
    },
  ]);
  const [reducing] = differenceWords([{ ...DIFFERS, tradingState: 'Reducing' }]);
  expect(reducing?.text).toBe('Only orders that make a position smaller go out.');
});

test.each([
  ['agrees', { state: 'Agrees', differences: [] }, true],
  ['is being compared', { state: 'Pending', differences: ['x is Unknown'] }, true],
  ['has no connection', DIFFERS.reconciliation, false],
] as const)('nothing is said of an account that %s', (_what, reconciliation, connected) => {
  expect(differenceWords([{ ...DIFFERS, reconciliation, connected }])).toEqual([]);
});
