import type { RecordedMarket } from '../fixtures/recording.ts';
import { expect, type Window } from '../fixtures/test.ts';
import type { LadderPage } from './ladder-page.ts';
import type { Locator, Page } from '@playwright/test';

/** Ticks of a ladder row while it is compared. */
export const GROUP = 20;
/** Rows of the tape that are compared at least. */
const TAPE_ROWS = 20;
/** How far the tape is scrolled back, pixels. */
const SCROLLED = 300;

/** Where the replay is sought back to: 2024-08-08, UTC. */
export const SOUGHT = { typed: '23:55:30', micros: Date.UTC(2024, 7, 8, 23, 55, 30) * 1000 };

/** Seeks to a time with enough of the recording behind it, and waits until the window is there too. */
export async function goBack({ page, replay }: Window): Promise<void> {
  await tapeOf(page).evaluate((tape) => tape.setAttribute('data-before-seek', ''));
  const sheet = page.getByRole('group', { name: 'Replay controller' });
  await page.getByTestId('replay-controls').locator('.chip').first().press('Enter');
  await sheet.getByLabel('Go to').fill(SOUGHT.typed);
  await sheet.getByLabel('Go to').press('Enter');
  await expect.poll(() => replay()?.at ?? Infinity).toBeLessThan(SOUGHT.micros + 30_000_000);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(page.locator('.tape[data-before-seek]')).toHaveCount(0);
}

/** Plays from there until the tape, which begins anew, keeps more than it shows: a window that opened late missed what was before. */
export async function playTape(window: Window): Promise<void> {
  await goBack(window);
  await expect
    .poll(() =>
      tapeOf(window.page).evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight),
    )
    .toBeGreaterThan(SCROLLED);
}

/** Compares every row of the ladder with the book of the recording. */
export async function expectLadder(ladder: LadderPage, market: RecordedMarket): Promise<void> {
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

/** Compares the tape, as far as it is drawn, and the candle of the last minute with the trades of the recording. */
export async function expectTapeAndCandle(page: Page, market: RecordedMarket): Promise<void> {
  const rows = tapeOf(page).locator('.tk');
  const inSight = await rows.count();
  // Who scrolls back finds all that is kept, not only what was in sight.
  await rows.first().hover();
  await page.mouse.wheel(0, SCROLLED);
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
}

/** Pauses the replay and gives the recorded time it stands at, microseconds. */
export async function pausedAt({ page, replay }: Window): Promise<number> {
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => replay()?.speed).toBe(0);
  const first = replay();
  // The place is told once a second: the next telling proves that it stands.
  await expect.poll(() => replay() !== first).toBe(true);
  return replay()?.at ?? 0;
}

function tapeOf(page: Page): Locator {
  return page.getByTestId('panel-time-and-sales').locator('.tape');
}

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
