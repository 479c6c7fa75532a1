import { expect, shot, test } from '../fixtures/test.ts';
import { LadderPage } from '../pages/ladder-page.ts';

test.use({ deskArguments: ['--seed', '17', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

test('the command field finds instruments, panels and commands; Enter does what is chosen', async ({
  window,
}) => {
  const { page, desk } = window;
  const options = page.getByTestId('line-options').getByRole('option');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('ethu');
  await expect(options.first()).toContainText('ETHUSDT');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel-chart').locator('.sym')).toHaveText('ETHUSDT');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('heal');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel-health')).toBeVisible();
  await page.keyboard.press('Control+K');
  await page.keyboard.type('nobody');
  await expect(options.first()).toContainText('Disarm when nobody is there');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-setting="trading.disarmAfterMinutes"] input')).toBeFocused();
  await page.keyboard.press('Control+K');
  await expect(options.nth(1)).toContainText('Go to Health');
  await page.keyboard.type('>flat');
  await expect(options.first()).toContainText('Flatten');
  await shot(page, 'palette-commands');
  await desk.leave();
});

test('what sends is never chosen by itself, and is previewed before Enter', async ({ window }) => {
  const { page, desk } = window;
  await page.keyboard.press('Control+K');
  await page.keyboard.type('>buy at the row');
  const first = page.getByTestId('line-options').getByRole('option').first();
  await expect(first).toContainText('sends');
  await expect(first).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect(desk.preview).toContainText('Enter sends nothing');
  await shot(page, 'palette-order');
  await desk.leave();
  expect(await desk.orderIds()).toEqual([]);
});

test('a key is bound by pressing it; one of the browser and one that is taken are refused', async ({
  window,
}) => {
  const { page, desk } = window;
  // A field of Settings had the keyboard: there it would be a letter.
  await desk.go('ladder');
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await expect(page.getByTestId('order-scope')).toContainText('SANDBOX');
  await page.keyboard.type('join');
  await expect(sheet.locator('.key-row')).toHaveCount(2);
  await shot(page, 'key-sheet');
  await sheet.getByRole('button', { name: 'Change keys' }).click();
  const row = page.getByTestId('key-row-ladder.join-bid');
  const change = row.getByRole('button', { name: 'Change the key' });
  await change.click();
  await page.keyboard.press('F5');
  await expect(row).toContainText('the browser loads the page anew');
  await change.click();
  await page.keyboard.press('h');
  await expect(row).toContainText('H is "Hit the bid, no worse" in the ladder');
  await shot(page, 'key-editor-taken');
  await row.getByRole('button', { name: 'Take it from there' }).click();
  await expect(row).toContainText('dry run');
  await shot(page, 'key-editor');
  const editor = page.getByRole('dialog', { name: 'Change keys' });
  await editor.getByRole('radio', { name: 'Letters over the ladder' }).click();
  await expect(page.getByTestId('key-row-ladder.buy-market')).toContainText(/dry run.*W/);
  await expect(row).toContainText('H');
  await editor.getByRole('radio', { name: 'Standard' }).click();
  const file = { name: 'keys.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
  await editor.getByLabel('Key map file').setInputFiles(file);
  await expect(editor).toContainText('Not imported: kind must be "quarterdeck keys", was missing');
  await desk.leave();
});

test('a new order key shows what it would send until it is confirmed, then sends once', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.link('SOLUSDT');
  await desk.unlock();
  await desk.arm();
  await expect(page.getByTestId('padlock')).toHaveText(['Armed', 'Armed', 'Armed', 'Armed']);
  await new LadderPage(page).centre();
  await page.keyboard.press('h');
  const dialog = page.getByRole('alertdialog', { name: 'Dry run' });
  await expect(dialog).toContainText('Nothing was sent');
  await expect(page.getByTestId('dry-run-preview')).toContainText(/SOLUSDT.*limit.*post only/);
  await expect(dialog).not.toContainText('Asking risk');
  await shot(page, 'dry-run', 'dry-run');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  expect(await desk.orderIds()).toEqual([]);
  await page.keyboard.press('h');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await page.keyboard.press('h');
  await expect(desk.orderRows()).toHaveCount(1);
  // It rests, fills or is rejected, as the market goes: one was sent.
  await expect(desk.orderRows().first()).toContainText(/Buy.*5\.000/);
});

