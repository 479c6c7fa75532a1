import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from '../fixtures/exchange-test.ts';
import { expect, openWindow, shot } from '../fixtures/test.ts';

const PASSPHRASE = 'a passphrase of this test';
const SECOND = 'BINANCE@sandbox/second';

test.use({ seed: 57 });
test.describe.configure({ mode: 'serial' });

test('the desk goes to another account: what works is told and cancelled first, the passphrase must be right, and every window comes back locked', async ({
  window,
  exchange,
  deskProcess,
}) => {
  const { page, desk } = window;
  const { page: other } = await openWindow(page.context());
  await other.goto(new URL(page.url()).origin);
  await other.getByRole('button', { name: 'Add a window here' }).click();
  await expect(other.getByRole('button', { name: 'Add a window here' })).toHaveCount(0);
  await desk.unlock();
  await desk.arm();
  const resting = await desk.place('b 0.5 SOLUSDT bid-2%', /0\.5 SOLUSDT/);
  await desk.go('accounts');
  await page.getByTestId('add-account').click();
  const form = page.getByRole('form', { name: 'Add an account' });
  const { apiKey, secret } = exchange.key('trading');
  await form.getByLabel('Name of the account').fill('second');
  await form.getByRole('radio', { name: 'This sandbox' }).click();
  await form.getByLabel('API key').fill(apiKey);
  await form.getByLabel('Secret').fill(secret);
  await form.getByLabel('New passphrase of the vault').fill(PASSPHRASE);
  await form.getByLabel('The passphrase again').fill(PASSPHRASE);
  await form.getByRole('button', { name: 'Check and keep it' }).click();
  await expect(page.getByTestId(`account-${SECOND}`)).toBeVisible();

  await page.keyboard.press('Control+F10');
  await expect(page.getByTestId('account-menu')).toBeVisible();
  await shot(page, 'account-1-menu', 'account-menu');
  await page.getByTestId(`change-to-${SECOND}`).click();
  const dialog = page.getByRole('alertdialog', { name: 'Change the desk' });
  const field = dialog.getByLabel('Passphrase of the vault');
  await expect(field).toBeFocused();
  await expect(page.getByTestId('change-orders')).toContainText(
    'A working order stays at the venue',
  );
  await expect(page.getByTestId('change-confirm')).toBeDisabled();
  await page.keyboard.type('another');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('VAULT_WRONG_PASSPHRASE');
  await shot(page, 'account-2-refused');
  await page.getByTestId('change-cancel-all').click();
  await expect(page.getByTestId('change-orders')).toHaveCount(0);
  await expect(desk.order(resting)).toContainText('Canceled');
  await shot(page, 'account-3-canceled');
  await field.fill(PASSPHRASE);
  await page.keyboard.press('Enter');

  for (const one of [page, other]) {
    await expect(one.getByTestId('account-selector')).toContainText('second', { timeout: 30_000 });
    await expect(one.getByTestId('trading-state')).toHaveAttribute('data-state', 'Locked');
  }
  await expect(desk.arming).not.toHaveAttribute('data-arming', 'Armed');
  await shot(page, 'account-4-second');
  expect(readdirSync(path.join(deskProcess.dataFolder, 'journal'))).toHaveLength(2);
  await other.close();
});

test('the other account trades under its own name, and the command line reaches its engine', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  await desk.go('orders');
  await desk.unlock();
  await desk.arm();
  const bought = await desk.place('b 0.5 SOLUSDT mkt', /0\.5 SOLUSDT/);
  await expect(desk.order(bought)).toContainText('Filled');
  await expect(page.getByTestId('panel-ticket')).toContainText(SECOND);
  expect((await deskProcess.run('order', 'arm')).status).toBe(0);
});

test('to the built-in exchange no key is asked for, and from there back to where the desk began', async ({
  window,
}) => {
  const { page, desk } = window;
  const change = async (title: string): Promise<void> => {
    await page.keyboard.press('Control+F10');
    await page.getByTestId(`change-to-${title}`).click();
    await expect(page.getByRole('alertdialog', { name: 'Change the desk' })).toBeVisible();
    await page.getByTestId('change-confirm').click();
  };
  const selector = page.getByTestId('account-selector');
  await change('Sandbox, seed 7');
  await expect(selector).toContainText('seed 7', { timeout: 30_000 });
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
  await desk.unlock();
  await shot(page, 'account-5-built-in');
  await change('Sandbox, main');
  await expect(selector).toHaveText(/Sandbox main$/, { timeout: 30_000 });
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
});
