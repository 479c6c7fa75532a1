import { readdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { DeskPage } from '../pages/desk-page.ts';
import { expect, shot, test } from '../fixtures/test.ts';

test.use({
  deskArguments: ['--seed', '19', '--limits', 'open'],
  deskFiles: { 'workspace.json': '{"revision":7,"document":{"form":2,"active":' },
});
test.describe.configure({ mode: 'serial' });

/** The second window, once a test has opened it. */
let second: Page;

/** Does what opens a window, and gives that window. */
async function opened(page: Page, act: () => Promise<void>): Promise<Page> {
  const [popup] = await Promise.all([page.context().waitForEvent('page'), act()]);
  return popup;
}

test('a workspace file that is damaged is named, kept, and replaced by the default', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  await expect(desk.toasts).toContainText('Workspace file not used');
  await expect(desk.toasts).toContainText('workspace.json.damaged');
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  expect(readdirSync(deskProcess.dataFolder)).toContain('workspace.json.damaged');
  await shot(page, 'workspace-1-damaged');
  await desk.toasts.getByRole('button', { name: 'Dismiss' }).first().click();
});

test('another workspace disarms, and has the panels of its starter', async ({ window }) => {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  await page.keyboard.press('F10');
  await expect(page.getByTestId('workspace-menu')).toBeVisible();
  await shot(page, 'workspace-2-menu');
  await page.getByTestId('workspace.create.market-maker').click();
  await expect(desk.arming).toHaveAttribute('data-arming', 'Disarmed');
  await expect(page.getByTestId('panel-ladder')).toHaveCount(2);
  await shot(page, 'workspace-3-market-maker', 'workspace');
  await page.getByTestId('workspaces').getByRole('button', { name: 'Scalper' }).click();
  await expect(page.getByTestId('panel-ladder')).toHaveCount(1);
});

test('a panel moves to a new window and follows its link group there', async ({ window }) => {
  const { page, desk } = window;
  await page.getByTestId('panel-chart').getByRole('radio', { name: '5m', exact: true }).click();
  await page.getByTestId('link-chart').click();
  await expect(page.getByTestId('panel-menu')).toBeVisible();
  await shot(page, 'workspace-4-panel-menu');
  second = await opened(page, () => page.getByTestId('dock.move.new').click());
  const interval = second.getByTestId('panel-chart').getByRole('radio', { checked: true });
  await expect(interval).toHaveText('5m');
  await expect(page.getByTestId('panel-chart')).toHaveCount(0);
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  await new DeskPage(second).last().waitFor();
  const name = 'ETHUSDT';
  await desk.link(name, second);
  await second.getByTestId('link-chart').click();
  await second.getByTestId('dock.link.3').click();
  await page.keyboard.press('ArrowDown');
  await expect(second.getByTestId('link-chart')).toHaveAttribute('data-group', '3');
  await expect(second.getByTestId('panel-chart').locator('.sym')).toHaveText(name);
  await shot(second, 'workspace-5-second-window');
  await expect(desk.toasts).not.toContainText('not changed');
});

