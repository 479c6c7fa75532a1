import { describe, expect, test } from 'vitest';
import type { ClientOrderId } from '../../domain/identifiers.ts';
import type { Order } from '../../domain/order.ts';
import { quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { terms } from '../../kernel/testing/desk.ts';
import { IntentGate, type Intent } from './intent-gate.ts';

function order(id: string): Order {
  const at = unixMicros(1);
  return {
    ...terms(),
    clientOrderId: id as ClientOrderId,
    origin: 'Manual',
    status: 'Submitted',
    cumQty: quantity(0),
    leavesQty: terms().quantity,
    cumNotional: 0n,
    decidedAt: at,
    updatedAt: at,
  };
}

function open() {
  const sent: string[] = [];
  const gate = new IntentGate((intent: Intent) => {
    sent.push('order' in intent ? `${intent.type} ${intent.order.clientOrderId}` : intent.type);
  });
  return { gate, sent };
}

describe('IntentGate', () => {
  test('what need not wait leaves at once', () => {
    const { gate, sent } = open();
    gate.pass({ type: 'SendOrder', order: order('a') }, 7, false);
    gate.pass({ type: 'SendCancel', order: order('b') }, 8, false);
    expect(sent).toEqual(['SendOrder a', 'SendCancel b']);
  });

  test('an order that adds risk leaves when its record is durable, not before', () => {
    const { gate, sent } = open();
    gate.pass({ type: 'SendOrder', order: order('a') }, 7, true);
    gate.pass({ type: 'SendOrder', order: order('b') }, 9, true);
    gate.onDurable(6);
    expect(sent).toEqual([]);
    gate.onDurable(8);
    expect(sent).toEqual(['SendOrder a']);
    gate.onDurable(9);
    expect(sent).toEqual(['SendOrder a', 'SendOrder b']);
  });

  test('the cancel of another order passes one that waits; its own cancel and replace follow it', () => {
    const { gate, sent } = open();
    gate.pass({ type: 'SendOrder', order: order('a') }, 7, true);
    gate.pass({ type: 'SendCancel', order: order('b') }, 8, false);
    gate.pass({ type: 'SendCancel', order: order('a') }, 9, false);
    expect(sent).toEqual(['SendCancel b']);
    gate.onDurable(9);
    expect(sent).toEqual(['SendCancel b', 'SendOrder a', 'SendCancel a']);
  });
});
