import { test } from '../fixtures/exchange-test.ts';
import { expect, isDrawn, shot } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

test.use({ seed: 11 });
test.describe.configure({ mode: 'serial' });

const SYMBOL = 'SOLUSDT';

/** The box of our first order: at its price, or at the edge when that is beyond what the chart shows. */
const ON_CHART = /^(↓ )?Buy 3\b/;

/** Our first order, at rest until it is cancelled. */
let resting = '';

test('the desk opens on a live sandbox that cannot be taken for real money', async ({ window }) => {
  const { page, desk } = window;
  await expect(page).toHaveTitle(/^\[SANDBOX\]/);
  await expect(desk.mode).toHaveText('SANDBOX');
  await expect(page.locator('html')).toHaveAttribute('data-mode', 'sim');
  for (const panel of ['ladder', 'ticket', 'orders']) {
    await expect(page.getByTestId(`tab-${panel}`)).toContainText('Sandbox');
  }
  await desk.link(SYMBOL);
  const first = await desk.last().textContent();
  await expect(desk.last()).not.toHaveText(first ?? '', { timeout: 20_000 });
  await shot(page, 'journey-1-open');
});

test('unlocking and arming are two acts by key', async ({ window }) => {
  const { page, desk } = window;
  await expect(desk.arming).toHaveAttribute('data-arming', 'Locked');
  await desk.unlock();
  await expect(desk.arming).toHaveAttribute('data-arming', 'Disarmed');
  await desk.arm();
  await shot(page, 'journey-2-armed');
});

test('a limit order works in the orders list, on the ladder and on the chart', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  // Rows so high that an order far from the market stands among them: it must not fill before it is moved.
  await page.getByLabel('Ticks a row').selectOption('5');
  await ladder.centre();
  await desk.type(`b 3 ${SYMBOL} bid-60`, /Buy.*3 SOLUSDT/i);
  await expect(desk.preview).toContainText('Risk passes');
  await shot(page, 'journey-3-preview');
  await desk.leave();
  await ladder.centre();
  resting = await desk.place(`b 3 ${SYMBOL} bid-60`, /3 SOLUSDT/);
  await expect(desk.order(resting)).toContainText('Working');
  await expect(page.getByTestId('tab-orders')).toHaveAccessibleName(/^Orders.* 1 working$/);
  await expect(ladder.tag(resting)).toHaveAttribute('data-look', 'working');
  await expect.poll(() => isDrawn(page, ON_CHART)).toBe(true);
  await shot(page, 'journey-4-working', 'desk');
});

test('a drag on the ladder replaces it, old and new shown until the venue answers', async ({
  window,
  exchange,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  // Where it was placed it is in sight: the rows stand still.
  const from = await ladder.priceOf(resting);
  const prices = await ladder.prices();
  // Away from the market, or it may fill before it is cancelled.
  const to = prices[Math.min(prices.indexOf(from) + 3, prices.length - 2)];
  if (to === undefined || to >= from) throw new Error('the order stands too low to be moved down');
  await ladder.watchTags();
  // What is answered within one picture is never seen unanswered.
  await exchange.fault({ kind: 'delay', on: 'api', ms: 400, times: 0 });
  await ladder.tag(resting).hover();
  await page.mouse.down();
  await ladder.cell('Buy', to).hover();
  await expect(ladder.row(to)).toHaveClass(/drop/);
  await shot(page, 'journey-5-dragging');
  await page.mouse.up();
  const moved = ladder.row(to).getByTestId('ladder-order-tag');
  await expect(moved).toHaveAttribute('data-look', 'working');
  await expect(ladder.row(from).getByTestId('ladder-order-tag')).toHaveCount(0);
  await exchange.clear();
  const both = (await ladder.seenTags()).some(
    (tags) =>
      tags.some((tag) => tag.price === from && tag.look === 'gone') &&
      tags.some((tag) => tag.price === to && tag.look === 'pending'),
  );
  expect(both, 'old and new place seen at one time').toBe(true);
  resting = (await moved.getAttribute('data-order')) ?? '';
  await expect(desk.order(resting)).toContainText('Working');
  await shot(page, 'journey-6-replaced');
});

test('a line cancels it', async ({ window }) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  await desk.send(`cancel ${resting}`, /Cancel order/);
  await expect(desk.order(resting)).toContainText('Canceled');
  await expect(ladder.tag(resting)).toHaveCount(0);
  await expect.poll(() => isDrawn(page, ON_CHART)).toBe(false);
  await shot(page, 'journey-7-cancelled');
});

test('a market order fills and shows as a position with its average', async ({ window }) => {
  const { page, desk } = window;
  const order = await desk.place(`b 5 ${SYMBOL} mkt`, /5 SOLUSDT/);
  await expect(desk.order(order)).toContainText('Filled');
  await desk.go('fills');
  await expect(desk.fills.locator('.ag-row').first()).toContainText(SYMBOL);
  // Bought at once: half the spread and what the book gave way.
  const slippage = desk.fills.locator('.ag-row [col-id="slippage"]').first();
  await expect(slippage).toHaveText(/^[+\u2212]\d+\.\d\d$/);
  await shot(page, 'journey-8-fills');
  await expect(page.getByTestId('tab-fills')).toHaveAccessibleName(/^Fills.* \d+ since 00:00 UTC$/);
  await desk.go('positions');
  await expect(page.getByTestId('tab-positions')).toHaveAccessibleName(/^Positions.* 1 open$/);
  const position = desk.positions.locator('.ag-row', { hasText: SYMBOL });
  // The venue keeps its tenth of a percent in what was bought.
  await expect(position).toContainText('+4.995');
  await expect(position).toContainText(/\d+\.\d{2,}/);
  await shot(page, 'journey-9-position');
  await desk.go('orders');
});

