import { test } from '../fixtures/exchange-test.ts';
import { expect, shot } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

test.use({ seed: 29 });
test.describe.configure({ mode: 'serial', timeout: 180_000 });

/** Looks at every order's place, at least. */
const LOOKS = 20;
/** Times that a sale is tried against the best bid while an order of ours rests there: the market may be faster. */
const MOST_SALES = 40;

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
  await desk.place('b 9 SOLUSDT mkt', /9 SOLUSDT/);
  const placed = [await desk.place('b 3 SOLUSDT bid-0.3%', /3 SOLUSDT/)];
  const least = new Map<string, number>();
  let fell = 0;
  let looks = 0;
  /** Reads what is shown, then asks the exchange, for a queue only gets shorter before an order; gives the orders that rest there. */
  const look = async (): Promise<ReadonlySet<string>> => {
    const rows = await desk
      .orderRows()
      .evaluateAll((all) =>
        all.map((row) => [
          row.getAttribute('row-id') ?? '',
          row.querySelector('[col-id="queue"]')?.textContent ?? '',
        ]),
      );
    const shown = new Map(rows.map(([id = '', text = '']) => [id, text]));
    const theirs = new Map(
      (await exchange.queues()).map((row) => [String(row['clientOrderId']), row]),
    );
    for (const id of placed) {
      const text = shown.get(id) ?? '';
      const [ahead, level] = text.split(' / ').map(printed);
      const truth = theirs.get(id);
      if (ahead === undefined || level === undefined || truth === undefined) continue;
      expect(ahead.value + ahead.rounding, text).toBeGreaterThanOrEqual(Number(truth['ahead']));
      expect(ahead.value, text).toBeLessThan(level.value + level.rounding);
      if (ahead.value < (least.get(id) ?? 0)) fell += 1;
      least.set(id, Math.min(least.get(id) ?? Infinity, ahead.value));
      looks += 1;
    }
    return new Set(theirs.keys());
  };
  for (let sale = 0; sale < MOST_SALES && (looks < LOOKS || fell === 0); sale += 1) {
    const order = await desk.place('b 3 SOLUSDT bid', /3 SOLUSDT/);
    placed.push(order);
    const isKnownOrGone = async (): Promise<boolean> =>
      !(await look()).has(order) || least.has(order);
    await expect.poll(isKnownOrGone).toBe(true);
    // Those who stand before it are served first.
    await desk.place('s 0.2 SOLUSDT mkt', /0\.2 SOLUSDT/);
    const enough = looks + 5;
    const isSeenOrGone = async (): Promise<boolean> => !(await look()).has(order) || looks > enough;
    await expect.poll(isSeenOrGone).toBe(true);
  }
  expect(fell).toBeGreaterThan(0);
  expect(looks).toBeGreaterThanOrEqual(LOOKS);
  console.log(`reached ${looks} places compared, ${fell} times less stood ahead than before`);
});

test('the ladder says it beside the tag, the ticket before the order is sent', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = new LadderPage(page);
  const id = await desk.place('b 5 SOLUSDT bid-0.06%', /5 SOLUSDT/);
  await expect(desk.order(id).locator('[col-id="queue"]')).toContainText(/ \/ /);
  await ladder.centre();
  const own = ladder.panel.locator('.own', { has: page.getByTestId('ladder-order-tag') });
  await expect(own.getByTestId('ladder-ahead').first()).toHaveText(/^[\d.,]+k?$/);
  await shot(page, 'queue');
  // A number that lost its first digit would be another one: it is shown whole or not at all.
  for (const width of [1280, 1440, 1600, 1920]) {
    await page.setViewportSize({ width, height: 1000 });
    await ladder.centre();
    const cut = await own.getByTestId('ladder-ahead').evaluateAll((texts) =>
      texts.flatMap((text) => {
        const [inner, outer] = [text, text.parentElement ?? text].map((one) =>
          one.getBoundingClientRect(),
        );
        if (inner === undefined || outer === undefined || inner.top >= outer.bottom) return [];
        const whole = inner.left >= outer.left && inner.right <= outer.right;
        return whole ? [] : [text.textContent];
      }),
    );
    expect(cut, `at ${width}`).toEqual([]);
    await expect(own.getByTestId('ladder-order-tag').first()).toBeInViewport();
  }
  expect(window.complaints).toEqual([]);
});