test('a panel keeps the keyboard when it is drawn anew for another instrument', async ({
  window,
}) => {
  const { page, desk } = window;
  const ladder = page.getByTestId('panel-ladder');
  await desk.go('ladder');
  await expect(ladder.getByLabel('Ladder SOLUSDT')).toBeFocused();
  await page.keyboard.press('Control+K');
  await page.keyboard.type('ETHUSDT');
  await expect(page.getByRole('option', { name: /ETHUSDT/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(ladder.getByLabel('Ladder ETHUSDT')).toBeFocused();
  await page.getByTestId('watch-SOLUSDT').evaluate((row: HTMLElement) => row.click());
  await expect(ladder.getByLabel('Ladder SOLUSDT')).toBeFocused();
});

test('the chosen order moves by ticks and the newest is cancelled, by key', async ({ window }) => {
  const { page, desk } = window;
  const working = desk.orderRows().filter({ hasText: 'Working' });
  await desk.go('ladder');
  await page.keyboard.press('[');
  await expect(working).toHaveCount(0);
  // Far enough to rest, on rows high enough to be in sight.
  await page.getByTestId('panel-ladder').locator('select').selectOption({ label: '10 ticks' });
  const placed = await desk.place('b 1 SOLUSDT bid-0.3%', /Risk passes/);
  await expect(working).toHaveCount(1);
  await desk.go('ladder');
  await page.keyboard.press('c');
  await page.keyboard.press('o');
  await expect(page.locator('.tag.chosen')).toHaveCount(1);
  await page.keyboard.press('Control+ArrowDown');
  await expect(desk.order(placed)).toContainText('Canceled');
  await expect(working).toHaveCount(1);
  await expect(page.locator('.tag.chosen')).toHaveCount(1);
  await shot(page, 'ladder-chosen');
  // A size above those that are shown: the next of the series but one.
  await page.keyboard.press('7');
  const shown = page.getByTestId('panel-ladder').locator('.sizes .chip.on:not(.volume-chip)');
  await expect(shown).toHaveCount(0);
  await page.keyboard.press('3');
  await expect(shown).toHaveCount(1);
  await page.keyboard.press('Backspace');
  await expect(working).toHaveCount(0);
});

test('the keys come back with the window', async ({ window }) => {
  const { page, desk } = window;
  await page.reload();
  await expect(page.getByTestId('trading-state')).toHaveAttribute('data-state', 'Active');
  await page.keyboard.press('?');
  await page.keyboard.type('join the bid');
  const key = page.getByRole('dialog', { name: 'Keys' }).locator('.key-row').first();
  await expect(key.locator('kbd')).toHaveText('H');
  await expect(key).not.toContainText('dry run');
  await desk.leave();
});

test('a new page is disarmed, and the padlock of a panel arms it without taking the keyboard', async ({
  window,
}) => {
  const { page, desk } = window;
  const padlock = page.getByTestId('panel-chart').getByTestId('padlock');
  await expect(padlock).toHaveText('Disarmed');
  await desk.go('ladder');
  await padlock.click();
  await expect(page.getByTestId('padlock')).toHaveText(['Armed', 'Armed', 'Armed', 'Armed']);
  await expect(desk.arming).toContainText(/Armed1[45]:\d\d left/);
  await shot(page, 'armed');
  await page.keyboard.press('Control+L');
  await expect(padlock).toHaveText('Disarmed');
  expect(window.complaints).toEqual([]);
});
