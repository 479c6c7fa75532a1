import { expect, shot, test } from '../fixtures/test.ts';

test('trades are put together to the orders that took, which is kept with the panel', async ({
  window,
}) => {
  const { page, complaints } = window;
  const panel = page.getByTestId('panel-time-and-sales');
  const tape = panel.getByRole('log', { name: 'Trades' });
  const orders = panel.getByRole('button', { name: 'Orders' });
  const several = tape.locator('.tk', { has: page.locator('.fills') });
  await expect(tape.locator('.tk').nth(20)).toBeVisible({ timeout: 30_000 });
  await expect(several).toHaveCount(0);

  await tape.focus();
  await page.keyboard.press('g');
  await expect(orders).toHaveAttribute('aria-pressed', 'true');
  await expect(several.first()).toBeVisible({ timeout: 60_000 });
  // Title and side of one line at one moment: the tape goes on.
  const { title, bought } = await several
    .first()
    .evaluate((line: HTMLElement) => ({ title: line.title, bought: line.matches('.buy') }));
  const [, fills = '', from = '', to = ''] =
    /^(\d+) fills of one order, ([\d,.]+) to ([\d,.]+)$/.exec(title) ?? [];
  expect(Number(fills)).toBeGreaterThan(1);
  const number = (text: string): number => Number(text.replaceAll(',', ''));
  // An order takes the best price first.
  expect(Math.sign(number(to) - number(from)) * (bought ? 1 : -1)).toBeGreaterThanOrEqual(0);
  await shot(page, 'tape-orders');

  await page.reload();
  await expect(orders).toHaveAttribute('aria-pressed', 'true');
  await expect(several.first()).toBeVisible({ timeout: 60_000 });
  await orders.click();
  await expect(orders).toHaveAttribute('aria-pressed', 'false');
  await expect(several).toHaveCount(0);
  expect(complaints).toEqual([]);
});
