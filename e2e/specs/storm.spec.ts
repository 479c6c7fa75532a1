import { test as base } from '../fixtures/exchange-test.ts';
import type { Row, SandboxProcess } from '../fixtures/sandbox-process.ts';
import { StormProcess } from '../fixtures/storm-process.ts';
import { expect, openWindow, shot, type Window } from '../fixtures/test.ts';

const SYMBOL = 'BTCUSDT';
const BASELINE = 5;
/** Orders a second below which it was no storm and the run says nothing of one. */
const STORM = 500;
const LONG = process.env['QD_LONG'] === '1';
const CRASHES = LONG ? 50 : 1;
const MOST_VOIDS = 100;
const BACK_WITHIN_MS = 5000;
/** The step of quantities at the exchange. */
const STEP = 0.00001;

const test = base.extend<object, { readonly storm: StormProcess }>({
  storm: [
    async ({ deskProcess, window }, use) => {
      await expect(window.desk.tradingState).toBeVisible();
      const storm = new StormProcess(deskProcess.dataFolder, `${SYMBOL}.BINANCE@sandbox`);
      await use(storm);
      await storm.stop();
    },
    { scope: 'worker' },
  ],
});
test.use({
  seed: 17,
  deskSettings: {
    risk: {
      maxOrderNotional: '1000000',
      maxPositionNotional: '900000000',
      maxOpenOrders: 1000,
      maxOrdersPerWindow: 100_000,
      priceCollarBps: 1000,
      duplicateWindowMs: 1,
    },
  },
});
test.describe.configure({ mode: 'serial', timeout: 120_000 });

/** Unlocks by key once the account agrees, then lets it blow until the exchange has taken `more` orders. */
async function blow({ desk, page }: Window, storm: StormProcess, more: number): Promise<void> {
  await expect(page.getByTestId('truth-strip')).toContainText('Agrees with the venue', {
    timeout: 30_000,
  });
  if ((await desk.tradingState.getAttribute('data-state')) !== 'Active') await desk.unlock();
  storm.blow();
  await storm.takes(more);
}

test('a storm of orders is watched in the desk', async ({ window, storm }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.go('orders');
  await blow(window, storm, 1000);
  // Many fills are one notice, not a wall of them.
  await expect(desk.toasts).toContainText(/\d+ fills, BTCUSDT/);
  expect(await desk.toasts.getByRole('status').count()).toBeLessThanOrEqual(2);
  await shot(page, 'storm-1-blowing');
});

test('feed is killed in it: prices are stale and the desk says so, then it goes on', async ({
  window,
  storm,
}) => {
  const { page, desk } = window;
  const pid = await desk.pidOf('feed');
  await desk.watchBanners();
  process.kill(pid, 'SIGKILL');
  const stale = page.getByTestId('panel-watchlist').locator('.watch-row.stale');
  await stale.first().waitFor();
  await shot(page, 'storm-2-feed-killed');
  await expect.poll(() => desk.seenBanners()).toMatch(/Market data/);
  await expect(page.getByTestId('process-feed')).toContainText('Running');
  await blow(window, storm, 500);
});

test('trade is killed in it: locked, orders in flight Unknown until all is known again', async ({
  window,
  storm,
  exchange,
}) => {
  const { page, desk } = window;
  const pid = await desk.pidOf('trade');
  await desk.watchBanners();
  const strip = page.getByTestId('truth-strip');
  // Nothing is heard of the exchange any more: what is on its way stays so until the process dies.
  await exchange.fault({ kind: 'drop', on: 'api', times: 0 });
  await exchange.fault({ kind: 'drop', on: 'rest', times: 0 });
  await expect(strip).toContainText(/In flight (1|2)\d/);
  process.kill(pid, 'SIGKILL');
  // The next one finds it connected, but is not told what became of them until it has said that it does not know.
  await exchange.clear();
  await exchange.fault({ kind: 'drop', on: 'api', message: 'executionReport', times: 0 });
  await exchange.fault({ kind: 'drop', on: 'rest', times: 0 });
  storm.calm();
  const gone = /Trading process (restarting|starting|is not connected)/;
  await expect.poll(() => desk.seenBanners(), { intervals: [50] }).toMatch(gone);
  await shot(page, 'storm-3-trade-killed');
  await expect(page.getByTestId('process-trade')).toContainText('Running');
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
  await desk.go('orders');
  await expect(strip).toContainText(/Unknown \d+/);
  await shot(page, 'storm-4-locked');
  await exchange.clear();
  await expect(page.getByTestId('truth-unknown')).toHaveCount(0, { timeout: 60_000 });
  await blow(window, storm, 500);
  await shot(page, 'storm-5-on-again');
});