test('an instrument is dragged to a panel and sent to one by key; charts linked in interval and time go together', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.go('orders');
  await page.keyboard.press('Control+2');
  const chart = page.getByTestId('panel-chart');
  await expect(chart.locator('.sym')).toHaveText('SOLUSDT');
  for (const shown of [page, second]) {
    await shown.getByTestId('link-chart').click();
    for (const item of ['interval', 'time']) {
      await shown.getByTestId(`dock.what.${item}`).click();
      await expect(shown.getByTestId(`dock.what.${item}`)).toHaveAttribute('aria-checked', 'true');
    }
    await shown.getByTestId('dock.link.3').click();
    await expect(shown.getByTestId('link-chart')).toHaveAttribute('data-group', '3');
  }
  await page.getByTestId('watch-BTCUSDT').dragTo(chart);
  await expect(chart.locator('.sym')).toHaveText('BTCUSDT');
  await expect(second.getByTestId('panel-chart').locator('.sym')).toHaveText('BTCUSDT');
  await expect(page.getByTestId('tab-ladder').locator('.tab-sym')).toHaveText('SOLUSDT');
  // Also over a field: it is shown, not typed.
  await chart.locator('.sym').dragTo(page.getByTestId('panel-ticket').locator('input').first());
  await expect(page.getByTestId('tab-ladder').locator('.tab-sym')).toHaveText('BTCUSDT');
  await chart.getByRole('radio', { name: '1m', exact: true }).click();
  const interval = second.getByTestId('panel-chart').getByRole('radio', { checked: true });
  await expect(interval).toHaveText('1m');
  const followed = second.getByTestId('panel-chart').locator('.legend');
  const pointed = chart.locator('.legend');
  await expect(followed).toContainText('O ');
  await expect(pointed).toContainText('O ');
  const newest = /O [\d,.]+/.exec((await pointed.textContent()) ?? '')?.[0] ?? 'none';
  await expect(async () => {
    await chart.locator('.canvas').hover({ position: { x: 120, y: 40 } });
    const text = (await pointed.textContent()) ?? '';
    expect(text).not.toContain(newest);
    await expect(followed).toHaveText(text, { timeout: 1000 });
  }).toPass();
  await shot(page, 'workspace-5-linked-time');
  await page.getByTestId('watch-ETHUSDT').click();
  await page.keyboard.press('Alt+I');
  await expect(page.getByTestId('send-menu')).toBeVisible();
  await shot(page, 'workspace-5-send');
  await page
    .getByTestId('send-menu')
    .getByRole('menuitem', { name: /^Chart/ })
    .click();
  await expect(second.getByTestId('panel-chart').locator('.sym')).toHaveText('ETHUSDT');
});

test('a window that is closed keeps its panels and is offered again', async ({ window }) => {
  const { page } = window;
  await second.close();
  const restore = page.getByTestId('restore-windows');
  await expect(restore).toHaveText('Restore 1 window');
  await shot(page, 'workspace-6-restore');
  await page.reload();
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  await expect(restore).toHaveText('Restore 1 window');
  second = await opened(page, () => restore.click());
  await expect(second.getByTestId('panel-chart')).toBeVisible();
  await expect(second.getByTestId('link-chart')).toHaveAttribute('data-group', '3');
  await expect(restore).toHaveCount(0);
  const spare = await page.context().newPage();
  await spare.goto(page.url());
  await expect(spare.getByTestId('spare-window')).toContainText('is open elsewhere');
  await second.close();
  await expect(spare.getByRole('button', { name: 'Show Window 2 here' })).toBeVisible();
  await shot(spare, 'workspace-7-spare-window');
  await spare.close();
});

test('a workspace is saved under a name, reset, and comes back from a recovery copy', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.save-as').click();
  await page.getByTestId('workspace-name').fill('Morning');
  await page.keyboard.press('Enter');
  const bar = page.getByTestId('workspaces');
  await expect(bar.getByRole('button', { name: 'Morning', exact: true })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await page.keyboard.press('F10');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('workspace.export').click(),
  ]);
  await page.keyboard.press('F10');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByTestId('workspace.import').click(),
  ]);
  await chooser.setFiles(await file.path());
  await expect(bar.getByRole('button', { name: 'Morning 2' })).toBeVisible();
  const morning = bar.getByRole('button', { name: 'Morning', exact: true });
  await morning.click();
  await expect(morning).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.delete').click();
  await expect(morning).toHaveCount(0);
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.copies').click();
  await shot(page, 'workspace-8-copies');
  await page.getByTestId('copies').getByRole('button', { name: 'Restore' }).first().click();
  await expect(bar.getByRole('button', { name: 'Morning', exact: true })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await page.getByTestId('restore-windows').waitFor();
  await expect(desk.toasts).not.toContainText('not changed');
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
