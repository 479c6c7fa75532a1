import { marketAt, RECORDING } from '../fixtures/recording.ts';
import { expect, shot, test } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';
import {
  expectLadder,
  expectTapeAndCandle,
  goBack,
  GROUP,
  pausedAt,
  playTape,
  SOUGHT,
} from '../pages/replayed-market.ts';

const FILES = RECORDING ?? [];
const REPLAY = FILES.flatMap((file) => ['--replay', file]);

test.use({ deskArguments: [...REPLAY, '--speed', '20'] });
test.describe.configure({ mode: 'serial' });
test.skip(
  RECORDING === undefined,
  'needs the recorded markets in ../shared/data beside the checkout',
);

/** Frames over which a fast market is watched at least, and how often it must have moved for that to prove anything. */
const FRAMES = 240;
const MOVES = 50;

test('a replay is unmistakable', async ({ window }) => {
  const { page, desk } = window;
  await expect(page).toHaveTitle(/^\[REPLAY\]/);
  await expect(desk.mode).toHaveText('REPLAY');
  await expect(page.locator('html')).toHaveAttribute('data-environment', 'replay');
  await expect(page.getByTestId('tab-ladder')).toContainText('Replay');
  await expect(page.getByTestId('replay-controls')).toBeVisible();
  const first = await desk.last().textContent();
  await expect(desk.last()).not.toHaveText(first ?? '');
});

test('paused, ladder, tape and candle are what the recording says', async ({ window }) => {
  const { page } = window;
  const ladder = new LadderPage(page);
  await playTape(window);
  const at = await pausedAt(window);
  const market = marketAt(FILES, at);
  await page.getByLabel('Ticks a row').selectOption(String(GROUP));
  await ladder.centre();
  await shot(page, 'replay-1-paused');

  await expectLadder(ladder, market);
  await expectTapeAndCandle(page, market);
});

test('at more than 200 messages a second no row moves under the pointer', async ({ window }) => {
  const { page } = window;
  const ladder = new LadderPage(page);
  // Rows so high that the market stays among them for as long as is looked.
  await page.getByLabel('Ticks a row').selectOption('1000');
  await ladder.centre();
  await page.getByLabel('Replay speed').selectOption('10');
  const prices = await ladder.prices();
  const under = prices[Math.floor(prices.length / 2)];
  if (under === undefined) throw new Error('the ladder has no rows');
  await ladder.cell('Buy', under).hover();
  const seen = await ladder.watchPointer(FRAMES, MOVES);
  const perSecond = page.locator('.status span', { hasText: 'msg/s' }).locator('b');
  expect(Number((await perSecond.innerText()).replace(/\D/g, ''))).toBeGreaterThan(200);
  expect(seen.prices, 'price of the row under the pointer, frame by frame').toEqual([under]);
  expect(seen.axes, 'axes seen, frame by frame').toBe(1);
  await shot(page, 'replay-2-pointer');
});

test('a resting order waits its turn behind the recorded queue and fills', async ({ window }) => {
  const { page, desk } = window;
  await page.getByLabel('Replay speed').selectOption('1');
  await expect.poll(() => window.replay()?.speed).toBe(1);
  // On a slow machine what was watched before has taken all of the recording.
  await goBack(window);
  await desk.unlock();
  await desk.arm();
  await desk.watchStatuses();
  // On a starved machine the market may have come to its price before it was painted: then another one.
  let order = '';
  await expect(async () => {
    order = await desk.place('b 0.01 BTCUSDT bid-0.01%', /0\.01 BTCUSDT/);
    await expect.poll(() => desk.seenStatuses(order)).toMatch(/Working|Filled/);
    expect(await desk.seenStatuses(order)).toContain('Working');
  }).toPass();
  await shot(page, 'replay-3-resting');
  await page.getByLabel('Replay speed').selectOption('50');
  await expect(desk.order(order)).toContainText('Filled', { timeout: 30_000 });
  await desk.go('fills');
  await expect(desk.fills.locator('.ag-row').first()).toContainText(/maker/i);
  await shot(page, 'replay-4-filled');
});

test('sought back it is the market of then: book, candle, an empty tape, and no order that waited', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  await page.getByLabel('Ticks a row').selectOption(String(GROUP));
  const controls = page.getByTestId('replay-controls');
  const sheet = page.getByRole('group', { name: 'Replay controller' });
  const field = sheet.getByLabel('Go to');
  const open = () => controls.locator('.chip').first().press('Enter');
  await page.getByLabel('Replay speed').selectOption('1');
  await open();
  await field.fill('23:40:00');
  await expect(sheet.getByRole('alert')).toHaveText('Not in the span');
  await field.fill('23:57:00');
  await field.press('Enter');
  await expect(sheet.getByRole('status')).toContainText(/23:5[789]/);
  await page.keyboard.press('Escape');
  const order = await desk.place('b 0.01 BTCUSDT bid-2%', /0\.01 BTCUSDT/);
  await expect(desk.order(order)).toContainText('Working');
  await page.getByRole('button', { name: 'Pause' }).click();
  await open();
  await field.fill(SOUGHT.typed);
  await shot(page, 'replay-5-controller', 'replay-controller');
  await field.press('Enter');
  await expect.poll(() => window.replay()?.at).toBe(SOUGHT.micros);
  await expect(sheet.getByRole('status')).toContainText(SOUGHT.typed);
  await expect(desk.order(order)).toContainText('Expired');
  await page.keyboard.press('Escape');

  const market = marketAt(FILES, SOUGHT.micros - 1);
  await ladder.centre();
  await expectLadder(ladder, market);
  await expect(page.getByTestId('panel-time-and-sales').locator('.tape .tk')).toHaveCount(0);
  const close = market.trades.at(-1)?.price;
  const legend = page.getByTestId('panel-chart').locator('.legend b').nth(3);
  await expect
    .poll(async () => Number((await legend.innerText()).replaceAll(',', '')))
    .toBe(Number(close));
  await shot(page, 'replay-6-sought');

  await open();
  await sheet.getByRole('button', { name: 'Next event' }).press('Enter');
  await expect.poll(() => window.replay()?.at ?? 0).toBeGreaterThan(SOUGHT.micros);
  const slider = sheet.getByRole('slider', { name: 'Place in the replay' });
  await slider.press('End');
  await expect.poll(() => window.replay()?.at ?? 0).toBeGreaterThan(SOUGHT.micros + 60_000_000);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
