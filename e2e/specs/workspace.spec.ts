import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { DeskPage } from '../pages/desk-page.ts';
import { expect, shot, test } from '../fixtures/test.ts';

test.use({
  deskArguments: ['--seed', '19', '--limits', 'open'],
  deskFiles: { 'workspace.json': '{"revision":7,"document":{"form":2,"active":' },
});
test.describe.configure({ mode: 'serial' });

/** The second window, once a test has opened it. */
let second: Page;

/** Does what opens a window, and gives that window. */
async function opened(page: Page, act: () => Promise<void>): Promise<Page> {
  const [popup] = await Promise.all([page.context().waitForEvent('page'), act()]);
  return popup;
}

/** Drags until it is heard: on a slow page a drop may come before the page has taken what hangs over it, and is lost. */
async function drag(from: Locator, to: Locator, heard: Locator, words: string): Promise<void> {
  await expect(async () => {
    await from.dragTo(to, { steps: 4 });
    await expect(heard).toHaveText(words, { timeout: 3000 });
  }).toPass();
}

test('a workspace file that is damaged is named, kept, and replaced by the default', async ({
  window,
  deskProcess,
}) => {
  const { page, desk } = window;
  await expect(desk.toasts).toContainText('Workspace file not used');
  await expect(desk.toasts).toContainText('workspace.json.damaged');
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  expect(readdirSync(deskProcess.dataFolder)).toContain('workspace.json.damaged');
  await shot(page, 'workspace-1-damaged');
  await desk.toasts.getByRole('button', { name: 'Dismiss' }).first().click();
});

/** What hangs at a pointer between two windows. */
interface DragData {
  readonly items: { mimeType: string; data: string }[];
  readonly dragOperationsMask: number;
}

/** Drags between two windows: what the browser takes out of the first when a drag begins is given to the other, as the system does between windows. */
async function dragAcross(from: Locator, to: Locator, over: () => Promise<void>): Promise<void> {
  const middle = async (place: Locator): Promise<{ x: number; y: number }> => {
    const box = await place.boundingBox();
    if (box === null) throw new Error('nothing to drag');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const [first, other] = await Promise.all(
    [from, to].map((place) => place.page().context().newCDPSession(place.page())),
  );
  if (first === undefined || other === undefined) throw new Error('no session');
  await first.send('Input.setInterceptDrags', { enabled: true });
  const taken = new Promise<DragData>((resolve) =>
    first.once('Input.dragIntercepted', ({ data }) => resolve(data)),
  );
  const begin = await middle(from);
  const mouse = { button: 'left', buttons: 1, clickCount: 1 } as const;
  await first.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...begin, ...mouse });
  for (const moved of [8, 24]) {
    const at = { x: begin.x + moved, y: begin.y };
    await first.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...at, ...mouse });
  }
  const data = await taken;
  const end = await middle(to);
  for (const type of ['dragEnter', 'dragOver'] as const) {
    await other.send('Input.dispatchDragEvent', { type, ...end, data });
  }
  await over();
  await other.send('Input.dispatchDragEvent', { type: 'drop', ...end, data });
  await first.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...begin, ...mouse });
  await first.send('Input.setInterceptDrags', { enabled: false });
  await Promise.all([first.detach(), other.detach()]);
}

/** What a splitter says of itself, pixels. */
async function standsAt(splitter: Locator): Promise<{ now: number; least: number; most: number }> {
  const [now = 0, least = 0, most = 0] = await Promise.all(
    ['now', 'min', 'max'].map(async (which) =>
      Number(await splitter.getAttribute(`aria-value${which}`)),
    ),
  );
  return { now, least, most };
}

/** The share of the second part of the first column that main keeps. */
function keptShare(dataFolder: string): number {
  interface Node {
    readonly kind: string;
    readonly share: number;
    readonly children?: readonly Node[];
  }
  const text = readFileSync(path.join(dataFolder, 'workspace.json'), 'utf8');
  const { document } = JSON.parse(text) as {
    document: { workspaces: readonly { windows: readonly { layout: Node }[] }[] };
  };
  const [first, second] = document.workspaces[0]?.windows[0]?.layout.children?.[0]?.children ?? [];
  if (first === undefined || second === undefined) return Number.NaN;
  return second.share / (first.share + second.share);
}

test('a splitter is moved by key and by mouse, to its ends and no further, and stays there', async ({
  window,
  deskProcess,
}) => {
  const { page } = window;
  const splitter = page.getByRole('separator', { name: /^Between .*Chart and Orders$/ });
  const chart = page.getByTestId('panel-chart');
  await expect(splitter).toHaveAttribute('aria-orientation', 'horizontal');
  const begun = await standsAt(splitter);
  const height = async (): Promise<number> => (await chart.boundingBox())?.height ?? 0;
  const tall = await height();
  await splitter.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(splitter).toHaveAttribute('aria-valuenow', String(begun.now + 32));
  await expect.poll(height).toBe(tall + 32);
  await shot(page, 'workspace-1-splitter');
  await page.keyboard.press('Home');
  await expect(splitter).toHaveAttribute('aria-valuenow', String(begun.least));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await expect(splitter).toHaveAttribute('aria-valuenow', String(begun.most));
  await expect(page.getByTestId('panel-orders')).toBeVisible();
  const box = await splitter.boundingBox();
  if (box === null) throw new Error('no splitter');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 160, { steps: 3 });
  await page.mouse.up();
  await expect(splitter).toHaveAttribute('aria-valuenow', String(begun.most - 160));
  // Eighty pixels are the least of the part below.
  const share = 240 / (begun.most + 80);
  await expect.poll(() => keptShare(deskProcess.dataFolder)).toBeCloseTo(share, 3);
  await page.reload();
  await expect(splitter).toHaveAttribute('aria-valuenow', String(begun.most - 160));
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.lock').click();
  await expect(splitter).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.lock').click();
  await expect(splitter).not.toHaveAttribute('aria-disabled');
});

