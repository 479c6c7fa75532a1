import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage } from '../../api/codec.ts';
import { tradeMessageSchema, tradeRequestSchema } from '../../api/trade-service.ts';
import { encodeMessage } from '../../api/codec.ts';
import type { Command } from '../../domain/command.ts';
import type { ClientId } from '../../domain/identifiers.ts';
import { ACCOUNT, BTC, Desk, updates } from '../../kernel/testing/desk.ts';

// What a window may send passes the schema only: whatever does must not end the process, for its journal would end it again.

const units = fc.oneof(
  fc.integer({ min: -5, max: 20_000 }),
  fc.constantFrom(0, 1, 10_000, 10_001, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  fc.maxSafeInteger(),
);
const quantities = fc.oneof(
  fc.nat(1_000_000),
  fc.constantFrom(0, 10, 20, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
const words = fc.oneof(
  fc.constantFrom('', BTC, ACCOUNT, '__proto__', 'constructor', 'NOTHING.BINANCE@sandbox'),
  fc.string({ maxLength: 36 }),
);
const instrument = fc.oneof(
  { weight: 4, arbitrary: fc.constant(BTC as string) },
  { weight: 1, arbitrary: words },
);
const account = fc.oneof(
  { weight: 4, arbitrary: fc.constant(ACCOUNT as string) },
  { weight: 1, arbitrary: words },
);
const side = fc.constantFrom('Buy', 'Sell');
const optional = { requiredKeys: [] };
const terms = fc
  .tuple(
    fc.record({
      instrument,
      account,
      side,
      type: fc.constantFrom('Limit', 'Market', 'Stop', 'StopLimit'),
      quantity: quantities,
      timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK'),
      postOnly: fc.boolean(),
      reduceOnly: fc.boolean(),
    }),
    fc.record({ price: units, stopPrice: units }, optional),
  )
  .map(([required, prices]) => ({ ...required, ...prices }));
/** Ids of orders are filled in from those that are there. */
const orderId = fc.oneof(
  fc.nat(30).map((index) => `#${index}`),
  words,
);
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('SubmitOrder'), terms }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('CancelOrder'), clientOrderId: orderId }) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constant('ReplaceOrder'),
        clientOrderId: orderId,
        quantity: quantities,
        price: units,
      },
      { requiredKeys: ['type', 'clientOrderId', 'quantity'] },
    ),
  },
  fc.record(
    { type: fc.constant('CancelAll'), account, instrument, side },
    { requiredKeys: ['type', 'account'] },
  ),
  fc.record(
    { type: fc.constant('Flatten'), account, instrument },
    { requiredKeys: ['type', 'account'] },
  ),
  fc.record({ type: fc.constantFrom('Unlock', 'Lock', 'AcceptBalances'), account }),
  fc.record({ type: fc.constantFrom('Arm', 'Disarm') }),
);

test('no request that passes the schema throws in the kernel, and all it answers can be told', () => {
  const desk = new Desk().open();
  let denied = 0;
  let taken = 0;
  let count = 0;
  fc.assert(
    fc.property(command, (given) => {
      count += 1;
      const orders = desk.kernel.view().orders;
      const named =
        'clientOrderId' in given && given.clientOrderId.startsWith('#')
          ? {
              ...given,
              clientOrderId:
                orders.at(-1 - Number(given.clientOrderId.slice(1)))?.clientOrderId ?? 'none',
            }
          : given;
      const commandId = `command-${count}`;
      const text = JSON.stringify({ type: 'Execute', commandId, command: named });
      const decoded = decodeMessage(tradeRequestSchema, text);
      if (!decoded.ok || decoded.value.type !== 'Execute') throw new Error('must pass the schema');
      const client = 'desk-1' as ClientId;
      const accepted = decoded.value.command as Command;
      if (accepted.type === 'SubmitOrder') desk.kernel.preview(client, accepted.terms);
      const effects = desk.apply({
        type: 'UserCommand',
        envelope: { commandId, client, command: accepted },
      });
      const told = updates(effects);
      encodeMessage(tradeMessageSchema, { type: 'Updates', at: desk.now, updates: told } as never);
      const answer = told.find((update) => update.type === 'CommandAnswered');
      expect(answer?.result.commandId).toBe(commandId);
      if (answer?.result.ok === true) taken += 1;
      else denied += 1;
      // What stopped trading is undone, so that orders go on being taken.
      if (count % 50 === 0) {
        desk.now += 1_000_000;
        desk.quote();
        desk.command({ type: 'Unlock', account: ACCOUNT });
        desk.command({ type: 'Arm' });
      }
      if (count % 500 === 0) desk.kernel.encodeState();
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(denied).toBeGreaterThan(300);
  expect(taken).toBeGreaterThan(300);
});
