import { expect, test } from 'vitest';
import type { ClientOrderId } from '../../../engine/domain/identifiers.ts';
import type { Order } from '../../../engine/domain/order.ts';
import { price, quantity } from '../../../engine/domain/price.ts';
import { order, SOL } from '../../state/testdata.ts';
import { noteOf } from './order-note.ts';

const entry = 'qd-1' as ClientOrderId;
const sibling = 'qd-3' as ClientOrderId;

test.each<readonly [Partial<Order>, string]>([
  [{}, ''],
  [{ tag: 'open run', timeInForce: 'IOC' }, 'open run, IOC'],
  [{ displayQuantity: quantity(500) }, 'shows 0.5'],
  [
    { postOnly: true, bracket: { takeProfit: price(19_000), stopLoss: price(18_000) } },
    'post only, target 190.00, stop 180.00',
  ],
  [
    { origin: 'Bracket', parent: entry, contingency: { type: 'OneCancelsOther', sibling } },
    'exit of qd-1, or qd-3',
  ],
  [{ origin: 'External' }, 'External'],
  [{ displayQuantity: quantity(500), reason: { code: 'X', message: 'why' } }, 'why'],
  [{ tag: 'open run', reason: { code: 'X', message: 'why' } }, 'open run, why'],
])('%j is noted as "%s"', (part, note) => {
  expect(noteOf({ order: order('a', part), instrument: SOL, place: undefined })).toBe(note);
});
