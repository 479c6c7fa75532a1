import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Window } from '../fixtures/test.ts';
import { LadderPage } from './ladder-page.ts';

const APPROVED = path.resolve(import.meta.dirname, '../approved');
const HIDDEN = path.join(APPROVED, 'hidden.css');
/** Letters are drawn otherwise by another browser: its pictures are not compared. */
export const BROWSER = readFileSync(path.join(APPROVED, 'browser.txt'), 'utf8').trim();

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

/** Waits until no notice is left. */
export async function quiet({ desk }: Window): Promise<void> {
  // On a slow machine they have left by themselves.
  await expect(async () => {
    const dismiss = desk.toasts.getByRole('button', { name: 'Dismiss' });
    for (const button of await dismiss.all()) await button.click({ timeout: 1000 });
    await expect(desk.toasts.getByRole('button')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
}
