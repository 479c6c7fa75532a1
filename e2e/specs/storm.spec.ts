import { SandboxProcess, type Row } from '../fixtures/sandbox-process.ts';
import { StormProcess } from '../fixtures/storm-process.ts';
import { expect, openWindow, shot, test as base, type Window } from '../fixtures/test.ts';

const SYMBOL = 'BTCUSDT';
const BASELINE = 5;

interface Storming {
  readonly exchange: SandboxProcess;
  readonly storm: StormProcess;
}

const test = base.extend<object, Storming>({
  exchange: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is used.
    async ({}, use) => {
      const exchange = await SandboxProcess.start(17);
      await use(exchange);
      await exchange.stop();
    },
    { scope: 'worker' },
  ],
  deskArguments: [
    async ({ exchange }, use) => use(['--exchange', exchange.file]),
    { scope: 'worker' },
  ],
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
test.describe.configure({ mode: 'serial' });

/** Unlocks by key in the desk and arms the storm's client, then lets it blow until the exchange has taken `more` orders. */
async function blow({ desk, page }: Window, storm: StormProcess, more: number): Promise<void> {
  await expect(page.getByTestId('truth-strip')).toContainText('Agrees with the venue');
  if ((await desk.tradingState.getAttribute('data-state')) !== 'Active') await desk.unlock();
  storm.blow();
  await storm.takes(more);
}

async function pidOf({ desk, page }: Window, name: string): Promise<number> {
  await desk.go('health');
  return Number(await page.getByTestId(`process-${name}`).locator('td').nth(2).innerText());
}

test('a storm of orders is watched in the desk', async ({ window, storm }) => {
  await window.page.setViewportSize({ width: 1920, height: 1080 });
  await window.desk.go('orders');
  await blow(window, storm, 100);
  await shot(window.page, 'storm-1-blowing');
});

test('feed is killed in it: the desk says so, prices come back, the storm goes on', async ({
  window,
  storm,
}) => {
  const { page, desk } = window;
  const pid = await pidOf(window, 'feed');
  await desk.watchBanners();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => desk.seenBanners()).toMatch(/[Mm]arket data/);
  await shot(page, 'storm-2-feed-killed');
  await expect(page.getByTestId('process-feed')).toContainText('Running');
  await blow(window, storm, 60);
});

test('trade is killed in it: locked, everything known again, then it goes on', async ({
  window,
  storm,
}) => {
  const { page, desk } = window;
  const pid = await pidOf(window, 'trade');
  await desk.watchBanners();
  process.kill(pid, 'SIGKILL');
  storm.calm();
  await expect.poll(() => desk.seenBanners()).toMatch(/Trading process/);
  await shot(page, 'storm-3-trade-killed');
  await expect(page.getByTestId('process-trade')).toContainText('Running');
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
  await desk.go('orders');
  await blow(window, storm, 60);
  await shot(page, 'storm-4-on-again');
});

test('the connection to the exchange goes with orders in flight', async ({
  window,
  storm,
  exchange,
}) => {
  const { page, desk } = window;
  await desk.watchBanners();
  await exchange.fault({ kind: 'disconnect', on: 'api', request: 'order.place', executed: true });
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
  storm.calm();
  await shot(page, 'storm-5-disconnected');
  await exchange.clear();
  await expect(page.getByTestId('truth-unknown')).toHaveCount(0, { timeout: 30_000 });
  await blow(window, storm, 60);
});

