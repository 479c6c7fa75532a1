import { test } from '../fixtures/exchange-test.ts';
import { expect } from '../fixtures/test.ts';
import { expectPicture, quiet, whyNotCompared } from '../pages/approved.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });
test.skip(
  process.env['QD_LONG'] !== '1',
  'the long run; observe.spec.ts looks at the same by its words',
);

test.beforeEach(({ browser }) => {
  const why = whyNotCompared(browser.version());
  test.skip(why !== undefined, why);
});

test('an order that is Unknown, and who said what of it', async ({ window, exchange }) => {
  const { page, desk } = window;
  await page.setViewportSize({ width: 1280, height: 720 });
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  // What is said in passing would be said at another moment each time.
  const list = { kind: 'drop', on: 'rest', request: 'GET /api/v3/openOrders', times: 0 };
  await exchange.fault(list);
  const working = await desk.place('b 2 SOLUSDT 141.50', /2 SOLUSDT/);
  await expect(desk.order(working)).toContainText('Working');
  // The cancel arrives at the exchange; nothing of what it says of it arrives here.
  await exchange.fault({ kind: 'drop', on: 'api', times: 0 });
  await exchange.fault({ kind: 'drop', on: 'rest', times: 0 });
  await desk.send(`cancel ${working}`, /Cancel order/);
  await desk.go('order-truth');
  await expect(page.getByTestId('panel-order-truth')).toContainText('Unknown for');
  await expect(page.getByTestId('source-Query')).toBeVisible();
  await quiet(window);
  await page.getByTestId('link-order-truth').click();
  await page.getByTestId('dock.maximise').click();
  await expectPicture(page, 'state-unknown-1280');
  await exchange.clear();
  await expect(page.getByTestId('truth-doubtful')).toHaveAttribute('data-count', '0', {
    timeout: 40_000,
  });
});
