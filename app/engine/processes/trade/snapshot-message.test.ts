import { expect, test } from 'vitest';
import type { Order, OrderStatus } from '../../domain/order.ts';
import type { KernelView } from '../../kernel/view.ts';
import { snapshotMessage } from './snapshot-message.ts';

const EMPTY = {
  armed: [],
  accounts: [],
  orders: [],
  fills: [],
  evidence: [],
  positions: [],
  balances: [],
  receipts: [],
} as unknown as KernelView;
const ABOUT = { instruments: [] } as unknown as Parameters<typeof snapshotMessage>[1];

function order(index: number, status: OrderStatus): Order {
  return { clientOrderId: `q-${index}`, status } as unknown as Order;
}

test('a window starts with every working order, the newest that ended, and the newest fills', () => {
  const working = order(0, 'Accepted');
  const ended = Array.from({ length: 2500 }, (_, index) => order(index + 1, 'Canceled'));
  const orders = [
    working,
    ...ended.slice(0, 1200),
    order(9999, 'PendingCancel'),
    ...ended.slice(1200),
  ];
  const fills = Array.from({ length: 2100 }, (_, index) => ({ tradeId: String(index) }));
  const view = { ...EMPTY, orders, fills } as unknown as KernelView;
  const message = snapshotMessage(view, ABOUT);
  if (message.type !== 'Snapshot') throw new Error('no snapshot');
  const ids = message.orders.map(({ clientOrderId }) => clientOrderId as string);
  expect(ids.slice(0, 2)).toEqual(['q-0', 'q-501']);
  expect(ids).toContain('q-9999');
  expect(ids.at(-1)).toBe('q-2500');
  expect(ids).toHaveLength(2002);
  expect(message.fills).toHaveLength(2000);
  expect(message.fills.at(-1)?.tradeId).toBe('2099');
});
