import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '22'], deskSettings: { appearance: {} } });

test('a new desk leads through five steps, each done by doing it, and never comes back to them', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  const card = page.getByTestId('first-steps');
  const now = card.locator('[aria-current="true"]');
  await expect(now).toContainText('Choose an instrument');
  await shot(page, 'first-steps-1', 'first-steps');
  await desk.link('SOLUSDT');
  await expect(now).toContainText('Unlock, then arm');
  await desk.unlock();
  await desk.arm();
  await expect(now).toContainText('Place an order');
  const line = await now.locator('code').innerText();
  expect(line).toMatch(/^b [\d.]+ solusdt bid$/);
  const order = await desk.place(line, /Buy.*SOLUSDT/i);
  await expect(now).toContainText(/See it fill|Flatten/);
  await page.keyboard.press('Control+Backspace');
  await expect(desk.order(order)).toContainText(/Canceled|Filled/);
  await expect(now).toContainText('Flatten');
  await page.keyboard.press('Control+Shift+F');
  await expect(card).toContainText('That is all it takes');
  await shot(page, 'first-steps-2');
  await card.getByRole('button', { name: 'Done' }).click();
  await expect(card).toHaveCount(0);
  await page.reload();
  await expect(desk.mode).toHaveText('SANDBOX');
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  await expect(card).toHaveCount(0);
  const settings = readFileSync(path.join(deskProcess.dataFolder, 'settings.json'), 'utf8');
  expect(JSON.parse(settings)).toMatchObject({ appearance: { firstSteps: false } });
  expect(window.complaints).toEqual([]);
});
