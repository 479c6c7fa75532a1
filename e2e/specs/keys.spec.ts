import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '17', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

test('the command field finds instruments, panels and commands; Enter does what is chosen', async ({
  window,
}) => {
  const { page, desk } = window;
  const options = page.getByTestId('line-options').getByRole('option');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('ethu');
  await expect(options.first()).toContainText('ETHUSDT');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel-chart').locator('.sym')).toHaveText('ETHUSDT');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('heal');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel-health')).toBeVisible();
  await page.keyboard.press('Control+K');
  await expect(options.first()).toContainText('Go to Health');
  await page.keyboard.type('>flat');
  await expect(options.first()).toContainText('Flatten');
  await shot(page, 'palette-commands');
  await page.keyboard.press('Escape');
  await expect(desk.line).not.toBeFocused();
});

test('what sends is never chosen by itself, and is previewed before Enter', async ({ window }) => {
  const { page, desk } = window;
  await page.keyboard.press('Control+K');
  await page.keyboard.type('>buy at the row');
  const first = page.getByTestId('line-options').getByRole('option').first();
  await expect(first).toContainText('sends');
  await expect(first).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect(desk.preview).toContainText('Enter sends nothing');
  await shot(page, 'palette-order');
  await page.keyboard.press('Escape');
  expect(await desk.orderIds()).toEqual([]);
  expect(window.complaints).toEqual([]);
});
