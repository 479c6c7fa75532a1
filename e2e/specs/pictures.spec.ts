import { writePicturedMarket } from '../fixtures/pictured-market.ts';
import { expect, shot, test } from '../fixtures/test.ts';
import { begin, expectPicture, quiet, trade, whyNotCompared } from '../pages/approved.ts';
import { leaveStarter, showStarter } from '../pages/screens.ts';

test.use({ deskArguments: ['--replay', writePicturedMarket(), '--speed', '0'] });
test.describe.configure({ mode: 'serial' });

test.beforeEach(({ browser }) => {
  const why = whyNotCompared(browser.version());
  test.skip(why !== undefined, why);
});

test('a desk that trades, on a screen of the usual size', async ({ window }) => {
  const { page } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await begin(window);
  await trade(window);
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

test('the desk of a market maker, and the settings', async ({ window }) => {
  test.skip(process.env['QD_LONG'] !== '1', 'the long run takes these two');
  const { page, desk } = window;
  const screen = { width: 1920, height: 1080, scale: 1, theme: 'dark' } as const;
  await showStarter(page, 'market-maker', screen);
  await expect(page.getByTestId('panel-ladder')).toHaveCount(2);
  await quiet(window);
  await expectPicture(page, 'starter-market-maker-1920');
  await desk.go('settings');
  await expect(page.getByTestId('settings-count')).toBeVisible();
  await expectPicture(page, 'panel-settings-1920');
  await leaveStarter(page);
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