test('panels whose tabs have no room are reached by mouse and by key', async ({ window }) => {
  const { page } = window;
  const edge = page.getByRole('separator', { name: /Orders and Ladder$/ });
  await edge.focus();
  await page.keyboard.press('Home');
  await expect(edge).toHaveAttribute('aria-valuenow', '284');
  const more = page
    .locator('.lm_header')
    .filter({ has: page.getByTestId('tab-orders') })
    .getByTestId('more-tabs');
  await expect(more).toHaveAccessibleName(/^\d more panels?$/);
  await shot(page, 'workspace-1-more');
  await more.click();
  await page.getByTestId('more-menu').getByRole('menuitem', { name: 'Log' }).click();
  await expect(page.getByTestId('panel-log').locator(':focus')).toHaveCount(1);
  await more.focus();
  await page.keyboard.press('Enter');
  const menu = page.getByTestId('more-menu');
  await expect(menu.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('End');
  const last = (await menu.locator(':focus .words').innerText()).toLowerCase().replace(' ', '-');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(`panel-${last}`)).toBeVisible();
  await expect(page.getByTestId('panel-log')).not.toBeVisible();
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.reset').click();
  await expect(more).toBeHidden();
  await expect(page.getByTestId('panel-orders')).toBeVisible();
});

test('another workspace disarms, and has the panels of its starter', async ({ window }) => {
  const { page, desk } = window;
  await desk.unlock();
  await desk.arm();
  await page.keyboard.press('F10');
  await expect(page.getByTestId('workspace-menu')).toBeVisible();
  await shot(page, 'workspace-2-menu');
  await page.getByTestId('workspace.create.market-maker').click();
  await expect(desk.arming).toHaveAttribute('data-arming', 'Disarmed');
  await expect(page.getByTestId('panel-ladder')).toHaveCount(2);
  await shot(page, 'workspace-3-market-maker', 'workspace');
  await page.getByTestId('workspaces').getByRole('button', { name: 'Scalper' }).click();
  await expect(page.getByTestId('panel-ladder')).toHaveCount(1);
});

test('a panel moves to a new window and follows its link group there', async ({ window }) => {
  const { page, desk } = window;
  await page.getByTestId('panel-chart').getByRole('radio', { name: '5m', exact: true }).click();
  await page.getByTestId('link-chart').click();
  await expect(page.getByTestId('panel-menu')).toBeVisible();
  await shot(page, 'workspace-4-panel-menu');
  second = await opened(page, () => page.getByTestId('dock.move.new').click());
  const interval = second.getByTestId('panel-chart').getByRole('radio', { checked: true });
  await expect(interval).toHaveText('5m');
  await expect(page.getByTestId('panel-chart')).toHaveCount(0);
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  await new DeskPage(second).last().waitFor();
  const name = 'ETHUSDT';
  await desk.link(name, second);
  await second.getByTestId('link-chart').click();
  await second.getByTestId('dock.link.3').click();
  await page.keyboard.press('ArrowDown');
  await expect(second.getByTestId('link-chart')).toHaveAttribute('data-group', '3');
  await expect(second.getByTestId('panel-chart').locator('.sym')).toHaveText(name);
  await shot(second, 'workspace-5-second-window');
  await expect(desk.toasts).not.toContainText('not changed');
});

test('a panel moves between two windows that are open, there and back', async ({ window }) => {
  const { page } = window;
  await second.getByTestId('link-chart').click();
  await second.getByTestId('dock.move.Window 1').click();
  await expect(page.getByTestId('panel-chart')).toBeVisible();
  await expect(second.getByTestId('empty-window')).toBeVisible();
  await page.getByTestId('link-chart').click();
  await page.getByTestId('dock.move.Window 2').click();
  await expect(second.getByTestId('panel-chart')).toBeVisible();
  await expect(page.getByTestId('panel-chart')).toHaveCount(0);
});

