import { marketAt, RECORDING, type RecordedMarket } from '../fixtures/recording.ts';
import { expect, shot, test, type Window } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

const FILES = RECORDING ?? [];
const REPLAY = FILES.flatMap((file) => ['--replay', file]);

test.use({ deskArguments: [...REPLAY, '--speed', '20'] });
test.describe.configure({ mode: 'serial' });
test.skip(
  RECORDING === undefined,
  'needs the recorded markets in ../shared/data beside the checkout',
);

/** Rows of the tape that are compared at least. */
const TAPE_ROWS = 20;
/** Frames over which a fast market is watched at least, and how often it must have moved for that to prove anything. */
const FRAMES = 240;
const MOVES = 50;
/** Ticks of a ladder row while it is compared. */
const GROUP = 20;

/** Where the replay is sought back to: 2024-08-08, UTC. */
const SOUGHT = { typed: '23:55:30', micros: Date.UTC(2024, 7, 8, 23, 55, 30) * 1000 };

/** Compares every row of the ladder with the book of the recording. */
async function expectLadder(ladder: LadderPage, market: RecordedMarket): Promise<void> {
  const bids = grouped(market.bids, Math.floor);
  const asks = grouped(market.asks, Math.ceil);
  const shown = await ladder.book();
  expect(shown.find(({ marks }) => marks.includes('bb'))?.cents).toBe(Math.max(...bids.keys()));
  expect(shown.find(({ marks }) => marks.includes('ba'))?.cents).toBe(Math.min(...asks.keys()));
  for (const { cents, bid, ask } of shown) {
    expectSize(bid, bids.get(cents), `bid at ${cents}`);
    expectSize(ask, asks.get(cents), `ask at ${cents}`);
  }
  expect(shown.filter((row) => row.bid !== '' || row.ask !== '').length).toBeGreaterThan(10);
}

/** Pauses the replay and gives the recorded time it stands at, microseconds. */
async function pausedAt({ page, replay }: Window): Promise<number> {
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => replay()?.speed).toBe(0);
  const first = replay();
  // The place is told once a second: the next telling proves that it stands.
  await expect.poll(() => replay() !== first).toBe(true);
  return replay()?.at ?? 0;
}

/** Seeks to a time with enough of the recording behind it. */
async function goBack({ page, replay }: Window): Promise<void> {
  const sheet = page.getByRole('group', { name: 'Replay controller' });
  await page.getByTestId('replay-controls').locator('.chip').first().press('Enter');
  await sheet.getByLabel('Go to').fill(SOUGHT.typed);
  await sheet.getByLabel('Go to').press('Enter');
  await expect.poll(() => replay()?.at ?? Infinity).toBeLessThan(SOUGHT.micros + 30_000_000);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
}

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
  await expect.poll(() => window.replay()?.at ?? 0).toBeGreaterThan(1_723_161_270_000_000);
  const at = await pausedAt(window);
  const market = marketAt(FILES, at);
  await page.getByLabel('Ticks a row').selectOption(String(GROUP));
  await ladder.centre();
  await shot(page, 'replay-1-paused');

  await expectLadder(ladder, market);

  const rows = page.getByTestId('panel-time-and-sales').locator('.tape .tk');
  const inSight = await rows.count();
  // Who scrolls back finds all that is kept, not only what was in sight.
  await rows.first().hover();
  await page.mouse.wheel(0, 300);
  await expect.poll(() => rows.count()).toBeGreaterThan(inSight);
  const drawn = await rows.evaluateAll((elements) =>
    elements.map((row) => ['.p', '.s'].map((part) => row.querySelector(part)?.textContent ?? '')),
  );
  // Trades that were too many for one picture are counted in a row of their own.
  const counted = drawn.findIndex(([price = '']) => price.endsWith('more'));
  const tape = counted === -1 ? drawn : drawn.slice(0, counted);
  expect(tape.length).toBeGreaterThanOrEqual(TAPE_ROWS);
  const newest = market.trades.slice(-tape.length).toReversed();
  expect(tape.map(([price = '']) => Number(price.replaceAll(',', '')))).toEqual(
    newest.map(({ price }) => Number(price)),
  );
  for (const [index, { size }] of newest.entries()) {
    expectSize(tape[index]?.[1] ?? '', Number(size), `tape row ${index}`);
  }

  const last = market.trades.at(-1);
  const minute = market.trades.filter(
    (trade) => Math.floor(trade.at / 60_000) === Math.floor((last?.at ?? 0) / 60_000),
  );
  const prices = minute.map(({ price }) => Number(price));
  const legend = await page.getByTestId('panel-chart').locator('.legend b').allInnerTexts();
  expect(legend.slice(0, 4).map((text) => Number(text.replaceAll(',', '')))).toEqual([
    prices[0],
    Math.max(...prices),
    Math.min(...prices),
    prices.at(-1),
  ]);
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

/** Sizes by row of `GROUP` ticks (cents), each summed. */
function grouped(
  levels: ReadonlyMap<string, string>,
  round: (units: number) => number,
): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const [price, size] of levels) {
    const row = round(Math.round(Number(price) * 100) / GROUP) * GROUP;
    rows.set(row, (rows.get(row) ?? 0) + Number(size));
  }
  return rows;
}

/** A size as ladder or tape prints it, rounded to its column, against the recorded one. */
function expectSize(text: string, recorded: number | undefined, what: string): void {
  if (text === '' || recorded === undefined) {
    expect([text, recorded], what).toEqual(['', undefined]);
    return;
  }
  const small = text.startsWith('<');
  const figure = text.replace('<', '').replaceAll(',', '');
  const decimals = figure.split('.')[1]?.length ?? 0;
  const unit = 10 ** -decimals;
  if (small) expect(recorded, what).toBeLessThan(unit);
  else expect(Math.abs(Number(figure) - recorded), what).toBeLessThan(unit * 0.51);
}
