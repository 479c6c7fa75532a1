import { expect, openWindow, test, type Window } from '../fixtures/test.ts';
import type { DeskPage } from '../pages/desk-page.ts';
import { ACTS, doWithOneHand } from '../pages/one-hand.ts';
import { showOn, type Screen } from '../pages/screens.ts';

test.use({ deskArguments: ['--seed', '37', '--limits', 'open'] });
test.describe.configure({ mode: 'serial', timeout: 240_000 });
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
async function actOn(window: Window, screen: Screen): Promise<void> {
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
      await doWithOneHand(one, window);
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
  expect(window.complaints).toEqual([]);
});
