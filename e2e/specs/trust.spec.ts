import { expect, shot, test } from '../fixtures/test.ts';

test.use({
  deskArguments: ['--seed', '23', '--limits', 'open'],
  deskSettings: {
    market: { others: ['BYBIT:SOLUSDT', 'KRAKEN:BTC/USDT'] },
    // Two hundred ticks of SOL are more than a hundredth of it, of BTC nothing.
    sandbox: { venues: ['BYBIT:0:+200', 'KRAKEN:0:+1'] },
  },
});

test('data is told with its quality, and no new risk leans on a price that lies apart', async ({
  window,
}) => {
  const { page, desk, complaints } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.go('data');
  const data = page.getByTestId('panel-data');
  const own = data.getByTestId('quality-SOLUSDT.BINANCE@sandbox');
  await expect(own).toContainText(/-\d+ bp, at most 100/);
  await expect(data.getByTestId('quality-SOLUSDT.BYBIT@sandbox')).toContainText(/\d+ bp, at most/);
  const sound = data.getByTestId('quality-BTCUSDT.BINANCE@sandbox');
  await expect(sound).toHaveAttribute('data-sign', 'ok');
  await expect(sound).not.toContainText('bp');
  const reference = data.getByTestId('reference-BTC/USDT');
  await expect(reference).toContainText('BTCUSDT.BINANCE, BTC-USDT.KRAKEN');
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  await expect(page.getByTestId('chart-trust')).toHaveAccessibleName(
    /Trust of the data: Doubtful.*priced otherwise elsewhere/,
  );
  const ticket = page.getByTestId('panel-ticket');
  await expect(ticket).toContainText(
    /must be one to lean on: it lies \d+ bp below the same elsewhere/,
  );
  await expect(ticket.getByTestId('ticket-send')).toBeDisabled();
  await desk.link('BTCUSDT');
  await expect(page.getByTestId('chart-trust')).toHaveAccessibleName(/: (?:Verified|Refilled)/);
  await expect(ticket).not.toContainText('lean on');
  const bought = await desk.place('b 0.01 BTCUSDT bid-0.3%', /0\.01 BTCUSDT/);
  await expect(desk.order(bought)).toContainText('Working');
  await desk.link('SOLUSDT');
  await desk.go('data');
  await shot(page, 'trust');
  expect(complaints).toEqual([]);
});
