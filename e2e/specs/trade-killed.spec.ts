import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, shot, test } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

test.use({ deskArguments: ['--seed', '15', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

/** The working order that must outlive its process. */
let working = '';

test('trade dies with an order at the venue and a position: the desk says so and locks', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  const bought = await desk.place('b 5 SOLUSDT mkt', /5 SOLUSDT/);
  await expect(desk.order(bought)).toContainText('Filled');
  working = await desk.place('b 3 SOLUSDT bid-0.3%', /3 SOLUSDT/);
  await expect(desk.order(working)).toContainText('Working');
  const row = page.getByTestId('process-trade');
  const pid = await desk.pidOf('trade');
  await expect(row).toContainText('Running');
  const { pid: parent } = JSON.parse(
    readFileSync(path.join(deskProcess.dataFolder, 'run/engine.json'), 'utf8'),
  ) as { pid: number };
  expect(pid).not.toBe(parent);
  await desk.watchBanners();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => desk.seenBanners()).toMatch(/Trading process/);
  await expect(row).toContainText('Running');
  await expect(row.locator('td').nth(2)).not.toHaveText(String(pid));
  await expect(row.locator('td').nth(3)).toHaveText('1');
  await expect(page.getByTestId('process-feed').locator('td').nth(3)).toHaveText('0');
  await shot(page, 'killed-1-restarted');
  await expect(desk.tradingState).toHaveAttribute('data-state', 'Locked');
  await expect(desk.arming).toHaveAttribute('data-arming', 'Locked');
});

test('the order and the position are back, proved against the venue', async ({ window }) => {
  const { page, desk } = window;
  await desk.go('positions');
  await expect(desk.positions.locator('.ag-row', { hasText: 'SOLUSDT' })).toContainText('+4.995');
  await desk.go('orders');
  await expect(desk.order(working)).toContainText('Working');
  await expect(page.getByTestId('truth-strip')).toContainText('Agrees with the venue');
  await expect(page.getByTestId('truth-unknown')).toHaveCount(0);
  await shot(page, 'killed-2-recovered');
});

test('after unlocking and arming by hand it can be cancelled and traded again', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.unlock();
  await expect(desk.arming).toHaveAttribute('data-arming', 'Disarmed');
  await desk.arm();
  await desk.send(`cancel ${working}`, /Cancel order/);
  await expect(desk.order(working)).toContainText('Canceled');
  const sold = await desk.place('s 4 SOLUSDT mkt', /4 SOLUSDT/);
  await expect(desk.order(sold)).toContainText('Filled');
  await new LadderPage(page).centre();
  await shot(page, 'killed-3-traded');
});

test('the session with its two lives runs again to the same state', async ({
  deskProcess,
  window,
}) => {
  await window.page.close();
  expect(await deskProcess.stop(), deskProcess.stderr).toBe(0);
  const replay = await deskProcess.run('journal', 'replay', '--json');
  const { sessions } = JSON.parse(replay.stdout) as { sessions: unknown[] };
  expect(sessions).toEqual([expect.objectContaining({ agrees: true, chain: 'intact' })]);
  expect(replay.status).toBe(0);
});
