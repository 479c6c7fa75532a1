import { expect, shot, test } from '../fixtures/test.ts';
import { ACTS, doWithOneHand } from '../pages/one-hand.ts';

test.use({ deskArguments: ['--seed', '29', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });
test.skip(process.env['QD_LONG'] !== '1', 'the long run; blotters.spec.ts does a share of it');

test('a desk with orders at rest, a fill and a position', async ({ window }) => {
  const { desk } = window;
  await desk.unlock();
  await desk.arm();
  await desk.link('SOLUSDT');
  await desk.place('b 3 SOLUSDT bid-0.5%', /3 SOLUSDT/);
  await desk.place('b 2 SOLUSDT bid-0.6%', /2 SOLUSDT/);
  await desk.place('b 4 SOLUSDT mkt', /4 SOLUSDT/);
  await expect(desk.orderRows().filter({ hasText: 'Filled' })).toHaveCount(1);
});

for (const one of ACTS) {
  test(`${one.panel}, by ${one.by} alone: ${one.does}`, ({ window }) => doWithOneHand(one, window));
}

test('the console stayed silent', async ({ window }) => {
  await shot(window.page, 'walk');
  expect(window.complaints).toEqual([]);
});
