import type { RunOptions } from 'axe-core';
import type { Locator, Page } from '@playwright/test';
import { expect, shot, test } from '../fixtures/test.ts';
import { AXE, seriousFindings } from '../pages/axe-check.ts';
import { misfits } from '../pages/fit-check.ts';
import { walkDesk } from '../pages/keyboard-walk.ts';
import { leaveStarter, showOn, showStarter, type Screen, type Starter } from '../pages/screens.ts';

test.use({ deskArguments: ['--seed', '21', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

const ALL_RULES: RunOptions = {};
/** What a theme can change. */
const COLOURS: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } };
/** Beside those that are always in sight: watchlist, chart, ladder, tape and ticket. */
const PANELS = [
  'settings',
  'health',
  'order-truth',
  'log',
  'balances',
  'accounts',
  'data',
  'consolidated-book',
  'fills',
  'positions',
  'orders',
] as const;
/** Those whose colours are read in the other themes; the long run reads all. */
const COLOURED =
  process.env['QD_LONG'] === '1' ? PANELS : (['settings', 'health', 'orders'] as const);

/** How far the ring of the keyboard stands out from what it may lie on: 3 is enough. */
function ringContrast(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { axe } = globalThis as unknown as {
      axe: { commons: { color: { Color: new () => Colour; getContrast: Contrast } } };
    };
    interface Colour {
      parseString: (text: string) => void;
    }
    type Contrast = (one: Colour, other: Colour) => number;
    const { Color, getContrast } = axe.commons.color;
    const [ring, ...grounds] = ['--focus', '--ground', '--panel', '--raised', '--field'].map(
      (token) => {
        const colour = new Color();
        colour.parseString(getComputedStyle(document.body).getPropertyValue(token));
        return colour;
      },
    );
    if (ring === undefined) return 0;
    return Math.min(...grounds.map((ground) => getContrast(ring, ground)));
  });
}

test('Tab goes through the desk as it is read, round, and every stop shows', async ({ window }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.evaluate(AXE);
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  await expect(page.getByTestId('ticket-send')).toBeEnabled();
  // On a busy machine a banner may come while it is walked, and move what is below.
  await expect(async () => {
    const { places, wrong, splitters } = await walkDesk(page);
    expect(wrong).toEqual([]);
    expect(splitters).toBe(5);
    expect(places).toEqual([
      'title',
      'watchlist',
      'ticket',
      'chart',
      'orders',
      'ladder',
      'time-and-sales',
      'status',
    ]);
  }).toPass();
  expect(await ringContrast(page)).toBeGreaterThan(3);
});