test('an order that fills in part on the way to its cancel keeps what filled', async ({
  window,
  exchange,
}) => {
  const { page, desk } = window;
  await desk.link('BTCUSDT');
  await new LadderPage(page).centre();
  const order = await desk.place('b 0.35 BTCUSDT bid-0.5%', /BTCUSDT/);
  const row = desk.order(order);
  await expect(row).toContainText('Working');
  // Somebody takes two fifths of it before the exchange reads the cancel.
  await exchange.fault({ kind: 'cancel-race', part: 0.4 });
  await desk.send(`cancel ${order}`, /Cancel order/);
  await expect(row).toContainText('Canceled');
  await exchange.clear();
  const cell = await row.locator('[col-id="filled"]').innerText();
  expect(cell.split('/').map(Number)).toEqual([0.14, 0.35]);
  await shot(page, 'journey-10-part-filled');
});

test('a position is flattened from its row, by mouse and by key', async ({ window }) => {
  const { page, desk } = window;
  await desk.go('positions');
  const rows = desk.positions.locator('.ag-row');
  await desk.positions.getByRole('button', { name: `Flatten ${SYMBOL}` }).click();
  await expect(rows.filter({ hasText: SYMBOL })).toContainText('flat');
  const other = rows.filter({ hasText: 'BTCUSDT' });
  await expect(other).not.toContainText('flat');
  await shot(page, 'journey-10-row');
  await other.locator('[col-id="instrument"]').click();
  await page.keyboard.press('Shift+Delete');
  await expect(other).toContainText('flat');
  await expect(desk.positions.getByRole('button', { name: /^Flatten / })).toHaveCount(0);
  // Nothing was realised before this session, and it began today; a market that stood still gave nothing.
  const row = rows.filter({ hasText: SYMBOL });
  const realised = await row.locator('[col-id="realised"]').innerText();
  expect(realised).toMatch(/^(?:[+\u2212]\d|0)/);
  await expect(row.locator('[col-id="today"]')).toHaveText(realised);
  await desk.go('orders');
  await desk.place(`b 5 ${SYMBOL} mkt`, /5 SOLUSDT/);
});

test('flatten cancels, closes and proves it', async ({ window }) => {
  const { page, desk } = window;
  await desk.send('flatten', /Flatten every instrument/);
  const receipt = page.getByTestId('receipt-toast');
  await expect(receipt).toContainText('Proved flat.');
  await shot(page, 'journey-11-flat');
  await desk.go('positions');
  for (const symbol of ['BTCUSDT', SYMBOL]) {
    await expect(desk.positions.locator('.ag-row', { hasText: symbol })).toContainText('flat');
  }
  await desk.go('orders');
  await desk.link(SYMBOL);
  await expect(page.getByTestId('panel-ladder')).toContainText('No position');
});

test('the kill switch asks, halts, and gives its receipt', async ({ window }) => {
  const { page, desk } = window;
  const order = await desk.place(`b 2 ${SYMBOL} bid-60`, /2 SOLUSDT/);
  await expect(desk.order(order)).toContainText('Working');
  await page.keyboard.press('Control+Shift+K');
  await expect(page.getByTestId('kill-confirm')).toBeEnabled();
  await shot(page, 'journey-12-kill');
  await page.getByTestId('kill-drill').click();
  const receipt = page.getByTestId('receipt');
  await expect(receipt.getByRole('heading')).toHaveText('Drill: the venue answered.');
  await expect(desk.order(order)).toContainText('Working');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await shot(page, 'journey-12-drill');
  await receipt.getByRole('button', { name: 'Back to the switch' }).click();
  await expect(page.getByTestId('kill-history')).toContainText('Drill');
  await page.getByTestId('kill-confirm').focus();
  await page.keyboard.press('Enter');
  // "Not proved flat yet" stands there until every step is.
  await expect(receipt.getByRole('heading')).toHaveText('Proved flat.', { timeout: 30_000 });
  await expect(receipt).toContainText('HALTED');
  await shot(page, 'journey-13-receipt', 'receipt');
  await expect(receipt).toContainText('by key');
  await desk.leave();
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Halted');
  await expect(desk.order(order)).toContainText('Canceled');
});

test('the console stayed silent and the policy was never violated', ({ window }) => {
  expect(window.complaints).toEqual([]);
});

test('the session runs again to the same state', async ({ deskProcess, window }) => {
  await window.page.close();
  expect(await deskProcess.stop(), deskProcess.stderr).toBe(0);
  const replay = await deskProcess.run('journal', 'replay', '--json');
  expect(replay.stderr).toBe('');
  const { sessions } = JSON.parse(replay.stdout) as {
    sessions: { agrees: boolean; chain: string; truncatedTail: number; stateHash?: string }[];
  };
  expect(sessions).toEqual([
    expect.objectContaining({ agrees: true, chain: 'intact', truncatedTail: 0 }),
  ]);
  expect(sessions[0]?.stateHash).toMatch(/^[0-9a-f]{64}$/);
  expect(replay.status).toBe(0);
});
