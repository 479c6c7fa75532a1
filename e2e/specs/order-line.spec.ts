import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '14', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

const LINE = 'b 1 SOLUSDT bid-0.3%';

test('before unlocking Enter sends nothing and the line says why', async ({ window }) => {
  const { page, desk } = window;
  await desk.type(LINE, /1 SOLUSDT/);
  await page.keyboard.press('Enter');
  await expect(desk.line).toHaveValue(LINE);
  await expect(desk.preview).toContainText(/lock/i);
  await shot(page, 'line-locked');
  await desk.leave();
  expect(await desk.orderIds()).toEqual([]);
});

test('arming before unlocking does nothing and says so', async ({ window }) => {
  const { page, desk } = window;
  await page.keyboard.press('Control+l');
  await expect(page.getByText('unlock first, then arm')).toBeVisible();
  await desk.unlock();
  await expect(page.getByTestId('arm-button')).toHaveAttribute('data-arming', 'Disarmed');
});

test('Escape drops the line and sends nothing', async ({ window }) => {
  const { desk } = window;
  await desk.arm();
  await desk.type(LINE, /Risk passes/);
  await desk.leave();
  await expect(desk.line).toHaveValue('');
  await expect(desk.line).not.toBeFocused();
  expect(await desk.orderIds()).toEqual([]);
});

test('a mistake names its column and cannot be sent', async ({ window }) => {
  const { page, desk } = window;
  await desk.type('b 1 NOPEUSDT mkt', /expected an instrument/);
  await expect(desk.preview).toContainText(/column 5/i);
  await page.keyboard.press('Enter');
  await expect(desk.line).toHaveValue('b 1 NOPEUSDT mkt');
  await shot(page, 'line-mistake');
  await desk.leave();
});

test('a held Enter sends nothing; two quick ones send once', async ({ window }) => {
  const { desk } = window;
  await desk.type(LINE, /Risk passes/);
  await desk.line.evaluate((field) => {
    for (let times = 0; times < 5; times += 1) {
      const init = { key: 'Enter', repeat: true, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', init));
    }
  });
  await expect(desk.line).toHaveValue(LINE);
  await desk.line.evaluate((field) => {
    const init = { key: 'Enter', bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent('keydown', init));
    field.dispatchEvent(new KeyboardEvent('keydown', init));
  });
  await expect(desk.page.getByTestId('order-result')).toContainText('Done');
  await expect(desk.orderRows()).toHaveCount(1);
  await expect(desk.orderRows().first()).toContainText('Working');
  await desk.leave();
});

test('order keys are dead while another text field has the focus', async ({ window }) => {
  const { page, desk } = window;
  const field = page.getByTestId('panel-ticket').locator('input').first();
  await field.focus();
  for (const key of ['Control+Shift+F', 'Control+Backspace', 'b', 's', 'Delete']) {
    await page.keyboard.press(key);
  }
  await expect(page.getByTestId('receipt-toast')).toHaveCount(0);
  await expect(desk.orderRows()).toHaveCount(1);
  await expect(desk.orderRows().first()).toContainText('Working');
  await desk.leave();
});

test('a held cancel key is one cancel', async ({ window }) => {
  const { page, desk } = window;
  await desk.go('orders');
  await page.evaluate(() => {
    const target = document.querySelector('[data-panel="orders"]');
    const init = { key: 'Delete', ctrlKey: true, repeat: true, bubbles: true, cancelable: true };
    target?.dispatchEvent(new KeyboardEvent('keydown', init));
  });
  await expect(desk.orderRows().first()).toContainText('Working');
  await desk.go('orders');
  await page.keyboard.press('Control+Delete');
  await expect(desk.orderRows().first()).toContainText('Canceled');
});

test('what flatten proved flat shows as flat', async ({ window }) => {
  const { page, desk } = window;
  await desk.link('SOLUSDT');
  const order = await desk.place('b 100 SOLUSDT mkt', /100 SOLUSDT/);
  await expect(desk.order(order)).toContainText('Filled');
  await page.keyboard.press('Control+Shift+F');
  await expect(page.getByTestId('receipt-toast')).toContainText('Proved flat');
  await desk.go('positions');
  await expect(desk.positions.locator('.ag-row', { hasText: 'SOLUSDT' })).toContainText('flat');
  await expect(page.getByTestId('panel-ladder')).toContainText('No position');
});

test('Alt and the arrows change the instrument from anywhere, a grid included', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.link('BTCUSDT');
  await desk.go('orders');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByTestId('panel-chart').locator('.sym')).toHaveText('ETHUSDT');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByTestId('panel-chart').locator('.sym')).toHaveText('BTCUSDT');
});
