import { expect, test } from 'vitest';
import type { CommandResult, WindowCommand } from '../../engine/domain/command.ts';
import { OrderSender } from './order-sender.ts';

const DISARM: WindowCommand = { type: 'Disarm' };
const ARM: WindowCommand = { type: 'Arm' };

function harness(): {
  readonly sender: OrderSender;
  readonly sent: { readonly id: string; readonly command: WindowCommand }[];
  readonly answer: (at: number) => Promise<void>;
} {
  const sent: { id: string; command: WindowCommand; settle: (result: CommandResult) => void }[] =
    [];
  let ids = 0;
  const sender = new OrderSender(
    (id, command) =>
      new Promise((settle) => {
        sent.push({ id, command, settle });
      }),
    () => `stroke-${(ids += 1)}`,
  );
  const answer = async (at: number): Promise<void> => {
    const waiting = sent[at];
    waiting?.settle({ commandId: waiting.id, ok: true, orders: [] });
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { sender, sent, answer };
}

test('a second stroke through a lock sends nothing until the first is answered', async () => {
  const { sender, sent, answer } = harness();
  const first = sender.send('ladder', ARM);
  expect(first).toBeDefined();
  expect(sender.send('ladder', ARM)).toBeUndefined();
  expect(sender.busy('ladder')).toBe(true);
  expect(sent).toHaveLength(1);
  await answer(0);
  expect(sender.busy('ladder')).toBe(false);
  expect(sender.send('ladder', ARM)).toBeDefined();
  expect(sent.map(({ id }) => id)).toEqual(['stroke-1', 'stroke-2']);
});

test('one lock does not hold another', () => {
  const { sender, sent } = harness();
  void sender.send('ladder', ARM);
  void sender.send('disarm', DISARM);
  expect(sent.map(({ command }) => command.type)).toEqual(['Arm', 'Disarm']);
});
