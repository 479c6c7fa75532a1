import { expect, type Locator, type Page } from '@playwright/test';

const PANEL_KEYS = {
  ladder: 'Control+3',
  orders: 'Control+6',
  fills: 'Control+7',
  positions: 'Control+8',
  health: 'Control+9',
  'order-truth': 'Control+0',
  log: 'Alt+1',
  settings: 'Alt+2',
  balances: 'Alt+3',
  accounts: 'Alt+4',
  data: 'Alt+5',
  'consolidated-book': 'Alt+6',
};

/** The desk in a browser as a trader uses it. */
export class DeskPage {
  readonly page: Page;
  readonly line: Locator;
  readonly preview: Locator;
  readonly arming: Locator;
  readonly tradingState: Locator;
  readonly mode: Locator;
  readonly orders: Locator;
  readonly fills: Locator;
  readonly positions: Locator;
  readonly banners: Locator;
  readonly toasts: Locator;

  constructor(page: Page) {
    this.page = page;
    this.line = page.getByTestId('order-line');
    this.preview = page.getByTestId('order-preview');
    this.arming = page.getByTestId('arm-button');
    this.tradingState = page.getByTestId('trading-state');
    this.mode = page.getByTestId('mode-tag');
    this.orders = page.getByTestId('panel-orders');
    this.fills = page.getByTestId('panel-fills');
    this.positions = page.getByTestId('panel-positions');
    this.banners = page.getByTestId('banners');
    this.toasts = page.getByTestId('toasts');
  }

  /** Unlocks by key, again when it is refused because the account is not compared yet, and waits until it may trade. */
  async unlock(): Promise<void> {
    const active = ['data-state', 'Active'] as const;
    await expect(async () => {
      const state = await this.tradingState.getAttribute('data-state');
      if (state !== 'Active') await this.page.keyboard.press('Control+U');
      await expect(this.tradingState).toHaveAttribute(...active, { timeout: 2000 });
    }).toPass();
  }

  /** Arms this window by key. */
  async arm(): Promise<void> {
    await this.page.keyboard.press('Control+L');
    await expect(this.arming).toHaveAttribute('data-arming', 'Armed');
  }

  /** Types a line of the order language and waits until the desk says what it would do. */
  async type(text: string, meaning: RegExp): Promise<void> {
    await this.page.keyboard.press('Control+K');
    await expect(this.line).toBeFocused();
    await this.page.keyboard.type(text);
    await expect(this.preview).toContainText(meaning);
  }

  /** Types a line, sends it, leaves the field; the engine must have taken it. */
  async send(text: string, meaning: RegExp): Promise<void> {
    await this.type(text, meaning);
    const result = this.page.getByTestId('order-result');
    // On a busy machine prices are too old for a moment: Enter then sends nothing, says so, and the line stays.
    await expect(async () => {
      if ((await this.line.inputValue()) !== '') await this.page.keyboard.press('Enter');
      await expect(result).toContainText('Done', { timeout: 2000 });
    }).toPass();
    await this.leave();
  }