test('tabs are chosen, entered and left by key; the keys of a panel wait until it is entered', async ({
  window,
}) => {
  const { page, desk } = window;
  const tab = (panel: string): Locator => page.getByTestId(`tab-${panel}`);
  await tab('orders').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab('fills')).toBeFocused();
  await page.keyboard.press('End');
  await expect(tab('log')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tab('orders')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(tab('orders')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(tab('log')).toHaveAttribute('aria-selected', 'true');
  await expect(tab('orders')).toHaveAttribute('aria-selected', 'false');
  await expect(page.getByTestId('panel-log').locator(':focus')).toHaveCount(1);
  await tab('log').focus();
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu', { name: 'Menu of Log' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tab('log')).toBeFocused();
  const watchlist = page.getByTestId('panel-watchlist');
  for (const covered of [true, false]) {
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
    for (const key of ['End', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
    await expect(watchlist).toBeVisible({ visible: !covered });
    await expect(tab('log')).toBeFocused();
  }
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
  for (const key of ['End', 'Enter']) await page.keyboard.press(key);
  await expect(tab('log')).toHaveCount(0);
  await expect(page.locator('[role="tab"][aria-selected="true"]:focus')).toHaveCount(1);
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await expect(desk.orders).toBeVisible();
  const sizes = page.getByTestId('panel-ladder').locator('.bar .chip');
  await expect(sizes.nth(2)).toHaveClass(/\bon\b/);
  await tab('ladder').focus();
  await page.keyboard.press('Shift+B');
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Ladder SOLUSDT')).toBeFocused();
  await expect(sizes.nth(2)).toHaveClass(/\bon\b/);
  await page.keyboard.press('2');
  await expect(sizes.nth(1)).toHaveClass(/\bon\b/);
  expect(await desk.orderIds()).toEqual([]);
});

test('no panel has a serious finding of axe', async ({ window }) => {
  const { page, desk } = window;
  await desk.place('b 3 SOLUSDT mkt', /3 SOLUSDT/);
  await desk.place('b 3 SOLUSDT bid-0.3%', /3 SOLUSDT/);
  expect(await seriousFindings(page, ALL_RULES)).toEqual([]);
  for (const panel of PANELS) {
    await desk.go(panel);
    const found = await seriousFindings(page, ALL_RULES, `[data-testid="panel-${panel}"]`);
    expect.soft(found, panel).toEqual([]);
  }
});

test('no dialog and no menu has one', async ({ window }) => {
  const { page } = window;
  const opened = {
    F1: page.getByRole('dialog', { name: 'Help' }).getByRole('heading', { name: 'Orders' }),
    '?': page.getByRole('dialog', { name: 'Keys' }),
    'Control+Shift+K': page.getByTestId('kill-confirm'),
    F10: page.getByTestId('workspace-menu'),
    'Control+F10': page.getByTestId('account-menu'),
    'Control+K': page.getByTestId('line-options'),
  };
  for (const [key, shown] of Object.entries(opened)) {
    await page.keyboard.press(key);
    await expect(shown.first()).toBeVisible();
    if (key === 'F1') await shot(page, 'help');
    const found = await seriousFindings(page, ALL_RULES, '.overlay, .menu, header.title');
    expect.soft(found, key).toEqual([]);
    // The focus may be nowhere: a dialog is left with Escape all the same.
    await page.evaluate(() => document.querySelector<HTMLElement>('.overlay :focus')?.blur());
    await page.keyboard.press('Escape');
    await expect(shown).toHaveCount(0);
  }
  await page.keyboard.press('Control+F10');
  await page.getByTestId('change-to-Binance, prices only').click();
  const change = page.getByRole('alertdialog', { name: 'Change the desk' });
  await expect(change.getByRole('button', { name: 'Stay' })).toBeFocused();
  expect(await seriousFindings(page, ALL_RULES, '.overlay')).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(change).toHaveCount(0);
});

/** A share of what `fit.spec.ts` looks at in the long run. */
const SHARE: readonly (readonly [Starter, Screen])[] = [
  ['laptop', { width: 1280, height: 720, scale: 1, theme: 'light' }],
  ['market-maker', { width: 1440, height: 900, scale: 2, theme: 'dark' }],
];

test('nothing is cut, covered or out of the window on other screens', async ({ window }) => {
  const { page, desk } = window;
  for (const [starter, screen] of SHARE) {
    await showStarter(page, starter, screen);
    await expect.poll(() => misfits(page), `${starter} ${screen.width}`).toEqual([]);
    await leaveStarter(page);
  }
  await showOn(page, { width: 1920, height: 1080, scale: 1, theme: 'dark' });
  // What is cut is found.
  await desk.go('ladder');
  const padlock = page.getByTestId('panel-ladder').locator('.padlock');
  const squeeze = (button: HTMLElement, width: string): void => {
    button.style.width = width;
    button.style.overflow = width === '' ? '' : 'hidden';
  };
  // The desk may still be drawing the panel anew.
  await expect(async () => {
    await padlock.evaluate(squeeze, '30px');
    expect((await misfits(page)).join('\n')).toMatch(/cut by .* ladder </);
  }).toPass();
  await padlock.evaluate(squeeze, '');
});

for (const theme of ['light', 'contrast']) {
  test(`its colours can be read: ${theme}`, async ({ window }) => {
    const { page, desk } = window;
    await desk.go('settings');
    await page.getByLabel('Search settings').fill('appearance');
    await page.getByRole('radio', { name: theme, exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.getByLabel('Search settings').fill('');
    expect(await seriousFindings(page, COLOURS)).toEqual([]);
    expect(await ringContrast(page)).toBeGreaterThan(3);
    for (const panel of COLOURED) {
      await desk.go(panel);
      const found = await seriousFindings(page, COLOURS, `[data-testid="panel-${panel}"]`);
      expect.soft(found, panel).toEqual([]);
    }
    await shot(page, `axe-${theme}`);
  });
}
