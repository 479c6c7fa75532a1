import type { WebSocketRoute } from '@playwright/test';
import { test } from '../fixtures/exchange-test.ts';
import { expect, openWindow, type Window } from '../fixtures/test.ts';
import { HeldKeys } from '../pages/held-keys.ts';
import type { DeskPage } from '../pages/desk-page.ts';
import { ACTS, doWithOneHand } from '../pages/one-hand.ts';
import { showOn, type Screen } from '../pages/screens.ts';

test.use({ seed: 37 });
// Each does all acts: two minutes on a free machine.
test.describe.configure({ mode: 'serial', timeout: 600_000 });
test.skip(process.env['QD_LONG'] !== '1', 'the long run; walk.spec.ts does each act once');

const USUAL: Screen = { width: 1600, height: 1000, scale: 1, theme: 'dark' };

/** A second window of the same desk, with panels of its own. */
let second: DeskPage;
/** The order in the first row; rows stand in the page in no order. */
async function newestOrder(desk: DeskPage): Promise<string> {
  const first = desk.orders.locator('.ag-row[row-index="0"]');
  return (await first.getAttribute('row-id')) ?? '';
}

/** Every act in every panel by the one hand and the other, on a screen; the other window says the same of every order. */
async function actOn(window: Window, screen: Screen, held?: HeldKeys): Promise<void> {
  const { page, desk } = window;
  await showOn(page, screen);
  await desk.unlock();
  if ((await desk.arming.getAttribute('data-arming')) !== 'Armed') await desk.arm();
  await desk.go('orders');
  await desk.link('SOLUSDT');
  // Far enough to rest for as long as the acts take.
  await desk.place('b 3 SOLUSDT bid-3%', /3 SOLUSDT/);
  await desk.place('b 2 SOLUSDT bid-4%', /2 SOLUSDT/);
  await desk.place('b 4 SOLUSDT mkt', /4 SOLUSDT/);
  for (const one of ACTS) {
    await test.step(`${one.panel}, by ${one.by}: ${one.does}`, async () => {
      const { width, height, scale } = screen;
      const now = await page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio]);
      // An act may have taken a screen of its own.
      if (now.join() !== [width, height, scale].join()) await showOn(page, screen);
      await (held?.through(one, window) ?? doWithOneHand(one, window));
    });
  }
  await desk.go('orders');
  await expect(second.order(await newestOrder(desk))).toBeVisible();
}

test('two windows on one desk', async ({ window }) => {
  const { page } = window;
  const other = await openWindow(page.context());
  await other.page.goto(new URL('/', page.url()).href);
  await other.page.getByRole('button', { name: 'Add a window here' }).click();
  for (const name of ['Ladder', 'Chart', 'Orders']) {
    const added = other.page.getByTestId(`panel-${name.toLowerCase()}`);
    const button = other.page.locator('.add-panels').getByRole('button', { name, exact: true });
    if (await button.isVisible()) await button.click();
    else {
      await other.page.keyboard.press('Control+K');
      await other.page.keyboard.type(`>add panel ${name.toLowerCase()}`);
      const option = other.page.getByTestId('line-options').getByRole('option').first();
      await expect(option).toContainText(`Add panel: ${name}`);
      await other.page.keyboard.press('Enter');
    }
    await expect(added).toBeVisible();
  }
  second = other.desk;
});

test('on 1280 pixels of twice the dots, by day', async ({ window }) => {
  await actOn(window, { width: 1280, height: 720, scale: 2, theme: 'light' });
});

test('on 3840 pixels, right after the exchange\u2019s connections and then the desk\u2019s own were lost', async ({
  window,
  exchange,
}) => {
  const { page, desk } = window;
  const account = page.getByTestId('connection-trade-account');
  await desk.go('health');
  await desk.watchSigns();
  await exchange.fault({ kind: 'restart' });
  await expect.poll(() => desk.seenSigns()).toMatch(/trade-account (warn|bad)/);
  await expect(account).toHaveAttribute('data-sign', 'ok');

  const sockets = new Set<WebSocketRoute>();
  let isCut = false;
  await page.routeWebSocket('**/socket/**', (socket) => {
    if (isCut) return void socket.close();
    socket.connectToServer();
    sockets.add(socket);
  });
  await page.reload();
  await expect(desk.tradingState).toBeVisible();
  await desk.unlock();
  await desk.arm();
  isCut = true;
  await Promise.all([...sockets].map((socket) => socket.close()));
  await expect(desk.banners).not.toBeEmpty();
  isCut = false;
  await expect(desk.banners).toBeEmpty();
  await expect(desk.arming).not.toHaveAttribute('data-arming', 'Armed');
  await actOn(window, { width: 3840, height: 2160, scale: 1, theme: 'dark' });
});

test('in a window opened after one that crashed, with keys held before each act and through those of the mouse', async ({
  window,
}) => {
  const { page } = window;
  const address = new URL('/', page.url()).href;
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  await page.close();
  const again = await openWindow(page.context());
  await again.page.goto(address);
  await expect(again.desk.tradingState).toBeVisible();
  Object.assign(window, again);
  await expect(second.banners).toBeEmpty();
  await actOn(window, USUAL, await HeldKeys.on(window.page));
});

test('after the engine\u2019s processes were killed and started again', async ({ window }) => {
  const { page, desk } = window;
  await showOn(page, USUAL);
  for (const name of ['trade', 'feed'] as const) {
    const pid = await desk.pidOf(name);
    process.kill(pid, 'SIGKILL');
    const row = page.getByTestId(`process-${name}`);
    await expect(row.locator('td').nth(2)).not.toHaveText(String(pid));
    await expect(row).toContainText('Running');
  }
  await expect(second.banners).toBeEmpty();
  await actOn(window, USUAL);
});

test('the console stayed silent', ({ window }) => {
  // Chromium itself writes of each connection that was tried while its process was gone.
  const gone = /^WebSocket connection to '[^']*\/socket\/(trade|feed)' failed/;
  expect(window.complaints.filter((text) => !gone.test(text))).toEqual([]);
});
