import { expect, shot, test } from '../fixtures/test.ts';
import { misfits } from '../pages/fit-check.ts';
import { LadderPage } from '../pages/ladder-page.ts';
import type { Locator } from '@playwright/test';

test.use({ deskArguments: ['--seed', '13', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

/** Frames over which a moving market is watched at least, and how often it must have moved for that to prove anything. */
const FRAMES = 300;
const MOVES = 11;

test('no row moves under the pointer while the market does', async ({ window }) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  await desk.unlock();
  await desk.arm();
  await desk.link('BTCUSDT');
  await ladder.centre();
  const prices = await ladder.prices();
  const under = prices[Math.floor(prices.length / 2)];
  if (under === undefined) throw new Error('the ladder has no rows');
  await ladder.cell('Buy', under).hover();
  const seen = await ladder.watchPointer(FRAMES, MOVES);
  expect(seen.prices, 'price of the row under the pointer, frame by frame').toEqual([under]);
  expect(seen.axes, 'prices of all rows, frame by frame').toBe(1);
  await shot(page, 'ladder-moving');
});

test('no row moves under the pointer when the desk says that prices are lost, and when they are back', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  let lost = false;
  let cut = (): Promise<void> => Promise.resolve();
  await page.routeWebSocket('**/socket/feed', (socket) => {
    if (lost) return void socket.close();
    socket.connectToServer();
    cut = () => socket.close();
  });
  await page.reload();
  await ladder.centre();
  const prices = await ladder.prices();
  const under = prices[Math.floor(prices.length / 2)];
  if (under === undefined) throw new Error('the ladder has no rows');
  const row = ladder.row(under);
  const room = page.locator('.steady-row');
  const elsewhere = (): Promise<void> => page.getByTestId('panel-watchlist').hover();
  const note = ladder.panel.getByRole('alert');

  await ladder.cell('Buy', under).hover();
  const place = await boxOf(row);
  lost = true;
  await cut();
  await expect(desk.banners).toContainText('Market data is not connected');
  await expect(note).toContainText('Stale prices');
  await shot(page, 'ladder-lost-1-under-pointer');
  expect(await boxOf(row)).toEqual(place);

  // With the pointer off the ladder the banner no longer hides the tabs.
  await elsewhere();
  const { height } = await boxOf(desk.banners);
  await expect(room).toHaveCSS('height', `${height}px`);
  const moved = await boxOf(row);
  expect(moved.y).toBe(place.y + height);
  await shot(page, 'ladder-lost-2-with-room');

  await ladder.cell('Buy', under).hover();
  lost = false;
  await expect(desk.banners).toBeEmpty();
  await expect(note).toHaveCount(0);
  expect(await boxOf(row)).toEqual(moved);
  await elsewhere();
  await expect(room).toHaveCSS('height', '0px');
  expect(await boxOf(row)).toEqual(place);
  await page.unrouteAll();
  await page.reload();
  await desk.unlock();
  await desk.arm();
});

test('the centre key, and nothing else, moves the axis to the market', async ({ window }) => {
  const { page } = window;
  const ladder = new LadderPage(page);
  const before = await ladder.prices();
  await page.mouse.move(5, 500);
  await ladder.panel.locator('.dom').hover();
  await page.mouse.wheel(0, -600);
  await expect.poll(() => ladder.prices()).not.toEqual(before);
  await page.keyboard.press('Control+3');
  await page.keyboard.press('c');
  await ladder.isCentred();
});

test('a market out of sight is told beside the sizes, not over them', async ({ window }) => {
  const { page } = window;
  const ladder = new LadderPage(page);
  for (const [where, wheel] of [
    ['below', -1000],
    ['above', 1000],
  ] as const) {
    const edge = ladder.panel.getByText(`Market ${where}`);
    await ladder.centre();
    await ladder.panel.locator('.dom').hover();
    await expect(async () => {
      await page.mouse.wheel(0, wheel);
      await expect(edge).toBeVisible({ timeout: 100 });
    }).toPass({ intervals: [0] });
    await shot(page, `ladder-out-of-sight-${where}`);
    expect(await misfits(page)).toEqual([]);
  }
  await ladder.centre();
});

test('a click places when the button comes up, and dragging off is no click; it is shown before the engine answers', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  const trade = await desk.pidOf('trade');
  await desk.go('orders');
  await desk.link('SOLUSDT');
  // An order some rows down is then far enough from the market to rest.
  await ladder.panel.locator('select').selectOption({ label: '10 ticks' });
  await ladder.centre();
  const { prices, bid = 0 } = await ladder.levels();
  const at = prices[prices.indexOf(bid) + 6];
  const other = prices[prices.indexOf(bid) + 9];
  if (at === undefined || other === undefined) throw new Error('the ladder shows too few bids');
  await ladder.cell('Buy', at).hover();
  await page.mouse.down();
  await ladder.cell('Buy', other).hover();
  await page.mouse.up();
  await ladder.cell('Buy', at).hover();
  await page.mouse.down();
  expect(await desk.orderIds(), 'no order while the button is down').toEqual([]);
  const tag = ladder.row(at).getByTestId('ladder-order-tag');
  process.kill(trade, 'SIGSTOP');
  try {
    await page.mouse.up();
    await expect(tag).toHaveAttribute('data-look', 'asked');
    await shot(page, 'ladder-asked');
  } finally {
    process.kill(trade, 'SIGCONT');
  }
  await expect(tag).toHaveAttribute('data-look', 'working');
  await expect(desk.orderRows()).toHaveCount(1);
  await shot(page, 'ladder-placed');
});

test('a click on an own order cancels it', async ({ window }) => {
  const { desk } = window;
  const [order = ''] = await desk.orderIds();
  await new LadderPage(window.page).tag(order).click();
  await expect(desk.order(order)).toContainText('Canceled');
});

test('a price through the market is said before the click', async ({ window }) => {
  const { page } = window;
  const ladder = new LadderPage(page);
  await ladder.centre();
  const tip = ladder.panel.getByRole('tooltip');
  const [top = 0] = await ladder.prices();
  await ladder.cell('Buy', top).hover();
  await expect(tip).toContainText('Crosses the market: trades at once');
  await shot(page, 'ladder-crossing-tip');
  const bottom = (await ladder.prices()).at(-2) ?? 0;
  await ladder.cell('Buy', bottom).hover();
  await expect(tip).toBeVisible();
  await expect(tip).not.toContainText('Crosses the market');
  expect(window.complaints).toEqual([]);
});

test('what traded at each price has a column that says since when, and a key that hides it', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  const head = page.getByTestId('volume-head');
  const traded = ladder.panel.locator('.lv .vol', { hasText: /\d/ }).first();
  // A ladder without room has no such column.
  await expect(head).toBeHidden();
  await page.setViewportSize({ width: 1920, height: 1000 });
  await expect(head).toHaveText(/^Vol \d\d:\d\d$/);
  await expect(head).toHaveAttribute('title', /^Traded at each price since \d\d:\d\d:\d\d UTC$/);
  await expect(traded).toBeVisible();
  await desk.go('ladder');
  await page.keyboard.press('v');
  await expect(traded).toBeHidden();
  await page.keyboard.press('v');
  await expect(traded).toBeVisible();
  expect(window.complaints).toEqual([]);
});

/** Where something is drawn. */
function boxOf(locator: Locator): Promise<{ y: number; height: number }> {
  return locator.evaluate((element) => {
    const { y, height } = element.getBoundingClientRect();
    return { y, height };
  });
}