test('an instrument is dragged to a panel and sent to one by key; charts linked in interval and time go together', async ({
  window,
}) => {
  const { page, desk } = window;
  await desk.go('orders');
  await page.keyboard.press('Control+2');
  const chart = page.getByTestId('panel-chart');
  await expect(chart.locator('.sym')).toHaveText('SOLUSDT');
  for (const shown of [page, second]) {
    await shown.getByTestId('link-chart').click();
    for (const item of ['interval', 'time']) {
      await shown.getByTestId(`dock.what.${item}`).click();
      await expect(shown.getByTestId(`dock.what.${item}`)).toHaveAttribute('aria-checked', 'true');
    }
    await shown.getByTestId('dock.link.3').click();
    await expect(shown.getByTestId('link-chart')).toHaveAttribute('data-group', '3');
  }
  await drag(page.getByTestId('watch-BTCUSDT'), chart, chart.locator('.sym'), 'BTCUSDT');
  await expect(second.getByTestId('panel-chart').locator('.sym')).toHaveText('BTCUSDT');
  await expect(page.getByTestId('tab-ladder').locator('.tab-sym')).toHaveText('SOLUSDT');
  // Also over a field: it is shown, not typed.
  const field = page.getByTestId('panel-ticket').locator('input').first();
  const ladder = page.getByTestId('tab-ladder').locator('.tab-sym');
  await drag(chart.locator('.sym'), field, ladder, 'BTCUSDT');
  await chart.getByRole('radio', { name: '1m', exact: true }).click();
  const interval = second.getByTestId('panel-chart').getByRole('radio', { checked: true });
  await expect(interval).toHaveText('1m');
  const followed = second.getByTestId('panel-chart').locator('.legend');
  const pointed = chart.locator('.legend');
  await expect(followed).toContainText('O ');
  await expect(pointed).toContainText('O ');
  const newest = /O [\d,.]+/.exec((await pointed.textContent()) ?? '')?.[0] ?? 'none';
  await expect(async () => {
    await chart.locator('.canvas').hover({ position: { x: 120, y: 40 } });
    const text = (await pointed.textContent()) ?? '';
    expect(text).not.toContain(newest);
    await expect(followed).toHaveText(text, { timeout: 1000 });
  }).toPass();
  await shot(page, 'workspace-5-linked-time');
  await page.getByTestId('watch-ETHUSDT').click();
  await page.keyboard.press('Alt+I');
  await expect(page.getByTestId('send-menu')).toBeVisible();
  await shot(page, 'workspace-5-send');
  await page
    .getByTestId('send-menu')
    .getByRole('menuitem', { name: /^Chart/ })
    .click();
  await expect(second.getByTestId('panel-chart').locator('.sym')).toHaveText('ETHUSDT');
});

test('an instrument is dragged from one window to a panel of another', async ({ window }) => {
  const { page } = window;
  const shown = second.getByTestId('panel-chart');
  await expect(shown.locator('.sym')).toHaveText('ETHUSDT');
  await dragAcross(page.getByTestId('watch-BTCUSDT'), shown, async () => {
    await expect(shown).toHaveAttribute('data-drop', /./);
    await shot(second, 'workspace-5-dragged-across');
  });
  await expect(shown.locator('.sym')).toHaveText('BTCUSDT');
  await expect(shown).not.toHaveAttribute('data-drop');
});

test('a window that is closed keeps its panels and is offered again', async ({ window }) => {
  const { page } = window;
  await second.close();
  const restore = page.getByTestId('restore-windows');
  await expect(restore).toHaveText('Restore 1 window');
  await shot(page, 'workspace-6-restore');
  await page.reload();
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  await expect(restore).toHaveText('Restore 1 window');
  second = await opened(page, () => restore.click());
  await expect(second.getByTestId('panel-chart')).toBeVisible();
  await expect(second.getByTestId('link-chart')).toHaveAttribute('data-group', '3');
  await expect(restore).toHaveCount(0);
  const spare = await page.context().newPage();
  await spare.goto(page.url());
  await expect(spare.getByTestId('spare-window')).toContainText('is open elsewhere');
  await second.close();
  await expect(spare.getByRole('button', { name: 'Show Window 2 here' })).toBeVisible();
  await shot(spare, 'workspace-7-spare-window');
  await spare.close();
});

test('a workspace is saved under a name, reset, and comes back from a recovery copy', async ({
  window,
}) => {
  const { page, desk } = window;
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.save-as').click();
  await page.getByTestId('workspace-name').fill('Morning');
  await page.keyboard.press('Enter');
  const bar = page.getByTestId('workspaces');
  await expect(bar.getByRole('button', { name: 'Morning', exact: true })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await page.keyboard.press('F10');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('workspace.export').click(),
  ]);
  await page.keyboard.press('F10');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByTestId('workspace.import').click(),
  ]);
  await chooser.setFiles(await file.path());
  await expect(bar.getByRole('button', { name: 'Morning 2' })).toBeVisible();
  const morning = bar.getByRole('button', { name: 'Morning', exact: true });
  await morning.click();
  await expect(morning).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.delete').click();
  await expect(morning).toHaveCount(0);
  await page.keyboard.press('F10');
  await page.getByTestId('workspace.copies').click();
  await shot(page, 'workspace-8-copies');
  await page.getByTestId('copies').getByRole('button', { name: 'Restore' }).first().click();
  await expect(bar.getByRole('button', { name: 'Morning', exact: true })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await page.getByTestId('restore-windows').waitFor();
  await expect(desk.toasts).not.toContainText('not changed');
});

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
