import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { expect, isDrawn, placeOf, shot, test } from '../fixtures/test.ts';
import type { DeskPage } from '../pages/desk-page.ts';

test.use({ deskArguments: ['--seed', '23', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

function chartOf(desk: DeskPage): Locator {
  return desk.page.getByTestId('panel-chart');
}

/** Brings the keyboard into the chart. */
async function enter(desk: DeskPage): Promise<void> {
  await desk.page.keyboard.press('Control+2');
  await expect(chartOf(desk).locator('.panel.chart')).toBeFocused();
}

/** A place in the pane of prices, as parts of the chart's width and height. */
async function placeIn(
  desk: DeskPage,
  across: number,
  down: number,
): Promise<{ x: number; y: number }> {
  const box = await chartOf(desk).locator('.canvas').boundingBox();
  if (box === null) throw new Error('no chart');
  return { x: box.x + box.width * across, y: box.y + box.height * down };
}

/** Draws with the tool of a key from one place to another. */
async function draw(
  desk: DeskPage,
  key: string,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const { page } = desk;
  await enter(desk);
  await page.keyboard.press(key);
  await expect(chartOf(desk).locator('.canvas.drawing')).toBeVisible();
  const [begin, end] = [await placeIn(desk, ...from), await placeIn(desk, ...to)];
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
  await expect(chartOf(desk).locator('.canvas.drawing')).toHaveCount(0);
}

/** Presses the box of own orders and moves it up, where the pane has room; the box may move with others between the look and the press. */
async function hold(desk: DeskPage, words: string, pixels: number): Promise<void> {
  const { page } = desk;
  await expect.poll(() => isDrawn(page, words)).toBe(true);
  await expect(async () => {
    await page.mouse.up();
    const box = await placeOf(page, words);
    await page.mouse.move(box.x + 8, box.y);
    await page.mouse.down();
    await page.mouse.move(box.x + 8, box.y - pixels, { steps: 4 });
    await expect.poll(() => isDrawn(page, /^Move to /), { timeout: 1000 }).toBe(true);
  }).toPass();
}

/** Pulls the axis of prices until the chart shows enough of them for the box of own orders; the scale stays so then. */
async function squeezePrices(desk: DeskPage, words: string): Promise<void> {
  const { page } = desk;
  await expect(async () => {
    const axis = await chartOf(desk).locator('.canvas').boundingBox();
    if (axis === null) throw new Error('the chart has no place');
    const x = axis.x + axis.width - 20;
    await page.mouse.move(x, axis.y + 60);
    await page.mouse.down();
    await page.mouse.move(x, axis.y + 260, { steps: 10 });
    await page.mouse.up();
    await expect.poll(() => isDrawn(page, words), { timeout: 1000 }).toBe(true);
  }).toPass();
}

async function drawings(desk: DeskPage): Promise<string> {
  const menu = chartOf(desk).getByRole('group', { name: 'Drawings' });
  await chartOf(desk).locator('.tools button', { hasText: 'Draw' }).click();
  const words = await menu.locator('h4').innerText();
  await desk.page.keyboard.press('Escape');
  return words;
}

test('studies are found, set and dropped by keyboard, said at the crosshair, and kept', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.link('SOLUSDT');
  const chart = chartOf(desk);
  const legend = chart.locator('.legend');
  await expect(legend).toContainText('O ');
  // A new chart begins with the price of the day.
  await expect(legend).toContainText(/VWAP ±1σ [\d,.]+ [\d,.]+ [\d,.]+/);
  await enter(desk);
  await page.keyboard.press('i');
  await expect(chart.getByRole('group', { name: 'Studies', exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  for (const study of ['bollinger', 'rsi', 'macd']) {
    await page.keyboard.type(study);
    await page.keyboard.press('Enter');
  }
  await expect(legend).toContainText(/BB 20 2 [\d,.]+ [\d,.]+ [\d,.]+/);
  await expect(legend).toContainText(/RSI 14 \d+\.\d\d/);
  await expect(legend).toContainText(/MACD 12 26 9 \S+ \S+ \S+/);
  const length = chart.getByRole('textbox', { name: 'RSI Length' });
  await length.fill('0');
  await length.press('Enter');
  await expect(chart.getByRole('alert')).toContainText('from 1 to 500, was 0');
  await length.fill('7');
  await length.press('Enter');
  await expect(legend).toContainText(/RSI 7 \d+\.\d\d/);
  await shot(page, 'chart-1-menu');
  await page.keyboard.press('Escape');
  await enter(desk);
  for (let step = 0; step < 40; step += 1) await page.keyboard.press('ArrowLeft');
  await expect.poll(() => isDrawn(page, /^\d{4}-\d\d-\d\d \d\d:\d\d$/)).toBe(true);
  await shot(page, 'chart-2-studies');
  await page.reload();
  await expect(legend).toContainText(/RSI 7 \d+\.\d\d/);
});

test('types, scales, comparison and sessions are drawn, and a picture is saved', async ({
  window,
}) => {
  const { page, desk } = window;
  const chart = chartOf(desk);
  for (const type of ['heikin-ashi', 'bars', 'line', 'area'] as const) {
    await chart.getByRole('combobox', { name: 'Chart type' }).selectOption(type);
    await shot(page, `chart-3-${type}`);
  }
  await chart.getByRole('combobox', { name: 'Chart type' }).selectOption('candles');
  await chart.getByRole('button', { name: 'View' }).click();
  await chart.getByRole('radio', { name: 'Percent' }).click();
  await chart.getByRole('combobox', { name: 'Compare with' }).selectOption({ label: 'BTCUSDT' });
  await chart.getByText('Shade every other day').click();
  await expect(chart.locator('.legend')).toContainText(/BTCUSDT [+\u2212]?\d+\.\d\d %/);
  await page.keyboard.press('Escape');
  await enter(desk);
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('-');
  // Round percents, and the axis of prices keeps its words.
  await expect.poll(() => isDrawn(page, /^[+\u2212]\d+\.\d[05] %$/)).toBe(true);
  await shot(page, 'chart-4-percent');
  const saved = page.waitForEvent('download');
  await page.keyboard.press('p');
  const download = await saved;
  expect(download.suggestedFilename()).toMatch(/^quarterdeck-SOLUSDT-1m-.*\.png$/);
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  await download.saveAs('build/e2e/chart-5-picture.png');
  await chart.getByRole('button', { name: 'View' }).click();
  await chart.getByRole('radio', { name: 'Linear' }).click();
  await chart.getByRole('combobox', { name: 'Compare with' }).selectOption('none');
  await page.keyboard.press('Escape');
});

test('far out the bars are joined, close up they are the chart’s own again', async ({ window }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1440, height: 900 });
  const legend = chartOf(desk).locator('.legend');
  await enter(desk);
  await expect(legend).toContainText('RSI 7');
  await expect(async () => {
    for (let step = 0; step < 7; step += 1) await page.keyboard.press('-');
    await expect(legend).toContainText(/joined to \d+[mh]/, { timeout: 1000 });
  }).toPass();
  await expect(legend).not.toContainText('RSI 7');
  await shot(page, 'chart-9-joined');
  // Bars come in between, and a step counts from what is in sight.
  await expect(async () => {
    for (let step = 0; step < 10; step += 1) await page.keyboard.press('=');
    await expect(legend).toContainText('RSI 7', { timeout: 1000 });
  }).toPass();
  await expect(legend).not.toContainText('joined');
  await shot(page, 'chart-10-narrow');
  await page.setViewportSize({ width: 1920, height: 1080 });
});

test('lines, rectangles, retracements, measures and texts are drawn, deleted by key, and kept', async ({
  window,
}) => {
  const { page, desk } = window;
  await draw(desk, 't', [0.2, 0.3], [0.4, 0.2]);
  await draw(desk, 'r', [0.45, 0.15], [0.55, 0.3]);
  await draw(desk, 'f', [0.1, 0.4], [0.3, 0.15]);
  await draw(desk, 'm', [0.6, 0.2], [0.7, 0.35]);
  await draw(desk, 'h', [0.5, 0.12], [0.5, 0.12]);
  await draw(desk, 'x', [0.35, 0.4], [0.35, 0.4]);
  await page.keyboard.type('breakout');
  await page.keyboard.press('Enter');
  await expect.poll(() => isDrawn(page, 'breakout')).toBe(true);
  await expect.poll(() => drawings(desk)).toBe('6 drawings of this instrument');
  await shot(page, 'chart-6-drawings', 'chart');
  await enter(desk);
  await page.keyboard.press('d');
  await page.keyboard.press('Delete');
  await expect.poll(() => drawings(desk)).toBe('5 drawings of this instrument');
  await desk.link('ETHUSDT');
  await expect.poll(() => drawings(desk)).toBe('0 drawings of this instrument');
  await desk.link('SOLUSDT');
  await page.reload();
  await expect.poll(() => isDrawn(page, 'breakout')).toBe(true);
  await expect.poll(() => drawings(desk)).toBe('5 drawings of this instrument');
});

test('a drawing is placed and moved by keyboard, told of, and left alone by keys of other panels', async ({
  window,
}) => {
  const { page, desk } = window;
  const said = page.getByTestId('chart-said');
  await expect(chartOf(desk).locator('.legend')).toContainText('O ');
  await enter(desk);
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('t');
  await expect(said).toHaveText(/^Trend line, point 1 of 2: arrows move it/);
  await press('Shift+ArrowLeft', 'ArrowUp', 'Enter', 'ArrowRight', 'ArrowRight', 'ArrowRight');
  await press('Shift+ArrowDown', 'ArrowUp');
  await shot(page, 'chart-11-pen');
  await press('Enter');
  await expect(said).toHaveText(/^Trend line set/);
  const points = [...((await said.textContent()) ?? '').matchAll(/([\d-]+ [\d:]+) at ([\d.,]+)/g)];
  const [first, second] = points.map(([, time = '', price = '']) => ({
    minute: Date.parse(`${time.replace(' ', 'T')}Z`) / 60_000,
    ticks: Math.round(Number(price.replaceAll(',', '')) * 100),
  }));
  if (first === undefined || second === undefined) throw new Error('no two points');
  expect([second.minute - first.minute, second.ticks - first.ticks]).toEqual([3, -9]);
  await expect.poll(() => drawings(desk)).toBe('6 drawings of this instrument');
  await enter(desk);
  await press('h');
  await expect(said).toHaveText(/^Horizontal line/);
  await desk.go('orders');
  await press('ArrowUp', 'Enter');
  await enter(desk);
  await expect(said).toHaveText(/^Horizontal line, point 1 of 1/);
  await press('ArrowUp', 'Escape');
  await expect(said).toHaveText('Nothing drawn');
  await press('x', 'ArrowDown', 'Enter');
  await page.keyboard.type('by key');
  await press('Enter');
  await expect.poll(() => isDrawn(page, 'by key')).toBe(true);
  await expect(chartOf(desk).locator('.panel.chart')).toBeFocused();
  await press('d');
  await expect(said).toHaveText(/, 1 of 7 drawings, .*Enter moves it/);
  await press('Enter', 'Shift+ArrowUp', 'Enter', 'Escape');
  await expect(said).toHaveText(/^Left as it was$/);
  for (const left of [6, 5]) {
    await press('d', 'Delete');
    await expect(said).toHaveText(new RegExp(` deleted, ${left} left$`));
  }
  await press('End');
  await expect.poll(() => drawings(desk)).toBe('5 drawings of this instrument');
});

test('an own order is moved by its box, once, at the old and the new price until it is answered', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  await desk.go('orders');
  // An order below all that is shown stands at the edge; a scale that shows less of each price shows it.
  const placed = await desk.place('b 3 SOLUSDT bid-6%', /3 SOLUSDT/);
  await expect.poll(() => isDrawn(page, /^↓ Buy 3 at \d+\.\d\d$/)).toBe(true);
  await shot(page, 'chart-6-beyond');
  await squeezePrices(desk, 'Buy 3');
  const price = desk.order(placed).locator('[col-id="price"]');
  const before = Number((await price.innerText()).replaceAll(',', ''));
  await hold(desk, 'Buy 3', 30);
  await shot(page, 'chart-7-drag');
  await page.mouse.up();
  await expect(desk.order(placed)).toContainText('Canceled');
  const moved = desk.orders.locator('.ag-row').filter({ hasText: 'Working' });
  await expect(moved).toHaveCount(1);
  const after = Number((await moved.locator('[col-id="price"]').innerText()).replaceAll(',', ''));
  expect(after).toBeGreaterThan(before);
  // Escape lets go of an order that is held.
  await hold(desk, 'Buy 3', 40);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await shot(page, 'chart-8-moved');
  await desk.send('cancel all', /cancel/i);
  await expect(moved).toHaveCount(0);
  await expect(desk.orderRows()).toHaveCount(2);
  expect(window.complaints).toEqual([]);
});
