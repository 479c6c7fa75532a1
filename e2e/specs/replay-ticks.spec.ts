import { marketAt, RECORDING } from '../fixtures/recording.ts';
import { expect, shot, test } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';
import {
  expectLadder,
  expectTapeAndCandle,
  GROUP,
  pausedAt,
  playTape,
} from '../pages/replayed-market.ts';

const FILES = RECORDING ?? [];

test.use({
  deskCommands: [['ticks', 'import', '--venue', 'binance', ...FILES]],
  deskArguments: ['--replay-ticks', 'BTCUSDT.BINANCE@replay', '--speed', '20'],
});
test.describe.configure({ mode: 'serial' });
test.skip(
  RECORDING === undefined,
  'needs the recorded markets in ../shared/data beside the checkout',
);

test('stored ticks are played as the messages were that they came from: ladder, tape, candle', async ({
  window,
}) => {
  const { page, desk } = window;
  await expect(desk.mode).toHaveText('REPLAY');
  const ladder = new LadderPage(page);
  await playTape(window);
  const market = marketAt(FILES, await pausedAt(window));
  await page.getByLabel('Ticks a row').selectOption(String(GROUP));
  await ladder.centre();
  await shot(page, 'replay-ticks-1-paused');
  await expectLadder(ladder, market);
  await expectTapeAndCandle(page, market);
});

test('an order trades against them', async ({ window }) => {
  const { page, desk } = window;
  await page.getByLabel('Replay speed').selectOption('10');
  await expect.poll(() => window.replay()?.speed).toBe(10);
  await desk.unlock();
  await desk.arm();
  const order = await desk.place('b 0.01 BTCUSDT mkt', /0\.01 BTCUSDT/);
  await expect(desk.order(order)).toContainText('Filled');
  await shot(page, 'replay-ticks-2-filled');
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