test(`the page crashes in it, ${CRASHES} times: the desk is back within seconds, the storm never noticed`, async ({
  window,
  storm,
  exchange,
}) => {
  test.setTimeout(60_000 + CRASHES * 30_000);
  const address = new URL('/', window.page.url()).href;
  const backMs: number[] = [];
  let voids = 0;
  while (backMs.length < CRASHES) {
    const rate = await storm.takes(500);
    if (LONG && rate < STORM) {
      voids += 1;
      expect(voids, `storms below ${STORM} orders/s`).toBeLessThan(MOST_VOIDS);
      continue;
    }
    const { page } = window;
    const crashed = page.waitForEvent('crash');
    await page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    await page.close();
    const from = performance.now();
    const again = await openWindow(page.context());
    await again.page.setViewportSize({ width: 1920, height: 1080 });
    await again.page.goto(address);
    await expect(again.desk.tradingState).toHaveAttribute('data-state', 'Active');
    await expect(again.desk.orderRows().first()).toBeVisible();
    backMs.push(performance.now() - from);
    Object.assign(window, again);
  }
  await storm.takes(500);
  await shot(window.page, 'storm-6-page-back');
  // In the calm the page shows what the exchange has open, to the last order.
  storm.calm();
  const strip = window.page.getByTestId('truth-strip');
  await expect(strip).toContainText('In flight 0');
  const open = await exchange.ask('/api/v3/openOrders');
  await expect(strip).toContainText(`Working ${open.length}In flight 0`);
  storm.blow();
  await storm.takes(500);
  const longest = Math.max(...backMs);
  console.log(
    `reached ${CRASHES} crashes of the page, ${voids} voids; it was back after at most ${longest.toFixed(0)} ms`,
  );
  if (LONG) expect(longest).toBeLessThan(BACK_WITHIN_MS);
});

interface ReceiptLine {
  readonly instrument: string;
  /** Decimal text in the base asset. */
  readonly remaining: string;
  readonly baseline: string;
  readonly proved: boolean;
  readonly canceled: number;
  readonly orders: readonly { readonly clientOrderId: string; readonly outcome: string }[];
}

