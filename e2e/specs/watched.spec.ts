import { expect, shot, test } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

test.use({
  deskArguments: ['--seed', '21', '--limits', 'open'],
  deskSettings: {
    market: {
      others: [
        'KRAKEN:BTC/USDT',
        'OKX:ETH-USDT',
        'BYBIT:SOLUSDT',
        'BINANCE-USDM:BTCUSDT',
        'KRAKEN:NO/PAIR',
      ],
    },
  },
});

test('an instrument of another venue is watched in every panel and traded in none', async ({
  window,
}) => {
  const { page, complaints } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  const watched = ['BTC/USDT.KRAKEN', 'ETH-USDT.OKX', 'SOLUSDT.BYBIT', 'BTCUSDT.BINANCE-USDM'];
  for (const name of watched) {
    await expect(page.getByTestId(`watch-${name}`)).toContainText(/\d\.\d\d/);
  }
  // One of the same symbol is another instrument.
  await expect(page.getByTestId('watch-SOLUSDT')).toContainText(/\d\.\d\d/);
  await page.getByTestId('watch-BTC/USDT.KRAKEN').click();
  await expect(page.getByRole('group', { name: 'Chart of BTC/USDT' })).toBeVisible();
  await expect(page.locator('.tab-sym', { hasText: 'BTC/USDT KRAKEN' }).first()).toBeVisible();
  const ladder = new LadderPage(page);
  const sizes = async (): Promise<number> =>
    (await ladder.book()).filter(({ bid, ask }) => bid !== '' || ask !== '').length;
  await expect.poll(sizes).toBeGreaterThan(10);
  await expect(page.getByTestId('panel-time-and-sales').locator('.tape .tk').first()).toBeVisible();
  const ticket = page.getByTestId('panel-ticket');
  await expect(ticket.getByText('Watched only: no account for this instrument')).toBeVisible();
  await expect(ticket.getByTestId('ticket-send')).toBeDisabled();
  const status = page.locator('footer.status');
  for (const venue of ['KRAKEN', 'OKX', 'BYBIT', 'BINANCE-USDM'])
    await expect(status).toContainText(venue);
  await shot(page, 'watched');
  expect(complaints).toEqual([]);
});
