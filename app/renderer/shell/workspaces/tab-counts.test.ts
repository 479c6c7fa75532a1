import { expect, test } from 'vitest';
import type { AccountState } from '../../../engine/domain/account.ts';
import type { AccountId } from '../../../engine/domain/identifiers.ts';
import type { Fill, Order } from '../../../engine/domain/order.ts';
import { signedQuantity } from '../../../engine/domain/price.ts';
import { unixMicros } from '../../../engine/domain/time.ts';
import { EMPTY_REPLICA, type AccountReplica } from '../../state/account-replica.ts';
import { fill, MAIN, order, position, SOL } from '../../state/testdata.ts';
import { countOf } from './tab-counts.ts';

const DAY = 86_400_000_000;
const NOON = 20_000 * DAY + DAY / 2;
const OTHER = 'BINANCE@sandbox/other' as AccountId;

function accountState(account: AccountId): AccountState {
  return {
    account,
    tradingState: 'Active',
    connected: true,
    reconciliation: { state: 'Agrees', differences: [] },
  };
}

function replica(part: {
  readonly orders?: readonly Order[];
  readonly fills?: readonly Fill[];
  readonly positions?: AccountReplica['positions'];
}): AccountReplica {
  const { orders = [], fills = [], positions = [] } = part;
  return {
    ...EMPTY_REPLICA,
    synced: true,
    accounts: [MAIN, OTHER].map(accountState),
    instruments: new Map([[SOL.id, SOL]]),
    orders: new Map(orders.map((one) => [one.clientOrderId, one])),
    fills,
    positions,
  };
}

test('Orders counts what works, of the account that the panel shows', () => {
  const orders = [
    order('a'),
    order('b', { status: 'Filled' }),
    order('c', { status: 'PartiallyFilled', account: OTHER }),
  ];
  const held = replica({ orders });
  expect(countOf('orders', held, null, NOON)).toEqual({ text: '2', words: '2 working' });
  expect(countOf('orders', held, MAIN, NOON)?.text).toBe('1');
  expect(countOf('orders', held, 'GONE/main', NOON)?.text).toBe('2');
});

test('Fills counts those of the day of the market, from its first microsecond on', () => {
  const at = (id: string, time: number): Fill => fill(id, { venueTime: unixMicros(time) });
  const fills = [at('1', 20_000 * DAY - 1), at('2', 20_000 * DAY), at('3', NOON)];
  expect(countOf('fills', replica({ fills }), null, NOON)).toEqual({
    text: '2',
    words: '2 since 00:00 UTC',
  });
  expect(countOf('fills', replica({ fills }), null, NOON + DAY)?.text).toBe('0');
});

test('Positions counts what is held, not what is dust or flat', () => {
  const flat = position({ account: OTHER, quantity: signedQuantity(0) });
  const dust = position({
    quantity: signedQuantity(2),
    fees: [{ asset: SOL.base, scale: 8, amount: 190_000n }],
  });
  const held = replica({ positions: [position(), flat] });
  expect(countOf('positions', held, null, NOON)?.words).toBe('1 open');
  expect(countOf('positions', replica({ positions: [dust] }), null, NOON)?.text).toBe('0');
});

test('nothing is counted that is not known, nor by other panels', () => {
  expect(countOf('orders', { ...replica({}), synced: false }, null, NOON)).toBeUndefined();
  expect(countOf('chart', replica({}), null, NOON)).toBeUndefined();
});
