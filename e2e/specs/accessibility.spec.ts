import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';
import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '21', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
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
  'fills',
  'positions',
  'orders',
] as const;

/** What axe finds in `within` that is serious or worse, a line a rule with its first places. */
async function seriousFindings(
  page: Page,
  options: RunOptions,
  within = 'body',
): Promise<readonly string[]> {
  const { violations } = await page.evaluate(
    async ([selector, asked]) => {
      const { axe } = globalThis as unknown as {
        axe: { run: (context: string, options: RunOptions) => Promise<AxeResults> };
      };
      return axe.run(selector, asked);
    },
    [within, options] as const,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const places = nodes.map(
        ({ target, any }) => `${target.join(' ')}: ${any[0]?.message ?? ''}`,
      );
      return `${id}: ${places.length} places\n  ${places.slice(0, 8).join('\n  ')}`;
    });
}

test('no panel has a serious finding of axe', async ({ window }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.evaluate(AXE);
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
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
    for (const panel of PANELS) {
      await desk.go(panel);
      const found = await seriousFindings(page, COLOURS, `[data-testid="panel-${panel}"]`);
      expect.soft(found, panel).toEqual([]);
    }
    await shot(page, `axe-${theme}`);
  });
}
