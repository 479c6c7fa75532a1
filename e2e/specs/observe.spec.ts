import { readFileSync } from 'node:fs';
import { expect, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '15', '--limits', 'open', '--log-level', 'debug'] });
test.describe.configure({ mode: 'serial' });

/** A working order that the venue confirms. */
let working = '';

test('Health says that everything is in order, and one sign of the whole opens it', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  const health = page.getByTestId('panel-health');
  const sign = page.getByTestId('engine-sign');
  await expect(sign).toHaveAttribute('data-sign', 'ok');
  await sign.click();
  await expect(health).toBeVisible();
  for (const row of ['feed-market-1', 'feed-rest', 'trade-account', 'trade-rest']) {
    await expect(page.getByTestId(`connection-${row}`)).toHaveAttribute('data-sign', 'ok');
  }
  await expect(page.getByTestId('connection-feed-market-1')).toContainText('Connected');
  await expect(health).toContainText('weight');
  await expect(page.getByTestId('health-unknown')).toHaveAttribute('data-sign', 'ok');
  const maximise = async (): Promise<void> => {
    await page.getByTestId('link-health').click();
    await page.getByTestId('dock.maximise').click();
  };
  await maximise();
  await expect(desk.last()).toBeHidden();
  await shot(page, 'health-1-in-order', 'health', { x: 0, y: 0, width: 1920, height: 370 });
  await maximise();
  await expect(desk.last()).toBeVisible();
  await desk.go('log');
});

test('the Log filters, pauses and exports', async ({ window }) => {
  const { page, desk } = window;
  const log = page.getByTestId('panel-log');
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  working = await desk.place('b 3 SOLUSDT bid-0.3%', /3 SOLUSDT/);
  await expect(desk.order(working)).toContainText('Working');
  await desk.go('log');
  await expect(log.locator('.ag-row').last()).toBeVisible();
  await expect(log).toContainText('ORDER_CHANGED');
  await log.getByRole('radio', { name: 'warn' }).click();
  await expect(log).not.toContainText('ORDER_CHANGED');
  await log.getByRole('radio', { name: 'debug' }).click();
  await log.getByLabel('Text').fill(working);
  await expect(page.getByTestId('log-counts')).toHaveText(/^[1-9] of /);
  await expect(log).toContainText(`${working} is Accepted`);
  const download = page.waitForEvent('download');
  await log.getByRole('button', { name: 'Export' }).click();
  const exported = readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(exported.length).toBeGreaterThan(1);
  for (const line of exported) expect(line).toContain(working);
  await log.getByLabel('Text').fill('');
  await log.getByRole('button', { name: 'Pause' }).click();
  await expect(log.getByRole('button', { name: 'Follow' })).toBeVisible();
  await shot(page, 'log-1');
  await log.getByRole('button', { name: 'Follow' }).click();
});

test('Order truth shows who said what, and asks again by one key', async ({ window }) => {
  const { page, desk } = window;
  await desk.go('orders');
  await desk.order(working).click();
  await desk.go('order-truth');
  const truth = page.getByTestId('truth-order');
  await expect(truth).toHaveAttribute('data-order', working);
  await expect(page.getByTestId('truth-outcome')).toHaveText('Confirmed');
  await expect(page.getByTestId('source-UserStream')).toHaveAttribute('data-verdict', 'Agrees');
  await expect(page.getByTestId('source-RequestAnswer')).toHaveAttribute('data-verdict', 'Agrees');
  await expect(page.getByTestId('source-Query')).toHaveCount(0);
  await page.keyboard.press('Alt+Q');
  await expect(page.getByTestId('source-Query')).toHaveAttribute('data-verdict', 'Agrees');
  await expect(page.getByTestId('source-Query')).toContainText('Accepted');
  await shot(page, 'truth-1-confirmed', 'order-truth');
});

test('an order the venue does not answer is Unknown here until it does', async ({ window }) => {
  const { page, desk } = window;
  const sandbox = await desk.pidOf('sandbox');
  await desk.go('order-truth');
  process.kill(sandbox, 'SIGSTOP');
  const lost = await desk.place('b 2 SOLUSDT bid-0.4%', /2 SOLUSDT/).finally(() => undefined);
  try {
    await expect(desk.order(lost)).toContainText('Unknown');
    const doubtful = page.getByTestId('truth-doubtful');
    await expect(doubtful).toHaveAttribute('data-count', '1');
    await doubtful.getByRole('button').first().click();
    await expect(page.getByTestId('truth-order')).toHaveAttribute('data-order', lost);
    await expect(page.getByTestId('truth-outcome')).toHaveText('Unknown');
    await expect(page.getByTestId('engine-sign')).not.toHaveAttribute('data-sign', 'ok');
    await shot(page, 'truth-2-unknown');
  } finally {
    process.kill(sandbox, 'SIGCONT');
  }
  // It reached the exchange or it did not: what counts is that this is found out.
  // The second answer that it is not there is asked for five seconds after the first.
  const known = { timeout: 40_000 };
  await expect(page.getByTestId('truth-outcome')).toHaveText(/Confirmed|Refused/, known);
  await expect(page.getByTestId('truth-doubtful')).toHaveAttribute('data-count', '0');
});

