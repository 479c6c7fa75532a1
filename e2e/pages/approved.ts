import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Window } from '../fixtures/test.ts';
import { LadderPage } from './ladder-page.ts';

const APPROVED = path.resolve(import.meta.dirname, '../approved');
const HIDDEN = path.join(APPROVED, 'hidden.css');
/** Browsers that were seen to draw the same letters, a version a line: pictures of another are not compared. */
const BROWSERS = readFileSync(path.join(APPROVED, 'browser.txt'), 'utf8').trim().split('\n');

/** Why pictures of a browser's version are not compared; undefined when they are. */
export function whyNotCompared(version: string): string | undefined {
  if (BROWSERS.includes(version)) return undefined;
  return `the pictures are of Chromium ${BROWSERS.join(' and ')}, this is ${version}`;
}

/** Compares the page with the approved picture of a name; what is another at each run is hidden. */
export async function expectPicture(page: Page, name: string): Promise<void> {
  await page.evaluate(
    (css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    },
    readFileSync(HIDDEN, 'utf8'),
  );
  await expect(page).toHaveScreenshot(`${name}.png`, { scale: 'device' });
}

/** Shows again what was hidden for a picture: what is hidden cannot be used. */
export async function showHidden(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
  });
}

/** Waits until the pictured market has told everything, and lets it go on. Before the first picture: what sets its pace is hidden then. */
export async function begin({ page, desk }: Window): Promise<void> {
  await page.getByLabel('Replay speed').selectOption('1');
  await desk.link('BTCUSDT');
  await expect(page.getByRole('log', { name: 'Trades' })).toContainText('64,106.41');
}

/** Orders, a fill and a position in the pictured market, always the same. */
export async function trade(window: Window): Promise<void> {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  await desk.place('b 0.05 BTCUSDT mkt', /0\.05 BTCUSDT/);
  await desk.place('b 0.2 BTCUSDT bid-0.02%', /0\.2 BTCUSDT/);
  await desk.place('s 0.04 BTCUSDT ask+0.02%', /0\.04 BTCUSDT/);
  await expect(desk.orderRows()).toHaveCount(3);
  await expect(desk.orders).toContainText('Filled');
  await new LadderPage(page).centre();
  await quiet(window);
}

/** A place of the title row where nothing shows that the pointer is over it. */
const NOWHERE = [300, 1] as const;

/** Waits until no notice is left; the pointer is over nothing then. */
export async function quiet({ page, desk }: Window): Promise<void> {
  // On a slow machine they have left by themselves.
  await expect(async () => {
    const dismiss = desk.toasts.getByRole('button', { name: 'Dismiss' });
    for (const button of await dismiss.all()) await button.click({ timeout: 1000 });
    await expect(desk.toasts.getByRole('button')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
  await page.mouse.move(...NOWHERE);
}

/** Sets a setting that is found by words to one of its choices; the orders are in front then. */
export async function setTo({ page, desk }: Window, words: string, choice: string): Promise<void> {
  await desk.go('settings');
  await page.getByLabel('Search settings').fill(words);
  await page.getByRole('radio', { name: choice, exact: true }).click();
  await page.getByLabel('Search settings').fill('');
  await desk.go('orders');
}
