import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '17', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

test('a kill from the browser while trade hangs: another cancels, and the receipt is shown', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  const resting = await desk.place('b 3 SOLUSDT bid-0.4%', /3 SOLUSDT/);
  await expect(desk.order(resting)).toContainText('Working');
  const hung = await desk.pidOf('trade');
  process.kill(hung, 'SIGSTOP');
  await page.getByTestId('kill-button').click();
  await page.getByTestId('kill-confirm').click();
  const receipt = page.getByTestId('receipt');
  await expect(receipt.getByRole('heading')).toHaveText('Proved flat.', { timeout: 20_000 });
  await expect(receipt).toContainText('by button');
  await expect(receipt).toContainText('HALTED');
  await expect(receipt).toContainText('SOLUSDT');
  await shot(page, 'kill-1-hung');
  await desk.leave();
  await expect(async () => expect(await desk.pidOf('trade')).not.toBe(hung)).toPass();
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Halted');
  await desk.go('orders');
  await expect(desk.order(resting)).toContainText('Canceled');
});

test('the exchange has nothing open, and a kill by button of what runs is proved at once', async ({
  deskProcess,
  window,
}) => {
  const { page } = window;
  // A drill asks the exchange anew: it would name every open order.
  const drill = await deskProcess.run('order', 'kill', '--drill', '--json');
  expect(drill.status, drill.stderr).toBe(0);
  const { receipts } = JSON.parse(drill.stdout) as {
    receipts: { lines: { orders: unknown[] }[]; unproved: string[]; flat: boolean }[];
  };
  expect(receipts).toMatchObject([{ flat: true, unproved: [] }]);
  expect(receipts.flatMap(({ lines }) => lines.flatMap(({ orders }) => orders))).toEqual([]);
  await page.getByTestId('kill-button').click();
  await page.getByTestId('kill-confirm').click();
  const receipt = page.getByTestId('receipt');
  await expect(receipt.getByRole('heading')).toHaveText('Proved flat.', { timeout: 20_000 });
  await expect(receipt).toContainText('by button');
  await shot(page, 'kill-2-button');
});
