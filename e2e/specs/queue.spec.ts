import { test } from '../fixtures/exchange-test.ts';
import { expect, shot } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

test.use({ seed: 29 });
test.describe.configure({ mode: 'serial', timeout: 120_000 });

const ORDERS = ['bid', 'bid-0.01%', 'bid-0.02%', 'bid-0.03%'];
/** Looks at every order's place, at least. */
const LOOKS = 20;

/** A printed quantity, and by how much printing may have made it smaller. */
function printed(text: string): { readonly value: number; readonly rounding: number } {
  const unit = text.endsWith('k') ? 1000 : 1;
  const value = Number(text.replace(/[,k]/g, '')) * unit;
  const decimals = text.replace(/^[^.]*\.?/, '').replace('k', '').length;
  return { value, rounding: (unit / 10 ** decimals) * 0.5 };
}

test('what stands ahead of resting orders is never less than in the exchange\u2019s own queues, and goes down', async ({
  window,
  exchange,
}) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await desk.unlock();
  await desk.arm();
  await desk.go('orders');
  await desk.link('SOLUSDT');
  const placed: string[] = [];
  for (const at of ORDERS) placed.push(await desk.place(`b 3 SOLUSDT ${at}`, /3 SOLUSDT/));
  const least = new Map<string, number>();
  let fell = 0;
  let looks = 0;
  await expect
    .poll(
      async () => {
        const shown: [string, string][] = [];
        for (const id of placed) {
          const cell = desk.order(id).locator('[col-id="queue"]');
          shown.push([id, await cell.evaluate((one) => one.textContent)]);
        }
        // Asked for after what is shown was read: a queue only gets shorter before an order.
        const theirs = new Map(
          (await exchange.queues()).map((row) => [String(row['clientOrderId']), row]),
        );
        for (const [id, text] of shown) {
          const [ahead, level] = text.split(' / ').map(printed);
          const truth = theirs.get(id);
          if (ahead === undefined || level === undefined || truth === undefined) continue;
          expect(ahead.value + ahead.rounding, text).toBeGreaterThanOrEqual(Number(truth['ahead']));
          expect(ahead.value, text).toBeLessThan(level.value + level.rounding);
          if (ahead.value < (least.get(id) ?? 0)) fell += 1;
          least.set(id, Math.min(least.get(id) ?? Infinity, ahead.value));
          looks += 1;
        }
        return looks >= LOOKS && fell > 0;
      },
      { timeout: 90_000 },
    )
    .toBe(true);
  console.log(`reached ${looks} places compared, ${fell} times less stood ahead than before`);
});

test('the ladder says it beside the tag, the ticket before the order is sent', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  const id = await desk.place('b 5 SOLUSDT bid-0.02%', /5 SOLUSDT/);
  await expect(desk.order(id).locator('[col-id="queue"]')).toContainText(/ \/ /);
  await ladder.centre();
  const own = ladder.panel.locator('.own', { has: page.getByTestId('ladder-order-tag') });
  await expect(own.getByTestId('ladder-ahead').first()).toHaveText(/^[\d.,]+k?$/);
  await shot(page, 'queue');
  expect(window.complaints).toEqual([]);
});