test('kill by key in the storm: the receipt is what the exchange says, and no order came twice', async ({
  window,
  storm,
  exchange,
  deskProcess,
}) => {
  const { page, desk } = window;
  await desk.go('orders');
  await page.keyboard.press('Control+Shift+K');
  await expect(page.getByTestId('kill-confirm')).toBeEnabled();
  await page.getByTestId('kill-confirm').focus();
  await page.keyboard.press('Enter');
  const receipt = page.getByTestId('receipt');
  await expect(receipt.getByRole('heading')).toHaveText('Proved flat.', { timeout: 30_000 });
  storm.calm();
  await expect(receipt.getByRole('listitem').filter({ hasText: 'Closed' })).toHaveText(
    /^Closed(after \d|nothing closed)/,
  );
  await shot(page, 'storm-7-receipt');

  const { line, provedAt } = lastLine(
    (await deskProcess.run('order', 'kill', '--history', '--json')).stdout,
  );
  const row = receipt.getByRole('row', { name: SYMBOL });
  await expect(row).toContainText(`${line.canceled} of ${line.orders.length}`);
  await expect(row).toContainText(`${BASELINE} BTC never sold`);
  await expect(row).toContainText('Proved');
  expect(line.proved).toBe(true);
  expect(line.orders.length).toBeGreaterThan(0);
  const theirs = await allOrders(exchange);
  expect(theirs.size).toBeGreaterThan(2000);
  // The storm blew a little longer than the proof took: nothing of it left.
  expect([...theirs.values()].filter(({ time }) => Number(time) > provedAt)).toEqual([]);
  expect(await exchange.ask('/api/v3/openOrders')).toEqual([]);
  for (const { clientOrderId, outcome } of line.orders) {
    const { status } = theirs.get(clientOrderId) ?? {};
    const means = outcome === 'Ended' ? /^(EXPIRED|EXPIRED_IN_MATCH)$/ : outcome.toUpperCase();
    expect(status, clientOrderId).toMatch(means);
  }
  // Beyond the baseline the exchange holds what was bought less what was sold and the fees in BTC. A flatten sells of it what is
  // more, or buys back what is less but for the fees; left is what is finer than the step of quantities, or worth too little.
  const { net, fees } = await traded(exchange);
  const [account] = await exchange.ask('/api/v3/account');
  const balances: unknown = account?.['balances'];
  const btc = (Array.isArray(balances) ? (balances as Row[]) : []).find(
    ({ asset }) => asset === 'BTC',
  );
  const over = Number(btc?.['free']) + Number(btc?.['locked']) - BASELINE;
  expect(Math.abs(over - (net - fees))).toBeLessThan(STEP / 2);
  const left = net > 0 ? Math.max(net - fees, 0) : -net;
  expect(Math.abs(left - Number(line.remaining))).toBeLessThan(STEP);
  await desk.leave();
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Halted');
  await shot(page, 'storm-8-halted');
});

test('the desk ends in seconds under an open window', async ({ deskProcess }) => {
  expect(await deskProcess.stop(), deskProcess.stderr).toBe(0);
});

test('it was a storm', ({ storm }) => {
  const rate = storm.rate.toFixed(0);
  console.log(`  ${storm.taken} orders, ${rate} a second while it blew`);
  test.skip(storm.rate < STORM, `void: ${rate} orders a second are no storm`);
});

/** Every order of the exchange by its client order id; none may be there twice. */
async function allOrders(exchange: SandboxProcess): Promise<Map<string, Row>> {
  const rows = await everyPage(exchange, 'allOrders', 'orderId', 'orderId');
  const found = new Map(rows.map((row) => [String(row['clientOrderId']), row]));
  expect(found.size).toBe(rows.length);
  return found;
}

/** BTC bought less sold, and BTC taken as fees, of every trade. */
async function traded(exchange: SandboxProcess): Promise<{ net: number; fees: number }> {
  const total = { net: 0, fees: 0 };
  for (const trade of await everyPage(exchange, 'myTrades', 'fromId', 'id')) {
    total.net += Number(trade['qty']) * (trade['isBuyer'] === true ? 1 : -1);
    if (trade['commissionAsset'] === 'BTC') total.fees += Number(trade['commission']);
  }
  return total;
}

/** All rows of a list that is given in pages from a number on. */
async function everyPage(
  exchange: SandboxProcess,
  list: 'allOrders' | 'myTrades',
  from: string,
  id: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let next = 0; ;) {
    const parameters = { symbol: SYMBOL, limit: '1000', [from]: String(next) };
    const page = await exchange.ask(`/api/v3/${list}`, parameters);
    rows.push(...page);
    if (page.length < 1000) return rows;
    next = Number(page.at(-1)?.[id]) + 1;
  }
}

function lastLine(stdout: string): { readonly line: ReceiptLine; readonly provedAt: number } {
  const { receipts } = JSON.parse(stdout) as {
    receipts: { receipt?: { lines: ReceiptLine[]; updatedAt: string } }[];
  };
  const receipt = receipts.at(-1)?.receipt;
  const line = receipt?.lines.find(({ instrument }) => instrument.startsWith(`${SYMBOL}.`));
  if (receipt === undefined || line === undefined) {
    throw new Error(`no receipt names ${SYMBOL}: ${stdout.slice(0, 300)}`);
  }
  return { line, provedAt: Date.parse(receipt.updatedAt) };
}
