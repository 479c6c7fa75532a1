import { expect, type Locator, type Page } from '@playwright/test';
import type { Window } from '../fixtures/test.ts';

/** What a trader does in a panel with one hand. */
export interface Act {
  readonly panel: string;
  readonly by: 'keyboard' | 'mouse';
  readonly does: string;
  readonly act: (window: Window) => Promise<void>;
}

function panelOf(page: Page, panel: string): Locator {
  return page.getByTestId(`panel-${panel}`);
}

/** Presses keys one after the other. */
async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Goes on with Tab until the keyboard is there. */
async function tabTo(page: Page, place: Locator, key = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    if (await place.evaluate((element) => element.contains(document.activeElement))) return;
    await page.keyboard.press(key);
  }
  await expect(place).toBeFocused({ timeout: 1000 });
}

/** Presses a key until the keyboard is there. */
async function keyTo(page: Page, key: string, place: Locator): Promise<void> {
  for (let steps = 0; steps < 30 && (await place.count()) === 0; steps += 1) {
    await page.keyboard.press(key);
  }
  await expect(place).toHaveCount(1, { timeout: 1000 });
}

/** Brings the keyboard into the rows of a panel's list. */
async function toRows(page: Page, panel: string): Promise<void> {
  const list = panelOf(page, panel);
  await expect(list.locator('.ag-row').first()).toBeVisible();
  await tabTo(page, list.locator('.ag-root'));
  await keyTo(page, 'ArrowDown', list.locator('.ag-row .ag-cell:focus'));
}

/** How many orders work, as the line over the list says: the list draws only rows in sight. */
async function workingOrders(page: Page): Promise<number> {
  const said = (await page.getByTestId('truth-strip').textContent()) ?? '';
  return Number(/Working\s*(\d+)/.exec(said)?.[1] ?? Number.NaN);
}

const symbol = (page: Page): Locator => panelOf(page, 'chart').locator('.sym');

/** Columns are sorted up, then down. */
async function sorted(list: Locator, turn: () => Promise<void>): Promise<void> {
  const heads = list.locator('.ag-header-cell[aria-sort]');
  const orders = (): Promise<readonly string[]> =>
    heads.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-sort') ?? ''));
  const before = await orders();
  await turn();
  await expect.poll(orders).not.toEqual(before);
}

