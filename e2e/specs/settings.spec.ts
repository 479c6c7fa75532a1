import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '16', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

test('every setting is found by its words; a theme, a density and colours of sides act at once', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.go('settings');
  const panel = page.getByTestId('panel-settings');
  await expect(panel.getByText('Limits of risk')).toBeVisible();
  await shot(page, 'settings-1-dark', 'settings');
  await panel.getByLabel('Search settings').fill('colours sides');
  await expect(page.getByTestId('settings-count')).toHaveText(/^1 of \d\d$/);
  const root = page.locator('html');
  await panel.getByRole('radio', { name: 'blue-orange' }).click();
  await expect(root).toHaveAttribute('data-sides', 'blue-orange');
  await panel.getByLabel('Search settings').fill('appearance');
  for (const theme of ['light', 'contrast', 'dark']) {
    await panel.getByRole('radio', { name: theme, exact: true }).click();
    await expect(root).toHaveAttribute('data-theme', theme);
    await shot(page, `settings-2-${theme}`);
  }
  await panel.getByRole('radio', { name: 'comfortable' }).click();
  await expect(root).toHaveAttribute('data-density', 'comfortable');
  await panel.getByRole('button', { name: 'Back to auto' }).click();
  await expect(root).toHaveAttribute('data-density', 'compact');
});

test('an account is added by its key, which leaves the form at once; what the venue refuses is said and not kept', async ({
  window,
  deskProcess,
}) => {
  const { page } = window;
  await page.getByTestId('account-selector').click();
  const menu = page.getByTestId('account-menu');
  await expect(menu.getByRole('menuitemradio', { checked: true })).toHaveText(
    'Every account of this desk',
  );
  await shot(page, 'settings-0-selector');
  await page.getByTestId('open-accounts').click();
  const panel = page.getByTestId('panel-accounts');
  await expect(page.getByTestId('account-in-use')).toHaveText('BINANCE@sandbox/main');
  await page.getByTestId('add-account').click();
  const form = panel.getByRole('form', { name: 'Add an account' });
  await expect(form.getByLabel('Name of the account')).toBeFocused();
  await page.keyboard.type('second');
  await form.getByRole('radio', { name: 'This sandbox' }).click();
  await form.getByLabel('API key').fill('no key of this venue');
  await form.getByLabel('Secret').fill('no secret of it');
  await form.getByLabel('New passphrase of the vault').fill('passphrase');
  const keep = form.getByRole('button', { name: 'Check and keep it' });
  await form.getByLabel('The passphrase again').fill('passphras');
  await expect(keep).toBeDisabled();
  await form.getByLabel('The passphrase again').fill('passphrase');
  await shot(page, 'settings-0-account');
  await keep.click();
  await expect(panel.getByRole('alert')).toContainText('API-key');
  for (const field of await form.locator('input[type="password"]').all()) {
    await expect(field).toHaveValue('');
  }
  await shot(page, 'settings-0-refused');
  expect(readdirSync(deskProcess.dataFolder)).not.toContain('vault.bin');
});

test('a limit of risk acts on the next order; an absurd number is refused in words', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  const panel = page.getByTestId('panel-settings');
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  await desk.place('b 3 SOLUSDT bid-0.3%', /3 SOLUSDT/);
  await desk.go('settings');
  await panel.getByLabel('Search settings').fill('open orders');
  const field = panel.getByRole('textbox', { name: 'Open orders' });
  await field.fill('1e300');
  await expect(panel.getByText('expected a whole number from 1 to 1000000')).toBeVisible();
  await shot(page, 'settings-3-refused');
  await field.press('Escape');
  await expect(field).toHaveValue('100');
  await field.fill('1');
  await field.press('Enter');
  await expect(panel.getByRole('button', { name: 'Back to 100' })).toBeVisible();
  await desk.type('b 3 SOLUSDT bid-0.2%', /MAX_OPEN_ORDERS|open orders/i);
  await desk.leave();
  const file = path.join(deskProcess.dataFolder, 'settings.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ risk: { maxOpenOrders: 1 } });
});

test('the file changed by hand is taken while the desk runs, and what is wrong in it is named by line', async ({
  window,
  deskProcess,
}) => {
  const { page } = window;
  const panel = page.getByTestId('panel-settings');
  const file = path.join(deskProcess.dataFolder, 'settings.json');
  const text = '{\n  // by hand\n  "risk": { "maxOpenOrders": "many" },\n  "colour": 1\n}\n';
  writeFileSync(file, text);
  await expect(panel.getByText('settings.json line 4')).toBeVisible();
  await expect(panel.locator('[data-setting="risk.maxOpenOrders"]')).toContainText('was "many"');
  await expect(page.locator('html')).toHaveAttribute('data-sides', 'green-red');
  await shot(page, 'settings-4-file');
  writeFileSync(file, '{}');
  await expect(panel.getByText('settings.json line 4')).toBeHidden();
});