  /** Leaves the command field, a dialog or a menu; the keyboard is the desk's again. */
  async leave(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.line).not.toBeFocused();
    await expect(this.page.locator('[aria-modal="true"], [role="menu"]')).toHaveCount(0);
  }

  /** The rows of the orders list, newest first. */
  orderRows(): Locator {
    return this.orders.locator('.ag-row');
  }

  order(id: string): Locator {
    return this.orders.locator(`.ag-row[row-id="${id}"]`);
  }

  /** Sends a line that places one order and gives the new order's id. */
  async place(text: string, meaning: RegExp): Promise<string> {
    const before = new Set(await this.orderIds());
    await this.send(text, meaning);
    let placed: string | undefined;
    await expect(async () => {
      placed = (await this.orderIds()).find((id) => !before.has(id));
      expect(placed).toBeDefined();
    }).toPass();
    return placed ?? '';
  }

  /** The ids of the rows in sight, read at once: a row that leaves meanwhile would be waited for. */
  async orderIds(): Promise<string[]> {
    const ids = await this.orderRows().evaluateAll((rows) =>
      rows.map((row) => row.getAttribute('row-id')),
    );
    return ids.filter((id) => id !== null);
  }

  /** The price of the chart's head, as text. */
  last(): Locator {
    return this.page.getByTestId('panel-chart').locator('.last');
  }

  /** Shows an instrument in the linked panels, by the watchlist's keys; waits for the chart, where it is in another window too. */
  async link(symbol: string, chart: Page = this.page): Promise<void> {
    await expect(this.page.getByTestId(`watch-${symbol}`)).toBeVisible();
    const watched = await this.page
      .getByRole('listbox', { name: 'Instruments' })
      .getByRole('option')
      .evaluateAll(
        (options, wanted) => options.map((option) => option.matches(`[data-testid="${wanted}"]`)),
        `watch-${symbol}`,
      );
    await this.page.keyboard.press('Control+1');
    // Up to the first: the list ends there.
    for (const _ of watched) await this.page.keyboard.press('ArrowUp');
    for (let row = 0; row < watched.indexOf(true); row += 1) {
      await this.page.keyboard.press('ArrowDown');
    }
    await expect(chart.getByTestId('panel-chart').locator('.sym')).toHaveText(symbol);
  }

  /** Brings a panel to the front and the keyboard into it, by its number key. */
  async go(panel: keyof typeof PANEL_KEYS): Promise<void> {
    await this.page.keyboard.press(PANEL_KEYS[panel]);
    await expect(this.page.getByTestId(`panel-${panel}`)).toBeVisible();
  }

  /** The id of a process of the desk, as Health tells it; brings Health to the front. */
  async pidOf(name: string): Promise<number> {
    await this.go('health');
    const cell = this.page.getByTestId(`process-${name}`).locator('td').nth(2);
    await expect(cell).toHaveText(/^\d+$/);
    return Number(await cell.innerText());
  }

  /** Keeps every sign of the whole and of Health's rows from now on, as `connection-trade-account bad`. */
  async watchSigns(): Promise<void> {
    await this.page.evaluate(() => {
      const seen: string[] = [];
      const options = { attributeFilter: ['data-sign'], subtree: true };
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const { testid, sign } = (target as HTMLElement).dataset;
          seen.push(`${testid} ${sign}`);
        }
      }).observe(document.body, options);
      Object.assign(globalThis, { seenSigns: seen });
    });
  }

  /** The signs kept since `watchSigns`, a line each. */
  seenSigns(): Promise<string> {
    return this.#seen('seenSigns');
  }

  /** Keeps every status that the orders list shows from now on. */
  async watchStatuses(): Promise<void> {
    await this.orders.evaluate((panel) => {
      const seen: (readonly [order: string, text: string])[] = [];
      const read = (): void => {
        for (const row of panel.querySelectorAll('.ag-row')) {
          seen.push([row.getAttribute('row-id') ?? '', row.textContent]);
        }
      };
      new MutationObserver(read).observe(panel, {
        childList: true,
        subtree: true,
        characterData: true,
      });
      Object.assign(globalThis, { seenOrders: seen });
    });
  }

  /** The texts of an order's row kept since `watchStatuses`, as one. */
  seenStatuses(order: string): Promise<string> {
    return this.page.evaluate((wanted) => {
      const { seenOrders } = globalThis as unknown as { seenOrders: [string, string][] };
      return seenOrders.flatMap(([id, text]) => (id === wanted ? [text] : [])).join('\n');
    }, order);
  }

  /** Keeps every text that the banners show from now on. */
  watchBanners(): Promise<void> {
    return watchText(this.banners, 'seenBanners');
  }

  /** The texts kept since `watchBanners`, as one. */
  seenBanners(): Promise<string> {
    return this.#seen('seenBanners');
  }

  #seen(name: string): Promise<string> {
    return this.page.evaluate((kept) => {
      const texts: unknown = Reflect.get(globalThis, kept);
      return Array.isArray(texts) ? texts.join('\n') : '';
    }, name);
  }
}

/** Keeps every text of an element from now on, in the page under `name`. */
function watchText(element: Locator, name: string): Promise<void> {
  return element.evaluate((watched, kept) => {
    const seen: string[] = [];
    const keep = (): void => void seen.push(watched.textContent);
    const changes = { childList: true, subtree: true, characterData: true };
    new MutationObserver(keep).observe(watched, changes);
    Object.assign(globalThis, { [kept]: seen });
  }, name);
}
