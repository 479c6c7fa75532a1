import { readFileSync } from 'node:fs';
import { expect, shot, test } from '../fixtures/test.ts';
import { ACTS, doWithOneHand } from '../pages/one-hand.ts';

test.use({ deskArguments: ['--seed', '17', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

let first = '';
let second = '';

test('orders are filtered by what is typed over a column, and what came since is marked until seen', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  await desk.go('orders');
  first = await desk.place('b 3 SOLUSDT bid-0.3%', /3 SOLUSDT/);
  second = await desk.place('b 0.002 BTCUSDT bid-0.3%', /0.002 BTCUSDT/);
  await expect(desk.orders.getByRole('button', { name: '2 new, mark as seen' })).toBeVisible();
  await shot(page, 'blotter-1-new');
  await desk.orders.getByRole('button', { name: /mark as seen/ }).click();
  await expect(desk.orders.locator('.ag-row.fresh')).toHaveCount(0);
  await desk.orders.getByRole('button', { name: 'Filter' }).click();
  const price = desk.orders.getByRole('textbox', { name: 'Price Filter Input' });
  await price.fill('> 1000');
  await expect(desk.order(first)).toBeHidden();
  await expect(desk.order(second)).toBeVisible();
  await shot(page, 'blotter-2-filter');
  await desk.orders.getByRole('button', { name: 'Filter' }).click();
  await expect(desk.order(first)).toBeVisible();
});

test('sections say what they hold and are closed and opened by hand and by key', async ({
  window,
}) => {
  const { page, desk } = window;
  const menu = desk.orders.getByRole('group', { name: 'Columns and views of Orders' });
  const choose = async (name: string): Promise<void> => {
    await desk.orders.getByRole('button', { name: 'Columns' }).click();
    await menu.getByRole('radio', { name }).click();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
  };
  await choose('Instrument');
  const heads = desk.orders.locator('.section-line');
  await expect(heads).toHaveText([/^BTCUSDT1.*1 working/, /^SOLUSDT1.*1 working/]);
  await shot(page, 'blotter-5-sections', 'blotters');
  await heads.filter({ hasText: 'SOLUSDT' }).click();
  await expect(desk.order(first)).toHaveCount(0);
  await desk.order(second).locator('[col-id="time"]').click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(desk.order(first)).toBeVisible();
  await choose('None');
  await expect(heads).toHaveCount(0);
});

test('columns are chosen and kept as a view, also over a reload', async ({ window }) => {
  const { page, desk } = window;
  await desk.orders.getByRole('button', { name: 'Columns' }).click();
  const menu = desk.orders.getByRole('group', { name: 'Columns and views of Orders' });
  await menu.getByText('Venue id').click();
  await menu.getByText('Ack', { exact: true }).click();
  await menu.getByLabel('Name of the view to keep').fill('Venue');
  await menu.getByRole('button', { name: 'Keep' }).click();
  await expect(menu.getByRole('button', { name: 'Venue', exact: true })).toBeVisible();
  await shot(page, 'blotter-3-columns');
  await menu.getByRole('button', { name: 'As on a new desk' }).click();
  const head = desk.orders.locator('.ag-header');
  await expect(head).not.toContainText('Venue id');
  await menu.getByRole('button', { name: 'Venue', exact: true }).click();
  await expect(head).toContainText('Venue id');
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await page.reload();
  await desk.go('orders');
  await expect(head).toContainText('Venue id');
  await expect(head).not.toContainText('Ack');
});

test('a price is edited in its row and replaces the order once; Escape sends nothing', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  const cell = desk.order(first).locator('[col-id="price"]');
  const before = await cell.innerText();
  await cell.dblclick();
  const editor = page.getByLabel(`New price of ${first}`);
  await editor.fill('1');
  await editor.press('Escape');
  await expect(cell).toHaveText(before);
  await cell.dblclick();
  await page.getByLabel(`New price of ${first}`).fill(`${Number(before) - 0.5}`);
  await page.getByLabel(`New price of ${first}`).press('Enter');
  await expect(desk.order(first)).toContainText('Canceled');
  await expect(desk.orders.locator('.ag-row').filter({ hasText: 'SOLUSDT' })).toHaveCount(2);
});

/** A share of what the long run does in every panel. */
const SHARE = ['ladder', 'orders', 'order-truth'];
for (const one of ACTS.filter(({ panel, by }) => by === 'keyboard' && SHARE.includes(panel))) {
  test(`${one.panel}, by ${one.by} alone: ${one.does}`, ({ window }) => doWithOneHand(one, window));
}

test('what is shown is saved as CSV with plain numbers; balances say what each asset is', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.go('orders');
  const download = page.waitForEvent('download');
  await desk.orders.getByRole('button', { name: 'CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(lines[0]).toContain('Instrument,Side,Type');
  expect(lines).toHaveLength(6);
  for (const line of lines.slice(1))
    expect(line.split(',')).toHaveLength(lines[0]?.split(',').length ?? 0);
  await desk.go('balances');
  const balances = page.getByTestId('panel-balances');
  await expect(balances.locator('.ag-row').filter({ hasText: 'USDT' })).toBeVisible();
  await shot(page, 'blotter-4-balances');
});

test('the keyboard stays on its order while others come over it, and leaves the rows when it is scrolled away', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  await desk.go('orders');
  // Two rows fit.
  await page.setViewportSize({ width: 1280, height: 500 });
  const mine = await desk.place('b 2 SOLUSDT bid-2%', /2 SOLUSDT/);
  await desk.order(mine).locator('[col-id="time"]').click();
  await deskProcess.run('order', 'arm');
  for (const quantity of ['1.1', '1.2', '1.3']) {
    await deskProcess.run('order', `b ${quantity} SOLUSDT bid-2.5%`);
  }
  await expect(page.getByTestId('truth-strip')).toContainText(/Working\s*[4-9]/);
  const withKeyboard = desk.orders.locator('.ag-row:has(:focus)');
  await expect(withKeyboard).toHaveAttribute('row-id', mine);
  await page.keyboard.press('Delete');
  await expect(desk.order(mine)).toContainText('Canceled');
  await expect(withKeyboard).toHaveAttribute('row-id', mine);
  await page.keyboard.press('ArrowUp');
  await expect(withKeyboard).not.toHaveAttribute('row-id', mine);
  const other = (await withKeyboard.getAttribute('row-id')) ?? '';
  await desk.order(other).hover();
  await page.mouse.wheel(0, 2000);
  await expect(desk.order(other)).toHaveCount(0);
  await expect(withKeyboard).toHaveCount(0);
  await expect(desk.orders.locator('.ag-header-cell:focus')).toHaveCount(1);
});
