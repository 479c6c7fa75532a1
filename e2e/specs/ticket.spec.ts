import { expect, shot, test } from '../fixtures/test.ts';
import { TicketPage } from '../pages/ticket-page.ts';

test.use({ deskArguments: ['--seed', '17', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

/** Far enough below the market to rest, near enough to be taken. */
let below = '';

test('what an order costs is known before any fill, at the venue\u2019s rates', async ({
  window,
}) => {
  const { page, desk } = window;
  const ticket = new TicketPage(page);
  await desk.link('SOLUSDT');
  await ticket.go();
  await expect(ticket.cost).toContainText(/Fee if maker0\.100 %/);
  await expect(ticket.cost).toContainText(/venue\u2019s rate, as of \d\d:\d\d:\d\d/);
  await expect(ticket.cost).toContainText('BINANCE sandbox \u00b7 direct');
  await expect(ticket.cost).toContainText('none, paid in full');
  await ticket.fill('Alt+P', 'price', '100');
  await ticket.fill('Alt+Q', 'quantity', '2');
  await expect(ticket.cost).toContainText('To pay, USDT200.00');
  await expect(ticket.cost).toContainText('Received, less fee1.998 SOL');
  await expect(page.getByTestId('ticket-other-unit')).toHaveText('is 200.00 USDT');
  await shot(page, 'ticket-1-folded');
});

test('a quantity in the quote asset goes down to the lot', async ({ window }) => {
  const { page } = window;
  const ticket = new TicketPage(page);
  await ticket.go();
  await ticket.unit.click();
  await expect(ticket.field('quantity')).toHaveValue('200');
  await ticket.fill('Alt+Q', 'quantity', '250.55');
  await expect(page.getByTestId('ticket-other-unit')).toHaveText('is 2.505 SOL, down to the lot');
  await ticket.unit.click();
  await expect(ticket.field('quantity')).toHaveValue('2.505');
});

test('a field that is wrong says what it was and what is accepted', async ({ window }) => {
  const { page } = window;
  const ticket = new TicketPage(page);
  await ticket.go();
  await expect(ticket.field('takeProfit')).toBeHidden();
  await ticket.fill('Alt+R', 'takeProfit', '99');
  await expect(ticket.more).toHaveAttribute('aria-expanded', 'true');
  await expect(ticket.field('takeProfit')).toHaveAttribute('aria-invalid', 'true');
  await expect(ticket.verdict).toContainText('Target lies above the entry at 100.00, was 99.00');
  await shot(page, 'ticket-2-wrong');
  await ticket.fill('Alt+R', 'takeProfit', '');
});

test('a bracket by distance is kept under a name and used again', async ({ window }) => {
  const { page } = window;
  const ticket = new TicketPage(page);
  await ticket.go();
  await ticket.panel.getByRole('radio', { name: 'Ticks' }).click();
  await ticket.fill('Alt+R', 'takeProfit', '50');
  await expect(ticket.panel).toContainText('at 100.50');
  await page.getByTestId('bracket-name').fill('scalp');
  await page.keyboard.press('Enter');
  const kept = ticket.panel.getByRole('button', { name: 'scalp', exact: true });
  await expect(kept).toBeVisible();
  await ticket.fill('Alt+R', 'takeProfit', '');
  await kept.click();
  await expect(ticket.field('takeProfit')).toHaveValue('50');
  await shot(page, 'ticket-3-bracket');
  await ticket.fill('Alt+R', 'takeProfit', '');
});

test('an iceberg goes out under its tag, rests and is listed with both', async ({ window }) => {
  const { page, desk } = window;
  const ticket = new TicketPage(page);
  await desk.unlock();
  await desk.arm();
  const last = Number((await desk.last().textContent())?.replaceAll(',', ''));
  below = (last * 0.98).toFixed(2);
  await ticket.go();
  await ticket.fill('Alt+P', 'price', below);
  await ticket.fill('Alt+Q', 'quantity', '2');
  await ticket.fill('Alt+W', 'display', '3');
  await expect(ticket.verdict).toContainText('Shows less than 2, was 3');
  await ticket.fill('Alt+W', 'display', '0.5');
  await ticket.fill('Alt+G', 'tag', 'open run');
  await expect(ticket.verdict).toContainText('Risk passes');
  await shot(page, 'ticket-4-iceberg');
  await page.keyboard.press('Enter');
  const row = desk.orderRows().first();
  await expect(row).toContainText('Working');
  await expect(row).toContainText('open run, shows 0.5');
  await shot(page, 'ticket-5-resting');
});

test('a market order with a bracket fills and its exit rests under its parent', async ({
  window,
}) => {
  const { page, desk } = window;
  const ticket = new TicketPage(page);
  await ticket.go();
  await ticket.panel.getByRole('radio', { name: 'Market' }).click();
  await ticket.fill('Alt+W', 'display', '');
  await ticket.fill('Alt+G', 'tag', '');
  await ticket.panel.getByRole('radio', { name: '%', exact: true }).click();
  await ticket.fill('Alt+R', 'takeProfit', '2');
  await expect(ticket.verdict).toContainText('Risk passes');
  await page.keyboard.press('Enter');
  const exit = desk.orderRows().filter({ hasText: 'exit of' });
  await expect(exit).toContainText('Working');
  await expect(exit).toContainText('Sell');
  await expect(page.getByTestId('ticket-verdict')).toContainText('Risk passes');
  await shot(page, 'ticket-6-bracket', 'bracket');
});

test('the unfolded section and the brackets are there in the next window', async ({ window }) => {
  const { page } = window;
  const ticket = new TicketPage(page);
  await expect(async () => {
    await page.reload();
    await expect(ticket.more).toHaveAttribute('aria-expanded', 'true', { timeout: 3000 });
  }).toPass();
  await expect(ticket.panel.getByRole('button', { name: 'scalp', exact: true })).toBeVisible();
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
