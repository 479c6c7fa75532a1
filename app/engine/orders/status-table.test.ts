import { describe, expect, it } from 'vitest';
import { ORDER_STATUSES, isTerminal, type OrderStatus } from '../domain/order.ts';
import { quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import { nextStatus, ORDER_EVENTS, statusFromQuantities, TRANSITIONS } from './status-table.ts';
import { orderIn } from './testing/order-in.ts';

// Written from FIX 4.4 appendix D (order state change matrices) and the venue sheet, not from the table under test:
// one row a status, in the order of ORDER_EVENTS. "." is no transition, "=" keeps the status, "?" follows the quantities.
const EXPECTED: Readonly<Record<OrderStatus, string>> = {
  //               Submit    Deny    Accept    Reject    Trigger    FillPart         FillRest ReqCancel      ReqReplace      RefC RefR Cancel   Expire
  Initialized: 'Submitted Denied . . . . . . . . . . .',
  Denied: '. . . . . . . . . . . . .',
  Submitted:
    '. . Accepted Rejected Triggered PartiallyFilled Filled PendingCancel . = . Canceled Expired',
  Accepted:
    '. . = Rejected Triggered PartiallyFilled Filled PendingCancel PendingReplace = = Canceled Expired',
  Rejected: '. . = = = = = . . = = = =',
  Triggered:
    '. . = Rejected = PartiallyFilled Filled PendingCancel PendingReplace = = Canceled Expired',
  PartiallyFilled:
    '. . = . = PartiallyFilled Filled PendingCancel PendingReplace = = Canceled Expired',
  Filled: '. . = . = = = . . = = . .',
  PendingReplace: '. . = Rejected = = Filled PendingCancel . = ? Canceled Expired',
  PendingCancel: '. . = Rejected = = Filled = . ? = Canceled Expired',
  Canceled: '. . = . = = = . . = = = =',
  Expired: '. . = . = = = . . = = = =',
};

const CASES = ORDER_STATUSES.flatMap((status) =>
  EXPECTED[status]
    .split(' ')
    .map((expected, index) => ({ status, event: ORDER_EVENTS[index] ?? 'Submit', expected })),
);

describe('order status table', () => {
  it('has a row for every status and a column for every event', () => {
    expect(CASES).toHaveLength(ORDER_STATUSES.length * ORDER_EVENTS.length);
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...ORDER_STATUSES].sort());
  });

  it.each(CASES)('$status + $event -> $expected', ({ status, event, expected }) => {
    const order = orderIn(status);
    const next = nextStatus(order, event);
    if (expected === '.') {
      const error = { code: 'ORDER_TRANSITION_ILLEGAL', status, event };
      expect(next).toEqual({ ok: false, error });
      return;
    }
    const named = expected === '=' ? status : expected;
    expect(next).toEqual({ ok: true, value: named === '?' ? 'Accepted' : named });
  });

  it.each(ORDER_STATUSES.filter(isTerminal))('%s is never left', (status) => {
    for (const event of ORDER_EVENTS) {
      const next = nextStatus(orderIn(status), event);
      expect(next.ok ? next.value : status).toBe(status);
    }
  });

  it.each([
    { cumQty: 0, acknowledged: false, triggered: false, expected: 'Submitted' },
    { cumQty: 0, acknowledged: true, triggered: false, expected: 'Accepted' },
    { cumQty: 0, acknowledged: true, triggered: true, expected: 'Triggered' },
    { cumQty: 40, acknowledged: true, triggered: true, expected: 'PartiallyFilled' },
    { cumQty: 40, acknowledged: false, triggered: false, expected: 'PartiallyFilled' },
    { cumQty: 100, acknowledged: true, triggered: false, expected: 'Filled' },
  ])('quantities say $expected', ({ cumQty, acknowledged, triggered, expected }) => {
    const at = unixMicros(5);
    const { acceptedAt: _acceptedAt, ...base } = orderIn('Submitted');
    const order = {
      ...base,
      cumQty: quantity(cumQty),
      leavesQty: quantity(100 - cumQty),
      ...(acknowledged ? { acceptedAt: at } : {}),
      ...(triggered ? { triggeredAt: at } : {}),
    };
    expect(statusFromQuantities(order)).toBe(expected);
  });
});
