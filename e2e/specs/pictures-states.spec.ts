import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DeskProcess } from '../fixtures/desk-process.ts';
import { writePicturedMarket } from '../fixtures/pictured-market.ts';
import { expect, NOT_NEW, openWindow, test } from '../fixtures/test.ts';
import {
  begin,
  expectPicture,
  quiet,
  setTo,
  showHidden,
  trade,
  whyNotCompared,
} from '../pages/approved.ts';

const PICTURED = ['--replay', writePicturedMarket(), '--speed', '0'];
test.use({ deskArguments: PICTURED });
test.describe.configure({ mode: 'serial', timeout: 90_000 });
test.skip(process.env['QD_LONG'] !== '1', 'the long run; pictures.spec.ts takes the others');

test.beforeEach(({ browser }) => {
  const why = whyNotCompared(browser.version());
  test.skip(why !== undefined, why);
});

test('loading: before the first answer of the feed, and while bars are asked for', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await begin(window);
  await trade(window);
  // What is held back of the feed: all of it, then its answers with bars.
  let what: 'all' | 'bars' | 'nothing' = 'all';
  const held: (() => void)[] = [];
  await page.routeWebSocket('**/socket/feed', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const isBars = message.toString().startsWith('{"type":"Bars"');
      if (what === 'all' || (what === 'bars' && isBars)) held.push(() => socket.send(message));
      else socket.send(message);
    });
  });
  const holdOnly = (next: 'bars' | 'nothing'): void => {
    what = next;
    for (const pass of held.splice(0)) pass();
  };
  await page.reload();
  await expect(page.getByText('No market data yet')).toBeVisible();
  await expectPicture(page, 'state-no-data-1920');
  holdOnly('bars');
  await expect(page.getByText(/^Loading .* bars$/)).toBeVisible();
  await expect(page.getByTestId('ladder-row').first()).toBeVisible();
  await expectPicture(page, 'state-loading-1920');
  holdOnly('nothing');
  await expect(page.getByText(/^Loading .* bars$/)).toHaveCount(0);
  await desk.arm();
});

test('the sides in blue and orange', async ({ window }) => {
  const { page } = window;
  await setTo(window, 'candles', 'blue-orange');
  await expectPicture(page, 'desk-blue-orange-1920');
  await setTo(window, 'candles', 'green-red');
});

test('what if: positions at prices that are only supposed', async ({ window }) => {
  const { page, desk } = window;
  await desk.go('positions');
  await page.keyboard.press('w');
  await expect(page.getByLabel('Move of prices in percent')).toBeFocused();
  await page.keyboard.type('-2.5');
  await expect(page.getByTestId('pnl-supposed')).toBeVisible();
  // 64,106.40 less 2.5 % is 62,503.74, at the tick; 0.05 were bought at 64,106.42.
  const row = desk.positions.locator('.ag-row').first();
  await expect(row.locator('[col-id="if-exit"]')).toHaveText('62,503.74');
  await expect(row.locator('[col-id="if-open"]')).toHaveText('\u221280.13');
  await expectPicture(page, 'state-what-if-1920');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('pnl-supposed')).toHaveCount(0);
  await desk.go('orders');
});

test('stale: the recording ends and the venue says nothing more', async ({ window }) => {
  const { page } = window;
  await showHidden(page);
  // An hour of the recording is left: half a minute.
  await page.getByLabel('Replay speed').selectOption('100');
  await expect(page.getByTestId('panel-ladder')).toContainText('Stale prices', { timeout: 60_000 });
  await expect(page.locator('.watch-row.stale')).toHaveCount(3);
  await expect(page.getByTestId('panel-ticket')).toContainText('its data is stale');
  await quiet(window);
  await expectPicture(page, 'state-stale-1920');
});

test('disconnected: the engine is gone', async ({ browser }) => {
  const engine = new DeskProcess(PICTURED, NOT_NEW);
  const context = await browser.newContext({ colorScheme: 'dark' });
  try {
    const window = await openWindow(context);
    const { page, desk } = window;
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(await engine.nextUrl());
    await begin(window);
    await trade(window);
    const file = path.join(engine.dataFolder, 'run/engine.json');
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await expect(desk.banners).toContainText('The engine does not answer');
    await expect(page.locator('.watch-row.stale')).toHaveCount(3);
    await quiet(window);
    // Notices that are put away leave the keyboard where it was.
    await expect(page.locator('.panel.ladder')).toBeFocused();
    // Off the panels that trade: the banner takes its room.
    await page.locator('.title .mark').hover();
    await expect(page.locator('.steady-row')).not.toHaveCSS('height', '0px');
    await expectPicture(page, 'state-disconnected-1920');
  } finally {
    await context.close();
    await engine.stop();
    engine.clean();
  }
});
