import { test } from '../fixtures/exchange-test.ts';
import type { DeskProcess } from '../fixtures/desk-process.ts';
import { expect, shot } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';
import { TicketPage } from '../pages/ticket-page.ts';

test.describe.configure({ mode: 'serial' });

/**
 * An order from a command line beside the desk, which breaks a rule that only the venue has: refused, it makes the rules asked
 * for at once instead of within ten seconds. They may have been asked for just before: then the engine itself refuses it.
 */
async function bringOut(desk: DeskProcess, order: string): Promise<void> {
  await desk.run('order', 'arm');
  await desk.run('order', order);
}

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
});

test('a coarser tick is the ladder\u2019s and the ticket\u2019s own at once, and trades', async ({
  window,
  exchange,
  deskProcess,
}) => {
  const { page, desk } = window;
  const ticket = new TicketPage(page);
  const ladder = new LadderPage(page);
  await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
  await desk.link('SOLUSDT');
  await expect(desk.last()).toHaveText(/^\d{2,3}\.\d\d$/);
  const last = Number(await desk.last().textContent());
  const below = `${(last * 0.98).toFixed(1)}7`;
  await ticket.go();
  await ticket.fill('Alt+P', 'price', below);
  await ticket.fill('Alt+Q', 'quantity', '2');
  await expect(ticket.verdict).toContainText('Risk passes');
  await ladder.panel.getByLabel('Ticks a row').selectOption('1');

  const coarse = { kind: 'tick-size', symbol: 'SOLUSDT', tickSize: '0.1', stepSize: '0.01' };
  await exchange.fault(coarse);
  await bringOut(deskProcess, `b 3 SOLUSDT ${below}`);
  await expect(ticket.verdict).toContainText(`Price goes in ticks of 0.1, was ${below}`);
  await expect(ticket.send).toBeDisabled();
  await expect(ladder.panel.getByTestId('ladder-row').first().locator('.price')).toHaveText(
    /^\d+\.\d$/,
  );
  const rows = await ladder.prices();
  expect(rows.filter((price) => price % 10 !== 0)).toEqual([]);
  expect(new Set(rows.slice(1).map((price, index) => Number(rows[index]) - price))).toEqual(
    new Set([10]),
  );
  await shot(page, 'rules-1-coarser');

  await ticket.go();
  await page.keyboard.press('Alt+P');
  await page.keyboard.press('ArrowDown');
  await expect(ticket.field('price')).toHaveValue(below.slice(0, -1));
  await ticket.fill('Alt+Q', 'quantity', '2.005');
  await expect(ticket.verdict).toContainText('Quantity goes in steps of 0.01, was 2.005');
  await ticket.fill('Alt+Q', 'quantity', '2.01');
  await expect(ticket.verdict).toContainText('Risk passes');
  await page.keyboard.press('Enter');
  await expect(desk.orderRows().filter({ hasText: '0 / 2.01' })).toContainText('Working');
});

test('a halt shows wherever the instrument is, and no way of entry sends an order', async ({
  window,
  exchange,
  deskProcess,
}) => {
  const { page, desk } = window;
  const ticket = new TicketPage(page);
  const ladder = new LadderPage(page);
  await ladder.centre();
  const rows = await ladder.prices();

  await exchange.fault({ kind: 'halt', symbol: 'SOLUSDT' });
  await bringOut(deskProcess, 'b 4 SOLUSDT bid-2%');
  await expect(ladder.panel.locator('.badge')).toHaveText('HALTED');
  await expect(page.getByTestId('panel-chart').locator('.badge')).toHaveText('HALTED');
  await expect(page.getByTestId('watch-SOLUSDT')).toContainText('HALTED');
  await expect(page.getByTestId('watch-BTCUSDT')).not.toContainText('HALTED');
  // Nobody typed: what stands in the ticket is judged anew.
  await expect(ticket.verdict).toContainText('must be Trading, is Halted');
  await expect(ticket.verdict).toContainText('SOLUSDT is halted at the venue');
  await expect(ticket.send).toBeDisabled();
  await expect(ticket.field('quantity')).toHaveValue('2.01');
  expect(await ladder.prices()).toEqual(rows);
  // Nothing trades any more: what stands on the tape stood there before.
  await expect(page.getByTestId('panel-time-and-sales').locator('.tape')).toContainText(/\d/);

  const orders = await desk.orderIds();
  await desk.type('b 2 SOLUSDT bid-1', /2 SOLUSDT/);
  await expect(desk.preview).toContainText('SOLUSDT is halted at the venue');
  await expect(desk.preview).toContainText('must be Trading, is Halted');
  await shot(page, 'rules-2-halted');
  await page.keyboard.press('Enter');
  await desk.leave();
  const { bid = 0 } = await ladder.levels();
  await ladder.cell('Buy', bid).click();
  await expect(desk.toasts).toContainText('SOLUSDT is halted at the venue');
  await shot(page, 'rules-3-ladder-refuses');
  expect(await desk.orderIds()).toEqual(orders);
  expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
  expect(window.complaints).toEqual([]);
});
