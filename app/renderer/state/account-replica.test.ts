import { describe, expect, test } from 'vitest';
import type { ClientId, Environment } from '../../engine/domain/identifiers.ts';
import { signedQuantity } from '../../engine/domain/price.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import {
  accountOf,
  answersTo,
  applyUpdates,
  EMPTY_REPLICA,
  MOST_FILLS,
  MOST_ORDERS,
  replicaFrom,
  workingOrders,
  type AccountReplica,
} from './account-replica.ts';
import { fill, MAIN, order, position, SOL } from './testdata.ts';

const ME = 'me' as ClientId;
const OTHER = 'other' as ClientId;

function replica(part: Partial<Parameters<typeof replicaFrom>[0]> = {}): AccountReplica {
  return replicaFrom({
    type: 'Snapshot',
    session: 's',
    environment: 'sandbox' as Environment,
    client: ME,
    armed: false,
    accounts: [],
    instruments: [SOL],
    orders: [],
    fills: [],
    positions: [],
    balances: [],
    receipts: [],
    evidence: [],
    limits: {
      maxOrderNotional: 1n,
      maxPositionNotional: 1n,
      maxOpenOrders: 1,
      maxOrdersPerWindow: 1,
      orderRateWindowMicros: 1,
      priceCollarBps: 1,
      maxDistanceBps: 1,
      staleAfterMicros: 1,
      duplicateWindowMicros: 1,
    },
    at: unixMicros(1),
    ...part,
  } as Parameters<typeof replicaFrom>[0]);
}

describe('the replica', () => {
  test('is what the snapshot says, oldest order first', () => {
    const late = order('late', { decidedAt: unixMicros(9) });
    const early = order('early', { decidedAt: unixMicros(3) });
    const made = replica({ orders: [late, early] as never });
    expect([...made.orders.keys()]).toEqual(['early', 'late']);
    expect(made.synced).toBe(true);
    expect(EMPTY_REPLICA.synced).toBe(false);
  });

  test('takes an order as it now is, and only the newest counts', () => {
    const first = applyUpdates(replica(), [
      { type: 'OrderChanged', order: order('a', { status: 'Submitted' }) },
      { type: 'OrderChanged', order: order('a') },
      { type: 'OrderChanged', order: order('b', { status: 'Canceled' }) },
    ] as never);
    expect(workingOrders(first).map(({ clientOrderId }) => clientOrderId)).toEqual(['a']);
    expect(first.orders.size).toBe(2);
  });

  test('does not change the one it was made from', () => {
    const before = replica();
    applyUpdates(before, [{ type: 'OrderChanged', order: order('a') }] as never);
    expect(before.orders.size).toBe(0);
  });

  test('counts a fill that comes twice once', () => {
    const after = applyUpdates(replica(), [
      { type: 'FillAdded', fill: fill('1') },
      { type: 'FillAdded', fill: fill('2') },
      { type: 'FillAdded', fill: fill('1') },
    ] as never);
    expect(after.fills.map(({ tradeId }) => tradeId)).toEqual(['1', '2']);
  });

  test('has both fills of two orders of the account that met each other', () => {
    const after = applyUpdates(replica(), [
      { type: 'FillAdded', fill: fill('1', { side: 'Buy' }) },
      { type: 'FillAdded', fill: fill('1', { side: 'Sell' }) },
    ] as never);
    expect(after.fills.map(({ side }) => side)).toEqual(['Buy', 'Sell']);
  });

  test('replaces the position of its account and instrument', () => {
    const after = applyUpdates(replica(), [
      { type: 'PositionChanged', position: position() },
      { type: 'PositionChanged', position: position({ quantity: signedQuantity(-5) }) },
    ] as never);
    expect(after.positions.map((held) => held.quantity)).toEqual([-5]);
  });

  test('is armed by its own client only', () => {
    const armed = (client: ClientId): boolean =>
      applyUpdates(replica(), [{ type: 'ArmingChanged', client, armed: true }]).armed;
    expect(armed(ME)).toBe(true);
    expect(armed(OTHER)).toBe(false);
  });

  test('hears answers to its own commands only', () => {
    const result = { commandId: 'c', ok: true, orders: [] };
    const updates = [
      { type: 'CommandAnswered' as const, result, client: ME },
      { type: 'CommandAnswered' as const, result: { ...result, commandId: 'x' }, client: OTHER },
    ];
    expect(answersTo(updates, ME)).toEqual([result]);
  });

  test('finds the account of an instrument by its venue', () => {
    const made = replica({
      accounts: [
        {
          account: MAIN,
          tradingState: 'Locked',
          connected: true,
          reconciliation: { state: 'Pending', differences: [] },
        },
      ],
    });
    expect(accountOf(made, SOL)).toBe(MAIN);
    expect(accountOf(made, { ...SOL, venue: 'BINANCE' as typeof SOL.venue })).toBeUndefined();
  });

  test('keeps every working order and only the newest of the others and of the fills', () => {
    const working = Array.from({ length: 10 }, (_, index) => order(`working-${index}`));
    const ended = Array.from({ length: MOST_ORDERS + 2000 }, (_, index) =>
      order(`ended-${index}`, { status: 'Canceled' }),
    );
    const fills = Array.from({ length: MOST_FILLS + 2000 }, (_, index) => fill(`fill-${index}`));
    const next = applyUpdates(replica(), [
      ...[...working, ...ended].map((one) => ({ type: 'OrderChanged' as const, order: one })),
      ...fills.map((one) => ({ type: 'FillAdded' as const, fill: one })),
    ] as never);
    expect(next.orders.size).toBe(MOST_ORDERS);
    expect(workingOrders(next)).toHaveLength(10);
    expect([...next.orders.keys()].at(-1)).toBe(ended.at(-1)?.clientOrderId);
    expect(next.fills).toHaveLength(MOST_FILLS);
    expect(next.fills.at(-1)?.tradeId).toBe(fills.at(-1)?.tradeId);
  });
});
