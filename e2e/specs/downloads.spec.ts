import { expect, shot, test } from '../fixtures/test.ts';

const DAY_MS = 86_400_000;

/** `YYYY-MM-DD`, so many UTC days ago. */
function ago(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}

const SYMBOL = 'BNBUSDT';

test.use({
  deskFiles: {
    [`ticks/BINANCE@sandbox/${SYMBOL}/dropped.jsonl`]: JSON.stringify({
      kind: 'trades',
      day: ago(4),
      rows: 12,
      bytes: 3_000,
      hash: '0'.repeat(64),
      why: 'Budget',
      atNanos: '1700000000000000000',
    }),
  },
});

test('the past is downloaded: asked for, paused over a reload, gone on with, and found on the disk', async ({
  window,
}) => {
  const { page, desk, complaints } = window;
  await page.setViewportSize({ width: 1600, height: 1000 });
  await desk.link(SYMBOL);
  await desk.go('data');
  const data = page.getByTestId('panel-data');
  const form = data.getByRole('form', { name: `Download ${SYMBOL}` });
  await expect(form.getByLabel('to')).toHaveValue(ago(1));

  await form.getByRole('radio', { name: 'Trades' }).click();
  await form.getByLabel('from').fill(ago(2));
  await form.getByLabel('to').fill(ago(0));
  await form.getByLabel('to').press('Enter');
  await expect(form.getByRole('alert')).toHaveText(
    `to must be a day that is over, ${ago(1)} or before, was ${ago(0)}`,
  );
  await form.getByRole('radio', { name: 'Funding' }).click();
  await form.getByLabel('to').fill(ago(1));
  await form.getByRole('button', { name: 'Download' }).click();
  await expect(form.getByRole('alert')).toHaveText(/does not tell funding of the past of BNBUSDT/);

  await form.getByRole('radio', { name: 'Trades' }).click();
  await form.getByRole('button', { name: 'Download' }).click();
  await expect(form.getByRole('alert')).toBeEmpty();
  const row = data.getByTestId('download-1');
  await expect(row).toHaveAttribute('data-state', 'Running');
  await expect(row.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow', '0');
  await shot(page, 'download-runs');
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(row).toHaveAttribute('data-state', 'Paused');

  await page.reload();
  await desk.go('data');
  await expect(row).toHaveAttribute('data-state', 'Paused', { timeout: 30_000 });
  await row.getByRole('button', { name: 'Resume' }).click();
  await expect(row).toHaveAttribute('data-state', 'Done', { timeout: 60_000 });
  await expect(row).toContainText('100 %, 2 of 2 days');

  await data.getByRole('button', { name: 'Look again' }).click();
  for (const days of [1, 2]) {
    await expect(data.getByTestId(`coverage-trades-${ago(days)}`)).toHaveAttribute(
      'data-sign',
      'good',
    );
  }
  // What retention took is not what was never there.
  const calendar = data.getByRole('img', { name: /^trades: 2 of 4 days from .*, 1 dropped$/ });
  await expect(calendar.locator('i').first()).toHaveAttribute('data-sign', 'dropped');
  await expect(calendar.locator('i').first()).toHaveAttribute(
    'title',
    `${ago(4)}: dropped, there was no more room for recorded ticks`,
  );
  await shot(page, 'downloads', 'downloads');
  await row.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toBeHidden();
  await expect(data.getByTestId(`coverage-trades-${ago(1)}`)).toBeVisible();
  expect(complaints).toEqual([]);
});
