import { expect, type Locator, type Page } from '@playwright/test';

/** One of our orders as the ladder shows it. */
export interface ShownTag {
  readonly price: number;
  readonly order: string;
  readonly look: string;
}

/** The ladder panel. Prices are whole numbers as `data-price` has them. */
export class LadderPage {
  readonly page: Page;
  readonly panel: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByTestId('panel-ladder');
  }

  row(price: number): Locator {
    return this.panel.locator(`[data-testid="ladder-row"][data-price="${price}"]`);
  }

  cell(side: 'Buy' | 'Sell', price: number): Locator {
    return this.row(price).locator(`[data-side="${side}"]`);
  }

  tag(order: string): Locator {
    return this.panel.locator(`[data-testid="ladder-order-tag"][data-order="${order}"]`);
  }

  /** The price of the row an order's tag stands on. */
  priceOf(order: string): Promise<number> {
    return this.tag(order).evaluate((tag) =>
      Number(tag.closest<HTMLElement>('.lv')?.dataset['price']),
    );
  }

  /** Prices of the rows from top to bottom. */
  async prices(): Promise<readonly number[]> {
    return (await this.levels()).prices;
  }

  /** Every visible row: its printed price in hundredths, sizes as printed, marks. */
  book(): Promise<{ cents: number; bid: string; ask: string; marks: string }[]> {
    return this.panel.getByTestId('ladder-row').evaluateAll((rows) =>
      rows.map((row) => ({
        cents: Number(row.querySelector('.price')?.textContent.replace(/[,.]/g, '')),
        bid: row.querySelector('.bid .size')?.textContent ?? '',
        ask: row.querySelector('.ask .size')?.textContent ?? '',
        marks: row.className,
      })),
    );
  }

  /** At one time: the prices of the rows from top to bottom, and the best bid where its row is in sight. */
  levels(): Promise<{ prices: readonly number[]; bid: number | undefined }> {
    return this.panel.getByTestId('ladder-row').evaluateAll((rows) => {
      const priceOf = (row: Element): number => Number((row as HTMLElement).dataset['price']);
      const best = rows.find((row) => row.classList.contains('bb'));
      return { prices: rows.map(priceOf), bid: best === undefined ? undefined : priceOf(best) };
    });
  }

  /** Centres by key, again when the market has moved away before it was looked at; waits until it stands in the middle. */
  async centre(): Promise<void> {
    await this.page.keyboard.press('Control+3');
    await expect(async () => {
      await this.page.keyboard.press('c');
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
      await this.isCentred(2000);
    }).toPass();
  }

  /** Waits until the best bid stands in the middle, within `timeout` ms where it is given. */
  async isCentred(timeout?: number): Promise<void> {
    const fromMiddle = async (): Promise<number> => {
      const { prices, bid } = await this.levels();
      return bid === undefined ? Infinity : Math.abs(prices.indexOf(bid) - prices.length / 2);
    };
    await expect.poll(fromMiddle, timeout === undefined ? {} : { timeout }).toBeLessThan(8);
  }

  /** Keeps every set of own tags that the ladder shows from now on. */
  async watchTags(): Promise<void> {
    await this.panel.evaluate((panel) => {
      const seen: ShownTag[][] = [];
      const read = (): void => {
        seen.push(
          [...panel.querySelectorAll<HTMLElement>('[data-testid="ladder-order-tag"]')].map(
            (tag) => ({
              price: Number(tag.closest<HTMLElement>('.lv')?.dataset['price']),
              order: tag.dataset['order'] ?? '',
              look: tag.dataset['look'] ?? '',
            }),
          ),
        );
      };
      new MutationObserver(read).observe(panel, { childList: true, subtree: true });
      Object.assign(globalThis, { seenTags: seen });
    });
  }

  /** The sets of tags kept since `watchTags`. */
  seenTags(): Promise<ShownTag[][]> {
    return this.page.evaluate(() => (globalThis as unknown as { seenTags: ShownTag[][] }).seenTags);
  }

  /**
   * Watches the ladder for some frames, and on until the touch has changed `least` times: the prices that stood under the pointer,
   * how many different axes there were, and how often the touch changed.
   */
  watchPointer(
    frames: number,
    least: number,
  ): Promise<{ prices: readonly number[]; axes: number; touches: number }> {
    return this.panel.evaluate(
      async (panel, wanted) => {
        const prices = new Set<number>();
        const axes = new Set<string>();
        let touches = 0;
        let touch = '';
        const rows = [...panel.querySelectorAll<HTMLElement>('.lv')];
        const under = panel.querySelector<HTMLElement>('.lv:hover');
        const box = under?.getBoundingClientRect();
        for (let frame = 0; frame < wanted.frames || touches < wanted.least; frame += 1) {
          await new Promise(requestAnimationFrame);
          if (box !== undefined) {
            const element = document.elementFromPoint(box.x + 60, box.y + box.height / 2);
            prices.add(Number(element?.closest<HTMLElement>('.lv')?.dataset['price']));
          }
          axes.add(rows.map((row) => row.dataset['price']).join());
          const now = rows.map((row) => row.textContent).join();
          if (now !== touch) touches += 1;
          touch = now;
        }
        return { prices: [...prices], axes: axes.size, touches };
      },
      { frames, least },
    );
  }
}
