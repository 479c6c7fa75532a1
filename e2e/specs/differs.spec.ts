import { test } from '../fixtures/exchange-test.ts';
import { expect, shot } from '../fixtures/test.ts';

test.use({ seed: 23 });
test.describe.configure({ mode: 'serial' });

test('money that left behind the engine\u2019s back: the desk says what differs and stays Locked', async ({
  window,
  exchange,
}) => {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  const bought = await desk.place('b 2 SOLUSDT mkt', /2 SOLUSDT/);
  await expect(desk.order(bought)).toContainText('Filled');

  await exchange.transfer('USDT', '-250.5');
  // The connection goes with the event of the second: the account is compared as soon as it is back.
  const lost = { kind: 'disconnect', on: 'api', message: 'outboundAccountPosition' };
  await exchange.fault(lost);
  await exchange.transfer('BTC', '0.75');
  const differences = page.getByTestId('differences');
  const words =
    /^USDT: the venue holds (\S+), expected (\S+); BTC: the venue holds 5\.75\d*, expected 5\.0\d*$/;
  await expect(differences).toHaveText(words);
  const [, held, expected] = words.exec((await differences.textContent()) ?? '') ?? [];
  expect(Number(held) - Number(expected)).toBeCloseTo(-250.5, 8);
  await expect(desk.banners).toContainText('BINANCE@sandbox/main differs from the venue');
  await expect(desk.banners).toContainText('It cannot be unlocked');
  await shot(page, 'differs-1-banner');

  await page.keyboard.press('Control+U');
  await expect(desk.toasts).toContainText('Unlock refused');
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
  await expect(desk.arming).toHaveAttribute('data-arming', 'Locked');
  await shot(page, 'differs-2-unlock-refused');
});

test('taken as the venue states it, it is unlocked and trades; the position is what it was', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.send('accept', /Take the balances of BINANCE@sandbox\/main as they are/);
  await expect(page.getByTestId('differences')).toHaveCount(0);
  await desk.unlock();
  await desk.arm();
  await desk.go('positions');
  await expect(desk.positions.locator('.ag-row', { hasText: 'SOLUSDT' })).toContainText('+1.998');
  await desk.go('orders');
  const sold = await desk.place('s 1.5 SOLUSDT mkt', /1\.5 SOLUSDT/);
  await expect(desk.order(sold)).toContainText('Filled');
  await expect(page.getByTestId('truth-strip')).toContainText('Agrees with the venue');
  await shot(page, 'differs-3-goes-on');
  expect(window.complaints).toEqual([]);
});
