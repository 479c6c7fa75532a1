import { expect, type CDPSession, type Page } from '@playwright/test';

/** The starters that workspaces are made from. */
export const STARTERS = [
  'scalper',
  'swing',
  'market-maker',
  'researcher',
  'risk-officer',
  'laptop',
] as const;
export type Starter = (typeof STARTERS)[number];

/** A screen as a trader has it; sizes in pixels of the page. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  /** Dots of the screen in a pixel of the page, along a side. */
  readonly scale: 1 | 2;
  readonly theme: 'dark' | 'light';
}

/** A screen lasts as long as the session that made it. */
const sessions = new WeakMap<Page, CDPSession>();

/** Puts the desk on a screen. */
export async function showOn(page: Page, screen: Screen): Promise<void> {
  const { width, height, scale, theme } = screen;
  await page.setViewportSize({ width, height });
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  const metrics = { width, height, deviceScaleFactor: scale, mobile: false };
  // The same again would be taken for nothing new, though the size was set otherwise meanwhile.
  await session.send('Emulation.clearDeviceMetricsOverride');
  await session.send('Emulation.setDeviceMetricsOverride', metrics);
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await expect.poll(() => page.evaluate(() => devicePixelRatio)).toBe(scale);
}

/** Puts the desk on a screen, with a new workspace of a starter. */
export async function showStarter(page: Page, starter: Starter, screen: Screen): Promise<void> {
  await showOn(page, screen);
  await page.keyboard.press('F10');
  await page.getByTestId(`workspace.create.${starter}`).click();
  await expect(page.getByTestId('workspace-menu')).toHaveCount(0);
  const dock = page.getByRole('main');
  await expect(dock.locator('.panel').first()).toBeVisible();
}

/** Deletes the workspace that is shown. */
export async function leaveStarter(page: Page): Promise<void> {
  const shown = page.getByTestId('workspaces').locator('[aria-current="true"]');
  const name = await shown.innerText();
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.delete').click();
  await expect(shown).not.toHaveText(name);
}
