import { describe, expect, it } from 'vitest';
import { present } from '../base/invariant.ts';
import type { VenueOrderId } from '../domain/identifiers.ts';
import type { Order } from '../domain/order.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros } from '../domain/time.ts';
import {
  acceptOrder,
  endOrder,
  fillOrder,
  refuseRequest,
  requestReplace,
  type OrderOutcome,
} from './order-events.ts';
import { orderIn } from './testing/order-in.ts';

const AT = unixMicros(9);

function taken(outcome: OrderOutcome): Order {
  return present(outcome.ok ? outcome.value : undefined, 'legal outcome');
}

function filled(order: Order, size: number): Order {
  return taken(fillOrder(order, price(50), quantity(size), AT));
}

describe('order events', () => {
  it('keeps a filled order filled when its acknowledgement comes late', () => {
    const done = filled(orderIn('Submitted'), 100);
    const late = taken(acceptOrder(done, '8' as VenueOrderId, AT, AT));
    expect(late).toMatchObject({ status: 'Filled', cumQty: 100, leavesQty: 0, venueOrderId: '8' });
  });

  it('counts a fill that comes after the cancel and leaves the order canceled', () => {
    const canceled = taken(endOrder(filled(orderIn('Accepted'), 30), 'Cancel', undefined, AT));
    expect(canceled).toMatchObject({ status: 'Canceled', cumQty: 30, leavesQty: 0 });
    const late = filled(canceled, 20);
    expect(late).toMatchObject({ status: 'Canceled', cumQty: 50, leavesQty: 0 });
    expect(late.cumNotional).toBe(2500n);
  });

  it('counts an overfill as the venue states it', () => {
    expect(filled(orderIn('Accepted'), 130)).toMatchObject({ status: 'Filled', cumQty: 130 });
  });

  it.each([
    { before: 0, expected: 'Accepted' },
    { before: 40, expected: 'PartiallyFilled' },
  ] as const)('goes back to $expected after a refused replace', ({ before, expected }) => {
    const open = before === 0 ? orderIn('Accepted') : filled(orderIn('Accepted'), before);
    const pending = taken(requestReplace(open, { quantity: quantity(90) }, AT));
    expect(pending.pending).toEqual({ quantity: 90 });
    const restored = taken(refuseRequest(pending, 'RefuseReplace', AT));
    expect(restored.status).toBe(expected);
    expect(restored).not.toHaveProperty('pending');
  });

  it('keeps the first reason of an end', () => {
    const reason = { code: 'A', message: 'first' };
    const ended = taken(endOrder(orderIn('Accepted'), 'Expire', reason, AT));
    const again = taken(endOrder(ended, 'Cancel', { code: 'B', message: 'second' }, AT));
    expect(again).toMatchObject({ status: 'Expired', reason });
  });
});
