import type { Locator } from '@playwright/test';
import { expect, shot } from '../fixtures/test.ts';
import { test } from '../fixtures/exchange-test.ts';

/** How many ticks of 0.01 each venue shows above the exchange. */
const APART = { BINANCE: 0, KRAKEN: 1, OKX: 0, BYBIT: -4 } as const;
const COMPARED = 6;

test.use({
  seed: 23,
  exchangeArguments: ['--venue', 'KRAKEN:0:+1', '--venue', 'BYBIT:0:-4'],
  deskSettings: {
    market: {
      others: ['KRAKEN:SOL/USDT', 'OKX:SOL-USDT', 'BYBIT:SOLUSDT'],
      takerFees: ['BINANCE:10', 'KRAKEN:40', 'OKX:10', 'BYBIT:5.5'],
    },
  },
});

interface Joined {
  readonly price: string;
  /** Of all, then of each venue. */
  readonly sizes: readonly string[];
}

/** The best rows of a side as they stand. */
function rowsOf(side: Locator): Promise<Joined[]> {
  return side.locator('.cb[data-price]').evaluateAll(
    (rows, most) =>
      rows.slice(0, most).map((row) => {
        const plain = (cell: HTMLElement | null) => cell?.title.replaceAll(',', '') ?? '';
        const sizes = [...row.querySelectorAll<HTMLElement>('.v')].map(plain);
        // Bids are written towards the middle.
        if (row.lastElementChild?.matches('.p') === true) sizes.reverse();
        const all = plain(row.querySelector<HTMLElement>('.s'));
        return { price: row.querySelector('.p')?.textContent ?? '', sizes: [all, ...sizes] };
      }),
    COMPARED,
  );
}

/** What the rows must be, by hand: the exchange's book as each venue shows it, added up. */
function joinedBy(
  levels: readonly (readonly [price: string, quantity: string])[],
  better: 1 | -1,
): Joined[] {
  const venues = Object.values(APART);
  const sums = new Map<number, number[]>();
  for (const [at, ticks] of venues.entries()) {
    for (const [price, quantity] of levels) {
      const shown = Math.round(Number(price) * 100) + ticks;
      const parts = sums.get(shown) ?? venues.map(() => 0);
      parts[at] = (parts[at] ?? 0) + Math.round(Number(quantity) * 1000);
      sums.set(shown, parts);
    }
  }
  return [...sums]
    .sort(([one], [other]) => better * (other - one))
    .slice(0, COMPARED)
    .map(([price, parts]) => ({
      price: (price / 100).toFixed(2),
      sizes: [parts.reduce((sum, part) => sum + part, 0), ...parts].map((size) =>
        (size / 1000).toFixed(3),
      ),
    }));
}

test('the books of all venues are one book; who cannot be trusted is left out and named', async ({
  window,
  exchange,
}) => {
  const { page, desk, complaints } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.link('SOLUSDT');
  // It opens beside the panel that has the keyboard: here there is room.
  await desk.go('orders');
  await desk.go('consolidated-book');
  const panel = page.getByTestId('panel-consolidated-book');
  await expect(panel.getByTestId('joined-venues')).toHaveText('4 of 4 venues joined');
  const [bids, asks] = ['Bids', 'Asks'].map((name) => panel.getByRole('table', { name }));
  if (bids === undefined || asks === undefined) throw new Error('a side is not there');
  // The books stand still while they are compared.
  await exchange.fault({ kind: 'halt', symbol: 'SOLUSDT', times: 0 });
  await expect(async () => {
    const { bids: bought, asks: sold } = await exchange.book('SOLUSDT');
    const shown = [await rowsOf(bids), await rowsOf(asks)];
    expect(shown).toEqual([joinedBy(bought, 1), joinedBy(sold, -1)]);
  }).toPass({ timeout: 30_000 });
  await exchange.clear();
  await expect(panel.getByTestId('crossing')).toContainText(
    /Crossed by \d+\.\d\d bp, .* could trade/,
  );
  await expect(panel.getByTestId('measure-Imbalance, 5 levels')).toContainText('%');
  await expect(panel.getByTestId('measure-Flow, 10 s').locator('td').first()).not.toHaveText('–');
  await shot(page, 'consolidated-book');
  // What fees leave of the crossing.
  await page.keyboard.press('f');
  await expect(panel.getByRole('button', { name: 'With fees' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(panel.getByTestId('venue-BYBIT')).toContainText('fee 5.5 bp');
  await expect(panel.getByTestId('crossing')).toHaveCount(0);
  await page.keyboard.press('f');
  await expect(panel.getByTestId('crossing')).toBeVisible();
  // The traded venue says nothing any more, and its book cannot be taken anew.
  const snapshots = { on: 'rest', request: 'GET /api/v3/depth' };
  await exchange.fault({ kind: 'unavailable', ...snapshots, times: 0 });
  await exchange.fault({ kind: 'half-open', on: 'streams', message: 'depthUpdate', times: 0 });
  await expect(panel.getByTestId('venue-BINANCE')).toContainText(
    /left out: (?:nothing comes from it|its book is taken anew)/,
    { timeout: 60_000 },
  );
  await expect(panel.getByTestId('joined-venues')).toHaveText('3 of 4 venues joined');
  await expect(bids.getByRole('columnheader', { name: 'BINANCE' })).toHaveCount(0);
  await shot(page, 'consolidated-book-left-out');
  await exchange.clear();
  await expect(panel.getByTestId('joined-venues')).toHaveText('4 of 4 venues joined', {
    timeout: 60_000,
  });
  expect(complaints).toEqual([]);
});