test('the exchange dies: its connections go bad in Health and come back', async ({ window }) => {
  const { page, desk } = window;
  const market = page.getByTestId('connection-feed-market-1');
  const account = page.getByTestId('connection-trade-account');
  await expect(market).toHaveAttribute('data-sign', 'ok');
  // Only what changes is kept: what is bad from before would not be seen to turn bad.
  await expect(page.getByTestId('engine-sign')).not.toHaveAttribute('data-sign', 'bad');
  await desk.watchSigns();
  // It is told once a second: an exchange that is back sooner may die unseen, and does so again.
  await expect(async () => {
    process.kill(await desk.pidOf('sandbox'), 'SIGKILL');
    await expect.poll(() => desk.seenSigns(), { timeout: 4000 }).toMatch(/engine-sign bad/);
  }).toPass();
  await expect.poll(() => desk.seenSigns()).toMatch(/feed-market-1 (warn|bad)/);
  await shot(page, 'health-2-exchange-dead');
  await expect.poll(() => desk.seenSigns()).toMatch(/trade-account (warn|bad)/);
  await expect(market).toHaveAttribute('data-sign', 'ok');
  await expect(account).toHaveAttribute('data-sign', 'ok');
  await expect(page.getByTestId('process-sandbox').locator('td').nth(3)).toHaveText(/^[1-9]$/);
  await desk.go('log');
  const log = page.getByTestId('panel-log');
  await log.getByLabel('Text').fill('sandbox restarting');
  await expect(log).toContainText('PROCESS_RESTARTING');
  await log.getByLabel('Text').fill('');
});

test('the panels can be read in a narrow column', async ({ window }) => {
  const { page, desk } = window;
  await desk.go('order-truth');
  await page.getByTestId('truth-doubtful').waitFor();
  for (const panel of ['health', 'log', 'order-truth'] as const) {
    await desk.go(panel);
    const element = page.getByTestId(`panel-${panel}`);
    await element.evaluate((column) => {
      column.style.setProperty('width', '330px', 'important');
      column.style.setProperty('height', '900px', 'important');
      column.style.position = 'fixed';
      column.style.top = '0';
      column.style.zIndex = '99';
    });
    const inner = element.locator('.panel').first();
    await expect.poll(() => inner.evaluate((one) => one.clientWidth)).toBe(330);
    // Nothing is wider than the column but what scrolls by itself.
    expect(await inner.evaluate((one) => one.scrollWidth)).toBeLessThanOrEqual(330);
    await element.screenshot({ path: `build/e2e/narrow-${panel}.png` });
  }
});

test('a panel that breaks breaks alone: it says so, gives a report, and is loaded again', async ({
  window,
}) => {
  const { page } = window;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('Control+K');
  await page.keyboard.type('>add panel health');
  const first = page.getByTestId('line-options').getByRole('option').first();
  await expect(first).toContainText('Add panel: Health');
  // What the panel does first when it is drawn fails.
  await page.evaluate(() => {
    const { setInterval } = globalThis;
    Object.assign(globalThis, {
      healed: () => Object.assign(globalThis, { setInterval }),
      setInterval: () => {
        throw new Error('made to fail');
      },
    });
  });
  await page.keyboard.press('Enter');
  const broken = page.getByText('Health stopped').locator('..');
  await expect(broken).toContainText('made to fail');
  await expect(page.getByTestId('ladder-row').first()).toBeVisible();
  await shot(page, 'panel-broken');
  await broken.getByRole('button', { name: 'Copy report' }).click();
  await expect(broken.getByRole('button', { name: 'Copied' })).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toMatch(/^Quarterdeck, panel Health, .*\n.*Chrome.*\nError: made to fail\n/s);
  await page.evaluate(() => (globalThis as unknown as { healed: () => void }).healed());
  await broken.getByRole('button', { name: 'Reload panel' }).click();
  await expect(broken).toHaveCount(0);
  await expect(page.getByTestId('panel-health')).toHaveCount(2);
});