/** What is done in each panel, by the one and by the other. It wants orders at rest, a fill and a position in SOLUSDT, in an armed window. */
export const ACTS: readonly Act[] = [
  {
    panel: 'ladder',
    by: 'keyboard',
    does: 'places an order far down and cancels it on its row',
    act: async ({ page, desk }) => {
      const before = await workingOrders(page);
      await desk.go('ladder');
      await press(page, 'c', ...Array.from({ length: 8 }, () => 'PageDown'), 'b');
      await expect.poll(() => workingOrders(page)).toBe(before + 1);
      await press(page, 'Delete');
      await expect.poll(() => workingOrders(page)).toBe(before);
    },
  },
  {
    panel: 'ticket',
    by: 'mouse',
    does: 'sells at the market: side, type, size and the button',
    act: async ({ page, desk }) => {
      const ticket = panelOf(page, 'ticket');
      const before = new Set(await desk.orderIds());
      await ticket.getByRole('radio', { name: /Sell/ }).click();
      await ticket.getByRole('radio', { name: 'Market' }).click();
      await ticket.getByRole('group', { name: 'Sizes' }).getByRole('button').first().click();
      await page.getByTestId('ticket-send').click();
      const placed = async (): Promise<boolean> =>
        (await desk.orderIds()).some((id) => !before.has(id));
      await expect.poll(placed).toBe(true);
      const sold = desk.orderRows().filter({ hasText: /Sell.*Market.*Filled/ });
      await expect(sold.first()).toBeVisible();
      await ticket.getByRole('radio', { name: /Buy/ }).click();
      await ticket.getByRole('radio', { name: 'Limit', exact: true }).click();
    },
  },
  {
    panel: 'orders',
    by: 'mouse',
    does: 'cancels with the cross of a row',
    act: async ({ page, desk }) => {
      const before = await workingOrders(page);
      const working = desk.orderRows().filter({ hasText: 'Working' });
      await working
        .first()
        .getByRole('button', { name: /^Cancel/ })
        .click();
      await expect.poll(() => workingOrders(page)).toBe(before - 1);
    },
  },
  {
    panel: 'orders',
    by: 'keyboard',
    does: 'finds the row, edits its price, cancels it',
    act: async ({ page, desk }) => {
      await desk.go('orders');
      await toRows(page, 'orders');
      // The keyboard may come back to where it was, below what works or right of the price.
      await press(page, 'Control+Home', 'Control+ArrowLeft');
      const working = desk.orderRows().filter({ hasText: 'Working' });
      await keyTo(page, 'ArrowDown', working.locator('.ag-cell:focus'));
      await keyTo(page, 'ArrowRight', working.locator('[col-id="price"]:focus'));
      const row = desk.orders.locator('.ag-row:has(.ag-cell:focus)');
      const old = (await row.getAttribute('row-id')) ?? '';
      const known = new Set(await desk.orderIds());
      await press(page, 'Enter');
      const field = page.getByLabel(`New price of ${old}`);
      await expect(field).toBeFocused();
      const price = Number((await field.inputValue()).replaceAll(',', ''));
      await press(page, 'Control+A');
      await page.keyboard.type((price - 0.1).toFixed(2));
      await press(page, 'Enter');
      await expect(desk.order(old)).toContainText('Canceled');
      let next = '';
      await expect
        .poll(async () => {
          next = (await desk.orderIds()).find((id) => !known.has(id)) ?? '';
          return next;
        })
        .not.toBe('');
      await expect(desk.order(next)).toContainText('Working');
      await toRows(page, 'orders');
      await press(page, 'Control+Home');
      await keyTo(page, 'ArrowDown', desk.order(next).locator('.ag-cell:focus'));
      await press(page, 'Delete');
      await expect(desk.order(next)).toContainText('Canceled');
    },
  },
  {
    panel: 'order-truth',
    by: 'keyboard',
    does: 'shows the order chosen in the list',
    act: async ({ page, desk }) => {
      await desk.go('orders');
      await toRows(page, 'orders');
      const row = desk.orders.locator('.ag-row:has(.ag-cell:focus)');
      const id = (await row.getAttribute('row-id')) ?? '';
      await press(page, 'Space');
      await desk.go('order-truth');
      await expect(page.getByTestId('truth-order')).toHaveAttribute('data-order', id);
    },
  },
  {
    panel: 'order-truth',
    by: 'mouse',
    does: 'asks the venue',
    act: async ({ page }) => {
      await page.getByTestId('truth-ask').click();
      await expect(page.getByTestId('source-Query')).toHaveAttribute('data-verdict', 'Agrees');
    },
  },
  ...(['fills', 'positions'] as const).flatMap((panel): Act[] => [
    {
      panel,
      by: 'keyboard',
      does: 'chooses the instrument of a row',
      act: async ({ page, desk }) => {
        await desk.link('ETHUSDT');
        await desk.go(panel);
        await toRows(page, panel);
        await press(page, 'Space');
        await expect(symbol(page)).toHaveText('SOLUSDT');
      },
    },
    {
      panel,
      by: 'mouse',
      does: 'chooses the instrument of a row, sorts by a column',
      act: async ({ page }) => {
        await page.getByTestId('watch-ETHUSDT').click();
        await expect(symbol(page)).toHaveText('ETHUSDT');
        await page.getByTestId(`tab-${panel}`).click();
        const list = panelOf(page, panel);
        await list.locator('.ag-row').filter({ hasText: 'SOLUSDT' }).first().click();
        await expect(symbol(page)).toHaveText('SOLUSDT');
        await sorted(list, () => list.getByRole('columnheader', { name: 'Quantity' }).click());
      },
    },
  ]),
  {
    panel: 'positions',
    by: 'keyboard',
    does: 'supposes other prices of one instrument, and leaves',
    act: async ({ page, desk }) => {
      const orders = await page.getByTestId('count-orders').innerText();
      await desk.go('positions');
      await expect(panelOf(page, 'positions').locator('.ag-row').first()).toBeVisible();
      await press(page, 'w');
      await expect(page.getByLabel('Move of prices in percent')).toBeFocused();
      await page.keyboard.type('x');
      await expect(panelOf(page, 'positions').getByRole('alert')).toContainText('was x');
      await expect(page.getByTestId('pnl-supposed')).toHaveCount(0);
      await press(page, 'Control+A');
      await page.keyboard.type('10');
      const net = page.getByTestId('pnl-supposed').locator('b');
      await expect(net).toHaveText(/^\+\d/);
      await press(page, 'Tab', 'ArrowDown');
      await expect(page.getByLabel('Whose prices move')).not.toHaveValue('');
      await expect(net).toHaveText(/^\+\d/);
      await expect(page.getByTestId('mark-positions')).toHaveText('WHAT IF');
      await press(page, 'Escape');
      await expect(page.getByTestId('mark-positions')).toBeHidden();
      await expect(page.getByTestId('what-if')).toBeFocused();
      // By its name, from another panel.
      await desk.go('orders');
      await press(page, 'Control+K');
      await page.keyboard.type('>what if');
      const found = page.getByTestId('line-options').getByRole('option').first();
      await expect(found).toContainText('What if');
      await press(page, 'Enter');
      await expect(page.getByTestId('mark-positions')).toHaveText('WHAT IF');
      await expect(page.getByLabel('Move of prices in percent')).toBeFocused();
      await press(page, 'Escape');
      await expect(page.getByTestId('mark-positions')).toBeHidden();
      await expect(page.getByTestId('count-orders')).toHaveText(orders, { useInnerText: true });
    },
  },
  {
    panel: 'positions',
    by: 'mouse',
    does: 'sees what is supposed in its border, and leaves',
    act: async ({ page }) => {
      await page.getByTestId('tab-positions').click();
      await page.getByTestId('what-if').click();
      const list = panelOf(page, 'positions');
      await expect(list).toContainText('Nothing of this is real, nothing is sent');
      await expect(list.getByRole('columnheader', { name: 'If net' })).toBeVisible();
      await expect(page.getByTestId('mark-positions')).toHaveText('WHAT IF');
      await list.getByRole('button', { name: 'Leave' }).click();
      await expect(list.getByRole('columnheader', { name: 'If net' })).toHaveCount(0);
      await expect(page.getByTestId('mark-positions')).toBeHidden();
    },
  },
  {
    panel: 'balances',
    by: 'keyboard',
    does: 'sorts by a column',
    act: async ({ page, desk }) => {
      await desk.go('balances');
      const list = panelOf(page, 'balances');
      await expect(list.getByRole('columnheader').first()).toBeVisible();
      await tabTo(page, list.locator('.ag-root'));
      await sorted(list, () => press(page, 'Enter'));
    },
  },
  {
    panel: 'balances',
    by: 'mouse',
    does: 'sorts by a column and filters',
    act: async ({ page }) => {
      const list = panelOf(page, 'balances');
      await sorted(list, () => list.getByRole('columnheader', { name: 'Free' }).click());
      await list.getByRole('button', { name: 'Filter' }).click();
      await expect(list.getByRole('textbox', { name: 'Asset Filter Input' })).toBeVisible();
      await list.getByRole('button', { name: 'Filter' }).click();
    },
  },
  {
    panel: 'health',
    by: 'keyboard',
    does: 'reads on below what is in sight',
    act: async ({ page, desk }) => {
      await desk.go('health');
      const parts = page.getByRole('region', { name: 'Parts of the engine' });
      await tabTo(page, parts);
      await press(page, 'End');
      // On a wall there may be nothing below.
      const left = (): Promise<number> =>
        parts.evaluate(({ scrollHeight, scrollTop, clientHeight }) =>
          Math.floor(scrollHeight - scrollTop - clientHeight),
        );
      await expect.poll(left).toBeLessThanOrEqual(1);
      await press(page, 'Home');
    },
  },
  {
    panel: 'log',
    by: 'keyboard',
    does: 'pauses, chooses a line and copies it, follows again',
    act: async ({ page, desk }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await desk.go('log');
      await expect(panelOf(page, 'log').locator('.ag-row').last()).toBeVisible();
      await toRows(page, 'log');
      await press(page, 'p');
      await expect(page.getByRole('button', { name: 'Follow' })).toBeVisible();
      await press(page, 'Space');
      await expect(panelOf(page, 'log').locator('.ag-row.chosen')).toHaveCount(1);
      await press(page, 'Control+c');
      await expect(desk.toasts).toContainText('one line of the log');
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\d\d:\d\d:\d\d/);
      await press(page, 'p');
      await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    },
  },
  {
    panel: 'settings',
    by: 'keyboard',
    does: 'finds a setting, changes it and takes it back',
    act: async ({ page, desk }) => {
      await desk.go('settings');
      const panel = panelOf(page, 'settings');
      await expect(panel.getByLabel('Search settings')).toBeFocused();
      // What was looked for before is still there.
      await press(page, 'Control+A');
      await page.keyboard.type('density');
      const root = page.locator('html');
      await tabTo(page, panel.getByRole('radio', { name: 'comfortable' }));
      await press(page, 'Space');
      await expect(root).toHaveAttribute('data-density', 'comfortable');
      await tabTo(page, panel.getByRole('button', { name: 'Back to auto' }));
      await press(page, 'Enter');
      await expect(root).not.toHaveAttribute('data-density', 'comfortable');
    },
  },
  {
    panel: 'accounts',
    by: 'keyboard',
    does: 'begins to add an account and leaves it',
    act: async ({ page, desk }) => {
      await desk.go('accounts');
      await expect(page.getByTestId('add-account')).toBeVisible();
      await tabTo(page, page.getByTestId('add-account'), 'Shift+Tab');
      await press(page, 'Enter');
      const form = page.getByRole('form', { name: 'Add an account' });
      await expect(form.getByLabel('Name of the account')).toBeFocused();
      await page.keyboard.type('second');
      await tabTo(page, form.getByRole('button').last());
      await press(page, 'Enter');
      await expect(form).toHaveCount(0);
    },
  },
  {
    panel: 'accounts',
    by: 'mouse',
    does: 'begins to add an account and leaves it',
    act: async ({ page }) => {
      await page.getByTestId('add-account').click();
      const form = page.getByRole('form', { name: 'Add an account' });
      await form.getByRole('button').last().click();
      await expect(form).toHaveCount(0);
    },
  },
  {
    panel: 'time-and-sales',
    by: 'keyboard',
    does: 'scrolls back and reads on while trades come, and returns',
    act: async ({ page, desk }) => {
      const tape = page.getByRole('log', { name: 'Trades' });
      const top = (): Promise<number> => tape.evaluate((element) => element.scrollTop);
      // A tape that is full soon.
      await page.setViewportSize({ width: 1600, height: 480 });
      await desk.link('BTCUSDT');
      await press(page, 'Control+4');
      await expect(tape).toBeFocused();
      await expect(async () => {
        await press(page, 'PageDown');
        expect(await top()).toBeGreaterThan(0);
      }).toPass();
      await press(page, 'Home');
      await expect.poll(top).toBe(0);
    },
  },
  {
    panel: 'time-and-sales',
    by: 'mouse',
    does: 'scrolls back and returns',
    act: async ({ page }) => {
      const tape = page.getByRole('log', { name: 'Trades' });
      const top = (): Promise<number> => tape.evaluate((element) => element.scrollTop);
      await page.setViewportSize({ width: 1600, height: 480 });
      await tape.hover();
      await expect(async () => {
        await page.mouse.wheel(0, 200);
        expect(await top()).toBeGreaterThan(0);
      }).toPass();
      await page.mouse.wheel(0, -100_000);
      await expect.poll(top).toBe(0);
    },
  },
];

/** Does an act, and makes sure that the other hand had nothing to do. */
export async function doWithOneHand({ by, act }: Act, window: Window): Promise<void> {
  const { page } = window;
  await page.evaluate(() => {
    if ('handsUsed' in globalThis) return;
    const used = { keyboard: 0, mouse: 0 };
    // A key that is held was pressed once.
    addEventListener('keydown', ({ repeat }) => (used.keyboard += repeat ? 0 : 1), true);
    addEventListener('pointerdown', () => (used.mouse += 1), true);
    Object.assign(globalThis, { handsUsed: used });
  });
  const used = (hand: 'keyboard' | 'mouse'): Promise<number> =>
    page.evaluate((wanted) => {
      const { handsUsed } = globalThis as unknown as { handsUsed: Record<string, number> };
      return handsUsed[wanted] ?? 0;
    }, hand);
  const other = by === 'mouse' ? 'keyboard' : 'mouse';
  const before = await used(other);
  await act(window);
  expect(await used(other), `uses of the ${other}`).toBe(before);
}