test('the page is loaded again and crashes: the desk is back within seconds, and nothing was sent by it', async ({
  window,
  storm,
}) => {
  const { page, desk } = window;
  const address = new URL('/', page.url()).href;
  const at = [performance.now()];
  await page.reload();
  await expect(desk.orderRows().first()).toBeVisible();
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Active');
  at.push(performance.now());
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  const context = page.context();
  await page.close();
  at.push(performance.now());
  const again = await openWindow(context);
  await again.page.setViewportSize({ width: 1920, height: 1080 });
  await again.page.goto(address);
  await expect(again.desk.orderRows().first()).toBeVisible();
  await expect(again.desk.tradingState).toHaveAttribute('data-state', 'Active');
  at.push(performance.now());
  const [start = 0, loaded = 0, opened = 0, back = 0] = at;
  console.log(
    `back after a reload in ${(loaded - start).toFixed(0)} ms, after a crash in ${(back - opened).toFixed(0)} ms, ` +
      `${storm.taken} orders, ${storm.rate.toFixed(0)} a second over all that was killed`,
  );
  await shot(again.page, 'storm-6-page-back');
  await storm.takes(40);
  Object.assign(window, again);
});

interface ReceiptLine {
  readonly instrument: string;
  /** Decimal text in the base asset. */
  readonly remaining: string;
  readonly proved: boolean;
  readonly orders: readonly { readonly clientOrderId: string; readonly outcome: string }[];
}

test('kill by key in the storm: the receipt is what the exchange says', async ({
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
  await shot(page, 'storm-7-receipt');
  await expect(receipt).toContainText(`${BASELINE} BTC never sold`);

  expect(await exchange.ask('/api/v3/openOrders')).toEqual([]);
  const told = await deskProcess.run('order', 'kill', '--history', '--json');
  const line = lastLine(told.stdout);
  expect(line.proved).toBe(true);
  await expect(receipt).toContainText(`of ${line.orders.length}`);
  const theirs = await allOrders(exchange);
  for (const { clientOrderId, outcome } of line.orders) {
    const { status } = theirs.get(clientOrderId) ?? {};
    expect([clientOrderId, status]).toEqual([clientOrderId, outcome.toUpperCase()]);
  }
  const [account] = await exchange.ask('/api/v3/account');
  const balances = account?.['balances'] as Row[];
  const btc = balances.find(({ asset }) => asset === 'BTC');
  expect(Number(btc?.['locked'])).toBe(0);
  const remaining = Number.parseFloat(line.remaining);
  // Fees are below the step of quantities: they stand between the two, not in the position.
  expect(Math.abs(Number(btc?.['free']) - BASELINE - remaining)).toBeLessThan(0.00001);
  await page.keyboard.press('Escape');
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Halted');
  await shot(page, 'storm-8-halted');
});

test('no order came twice, and every session runs again', async ({
  window,
  deskProcess,
  exchange,
}) => {
  const orders = await allOrders(exchange);
  expect(orders.size).toBeGreaterThan(300);
  await window.page.close();
  expect(await deskProcess.stop(), deskProcess.stderr).toBe(0);
  const replay = await deskProcess.run('journal', 'replay', '--json');
  const { sessions } = JSON.parse(replay.stdout) as { sessions: unknown[] };
  expect(sessions).toEqual([expect.objectContaining({ agrees: true, chain: 'intact' })]);
});

/** Every order of the exchange by its client order id, page by page; none may be there twice. */
async function allOrders(exchange: SandboxProcess): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  for (let from = 0; ;) {
    const parameters = { symbol: SYMBOL, limit: '1000', orderId: String(from) };
    const page = await exchange.ask('/api/v3/allOrders', parameters);
    for (const row of page) {
      const id = String(row['clientOrderId']);
      expect(found.has(id)).toBe(false);
      found.set(id, row);
    }
    if (page.length < 1000) return found;
    from = Number(page.at(-1)?.['orderId']) + 1;
  }
}

function lastLine(stdout: string): ReceiptLine {
  const { receipts } = JSON.parse(stdout) as { receipts: { receipt?: { lines: ReceiptLine[] } }[] };
  const lines = receipts.at(-1)?.receipt?.lines ?? [];
  const line = lines.find(({ instrument }) => instrument.startsWith(`${SYMBOL}.`));
  if (line === undefined) throw new Error(`no receipt names ${SYMBOL}: ${stdout.slice(0, 300)}`);
  return line;
}
