import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { writePicturedMarket } from '../fixtures/pictured-market.ts';
import { expect, shot, test } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

const APPROVED = path.resolve(import.meta.dirname, '../approved');
const HIDDEN = path.join(APPROVED, 'hidden.css');
/** Letters are drawn otherwise by another browser: its pictures are not compared. */
const BROWSER = readFileSync(path.join(APPROVED, 'browser.txt'), 'utf8').trim();

test.use({ deskArguments: ['--replay', writePicturedMarket(), '--speed', '0'] });
test.describe.configure({ mode: 'serial' });

test.beforeEach(({ browser }) => {
  const version = browser.version();
  test.skip(version !== BROWSER, `the pictures are of Chromium ${BROWSER}, this is ${version}`);
});

async function expectPicture(page: Page, name: string): Promise<void> {
  await page.evaluate(
    (css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    },
    readFileSync(HIDDEN, 'utf8'),
  );
  await expect(page).toHaveScreenshot(`${name}.png`, { scale: 'device' });
}

test('a desk that trades, on a screen of the usual size', async ({ window }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByLabel('Replay speed').selectOption('1');
  await desk.link('BTCUSDT');
  await expect(page.getByRole('log', { name: 'Trades' })).toContainText('64,106.41');
  await desk.unlock();
  await desk.arm();
  await desk.place('b 0.05 BTCUSDT mkt', /0\.05 BTCUSDT/);
  await desk.place('b 0.2 BTCUSDT bid-0.02%', /0\.2 BTCUSDT/);
  await desk.place('s 0.04 BTCUSDT ask+0.02%', /0\.04 BTCUSDT/);
  await expect(desk.orderRows()).toHaveCount(3);
  await expect(desk.orders).toContainText('Filled');
  await new LadderPage(page).centre();
  // On a slow machine they have left by themselves.
  await expect(async () => {
    const dismiss = desk.toasts.getByRole('button', { name: 'Dismiss' });
    for (const button of await dismiss.all()) await button.click({ timeout: 1000 });
    await expect(desk.toasts.getByRole('button')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
  await shot(page, 'replay-0-desk', 'replay');
  await expectPicture(page, 'desk-dark-1920');
});

test('the same on a laptop, a wall of 4K and by day', async ({ window }) => {
  const { page } = window;
  await page.setViewportSize({ width: 1280, height: 720 });
  await expectPicture(page, 'desk-dark-1280');
  await page.setViewportSize({ width: 3840, height: 2160 });
  await expectPicture(page, 'desk-dark-3840');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.emulateMedia({ colorScheme: 'light' });
  await expectPicture(page, 'desk-light-1920');
});

test('a screen of twice the dots', async ({ window }) => {
  const { page } = window;
  await page.emulateMedia({ colorScheme: 'dark' });
  const screen = await page.context().newCDPSession(page);
  const metrics = { width: 1440, height: 900, deviceScaleFactor: 2, mobile: false };
  await screen.send('Emulation.setDeviceMetricsOverride', metrics);
  let seen = '';
  await expect(async () => {
    const before = seen;
    seen = (await screen.send('Page.captureScreenshot')).data;
    expect(seen === before).toBe(true);
  }).toPass();
  expect(Buffer.from(seen, 'base64')).toMatchSnapshot('desk-dark-1440-fine.png');
  await screen.send('Emulation.clearDeviceMetricsOverride');
});

test('the command field, the keys and the kill switch', async ({ window }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1600, height: 1000 });
  await desk.type('s 0.02 BTCUSDT ask tp=63500 post', /0\.02 BTCUSDT/);
  await expectPicture(page, 'order-line-1600');
  await desk.leave();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await expectPicture(page, 'keys-1600');
  await desk.leave();
  await page.keyboard.press('Control+Shift+K');
  await expect(page.getByTestId('kill-confirm')).toBeEnabled();
  await expectPicture(page, 'kill-1600');
  await desk.leave();
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
