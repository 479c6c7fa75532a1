import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { runCommand } from '../fixtures/desk-process.ts';
import { display, ElectronDesk } from '../fixtures/electron-desk.ts';
import { SandboxProcess } from '../fixtures/sandbox-process.ts';
import { shot } from '../fixtures/test.ts';
import { DeskPage } from '../pages/desk-page.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SYMBOL = 'SOLUSDT';
const LAPTOP = display(1, 'Laptop', { x: 0, y: 0, width: 1920, height: 1080 });
const WIDE = display(2, 'Wide', { x: 1920, y: -200, width: 2560, height: 1440 });
/** On the wide one. */
const PLACE = { x: 2200, y: 40, width: 1100, height: 800 };

test.describe.configure({ mode: 'serial' });

/** One desk after the other on one data folder, and the exchange that outlives them. */
let desk: ElectronDesk;
let exchange: SandboxProcess;

test.beforeAll(async () => {
  desk = new ElectronDesk();
  exchange = await SandboxProcess.start(23);
});

test.afterAll(async () => {
  await desk.end();
  await exchange.stop();
});

/** The first window, and the one on the second display. */
let page: Page;
let second: Page;

/** The page is drawn and trading has told its state. */
async function isReady(shown: Page): Promise<void> {
  await expect(new DeskPage(shown).tradingState).toHaveAttribute('data-state', 'Locked', {
    timeout: 30_000,
  });
}

/** What is kept of where windows stand, by the name of the display. */
function keptDisplays(): (string | undefined)[] {
  const text = readFileSync(path.join(desk.dataFolder, 'workspace.json'), 'utf8');
  const { document } = JSON.parse(text) as {
    document: {
      workspaces: { windows: { bounds: { display: { label?: string } } | null }[] }[];
    };
  };
  return document.workspaces.flatMap(({ windows }) =>
    windows.map(({ bounds }) => bounds?.display.label),
  );
}

/** What the desk wrote to its log so far. */
function logText(): string {
  const folder = path.join(desk.dataFolder, 'log');
  const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  return files.join('');
}

async function openOrders(): Promise<number> {
  return (await exchange.ask('/api/v3/openOrders', { symbol: SYMBOL })).length;
}

test('the desk opens in a sandboxed window and an order works by key', async () => {
  await desk.start(exchange, [LAPTOP, WIDE]);
  page = await desk.app.firstWindow();
  console.log(`reached the desk on ${await desk.words()}`);
  await isReady(page);
  const reach = await page.evaluate(() => ({
    node: [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')],
    bridge: Object.keys(Reflect.get(globalThis, 'quarterdeck') as object),
    secure: isSecureContext,
  }));
  expect(reach).toEqual({
    node: ['undefined', 'undefined'],
    bridge: ['ask', 'onTold'],
    secure: true,
  });
  const shown = new DeskPage(page);
  await shown.link(SYMBOL);
  await shown.unlock();
  await shown.arm();
  const order = await shown.place(`b 3 ${SYMBOL} bid-0.5%`, /3 SOLUSDT/);
  await expect(shown.order(order)).toContainText('Working');
  await shot(page, 'electron-1-desk');
});

test('a fill is told of by the system while nobody looks at the desk', async () => {
  await desk.app.evaluate(({ BrowserWindow, Notification }) => {
    for (const window of BrowserWindow.getAllWindows()) window.blur();
    const told: string[] = [];
    Reflect.set(globalThis, 'toldBySystem', told);
    Notification.prototype.show = function show(this: Electron.Notification) {
      told.push(this.title);
    };
  });
  await page.evaluate(() => {
    // Whoever drives a page makes it believe that it has the keyboard.
    document.hasFocus = () => false;
  });
  await new DeskPage(page).place(`b 2 ${SYMBOL} mkt`, /2 SOLUSDT/);
  await expect
    .poll(() => desk.app.evaluate(() => Reflect.get(globalThis, 'toldBySystem') as string[]))
    .toContainEqual(expect.stringMatching(/^Filled /));
});

test('sleep of the machine disarms', async () => {
  const shown = new DeskPage(page);
  await expect(shown.arming).toHaveAttribute('data-arming', 'Armed');
  await desk.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
  await expect(shown.arming).toHaveAttribute('data-arming', 'Disarmed');
});

test('permissions, other addresses, windows of pages and an unprotected key store are refused and named', async () => {
  const asked = await page.evaluate(async () => [
    await Notification.requestPermission(),
    (await navigator.permissions.query({ name: 'geolocation' })).state,
    globalThis.open('https://quarterdeck.example/') === null ? 'no window' : 'a window',
  ]);
  expect(asked).toEqual(['denied', 'denied', 'no window']);
  await page.evaluate(() => location.assign('https://quarterdeck.example/away?secret=1'));
  await expect.poll(() => logText()).toContain('WINDOW_REFUSED');
  await expect.poll(() => logText()).toContain('NAVIGATION_REFUSED');
  expect(logText()).not.toContain('secret=1');
  const backend = await desk.app.evaluate(({ safeStorage }) =>
    process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system',
  );
  expect(logText().includes('KEY_STORE_REFUSED')).toBe(backend === 'basic_text');
  await expect(new DeskPage(page).tradingState).toHaveAttribute('data-state', 'Active');
});

test('the passphrase of the vault is kept by a key store that protects, and by no other', async () => {
  const passphrase = 'a passphrase for this one test';
  const file = path.join(desk.dataFolder, 'electron', 'passphrase.bin');
  const { apiKey, secret } = exchange.key('trading');
  await page.getByTestId('account-selector').click();
  await page.getByTestId('open-accounts').click();
  const panel = page.getByTestId('panel-accounts');
  await page.getByTestId('add-account').click();
  const form = panel.getByRole('form', { name: 'Add an account' });
  await form.getByLabel('Name of the account').fill('kept');
  await form.getByRole('radio', { name: 'This sandbox' }).click();
  await form.getByLabel('API key').fill(apiKey);
  await form.getByLabel('Secret').fill(secret);
  await form.getByLabel('New passphrase of the vault').fill(passphrase);
  await form.getByLabel('The passphrase again').fill(passphrase);
  await form.getByRole('button', { name: 'Check and keep it' }).click();
  const row = panel.getByTestId('account-BINANCE@sandbox/kept');
  const asked = panel.getByRole('form', { name: 'Test BINANCE@sandbox/kept' });
  const remember = asked.getByLabel('Remember it in the key store of this system');
  const ask = asked.getByRole('button', { name: 'Ask the venue' });
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await expect(asked).toContainText('no key store that protects');
  await expect(remember).toHaveCount(0);
  await desk.app.evaluate(({ safeStorage }) => {
    safeStorage.getSelectedStorageBackend = () => 'gnome_libsecret';
  });
  await asked.getByLabel('Passphrase of the vault').fill(passphrase);
  await ask.click();
  await expect(asked).toHaveCount(0);
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await remember.check();
  await asked.getByLabel('Passphrase of the vault').fill(passphrase);
  await shot(page, 'electron-2-remember');
  await ask.click();
  const forget = panel.getByRole('button', { name: 'Forget the passphrase' });
  await expect(forget).toBeVisible();
  expect(readFileSync(file).toString('latin1')).not.toContain(passphrase);
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await expect(asked.getByLabel('Passphrase of the vault')).toHaveCount(0);
  await ask.click();
  await expect(panel.getByRole('status')).toContainText('BINANCE@sandbox/kept: done');
  await shot(page, 'electron-3-kept');
  // What the system cannot read any more is forgotten, and typed.
  writeFileSync(file, 'nothing that was encrypted');
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await ask.click();
  await expect(panel.getByRole('alert')).toContainText('PASSPHRASE_NOT_KEPT');
  await expect(forget).toHaveCount(0);
  expect(existsSync(file)).toBe(false);
  expect(logText()).toContain('KEY_STORE_FAILED');
  // So is one that opens this vault no more.
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await remember.check();
  await asked.getByLabel('Passphrase of the vault').fill(passphrase);
  await ask.click();
  await expect(forget).toBeVisible();
  const another = await desk.app.evaluate(async ({ safeStorage }) =>
    (await safeStorage.encryptStringAsync('another passphrase')).toString('base64'),
  );
  writeFileSync(file, Buffer.from(another, 'base64'));
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await ask.click();
  await expect(panel.getByRole('alert')).toContainText('VAULT_WRONG_PASSPHRASE');
  await expect(forget).toHaveCount(0);
  expect(existsSync(file)).toBe(false);
  expect(logText()).not.toContain(passphrase);
});

test('the desk goes to the account of the vault with the passphrase that is kept, and back; its window stays and loads anew', async () => {
  const passphrase = 'a passphrase for this one test';
  const selector = page.getByTestId('account-selector');
  const confirm = page.getByTestId('change-confirm');
  const panel = page.getByTestId('panel-accounts');
  const row = panel.getByTestId('account-BINANCE@sandbox/kept');
  const asked = panel.getByRole('form', { name: 'Test BINANCE@sandbox/kept' });
  await row.getByRole('button', { name: 'Test BINANCE@sandbox/kept' }).click();
  await asked.getByLabel('Remember it in the key store of this system').check();
  await asked.getByLabel('Passphrase of the vault').fill(passphrase);
  await asked.getByRole('button', { name: 'Ask the venue' }).click();
  await expect(asked).toHaveCount(0);
  await selector.click();
  await page.getByTestId('change-to-BINANCE@sandbox/kept').click();
  await expect(page.getByLabel('Passphrase of the vault')).toHaveCount(0);
  await shot(page, 'electron-4-change');
  await confirm.click();
  await expect(selector).toContainText('kept', { timeout: 30_000 });
  await isReady(page);
  expect(await openOrders()).toBe(1);
  await selector.click();
  await page.getByTestId('change-to-Sandbox, main').click();
  await confirm.click();
  await expect(selector).toHaveText(/main$/, { timeout: 30_000 });
  await isReady(page);
  expect(await openOrders()).toBe(1);
});

test('only ports change hands between processes', async () => {
  const refusals = await desk.app.evaluate(({ MessageChannelMain }) => {
    const { port1 } = new MessageChannelMain();
    const buffer = new ArrayBuffer(8);
    return [buffer, {}].map((given) => {
      try {
        port1.postMessage('', [given as unknown as Electron.MessagePortMain]);
        return 'taken';
      } catch (error) {
        return String(error);
      }
    });
  });
  expect(refusals).toEqual([
    expect.stringContaining('not a valid port'),
    expect.stringContaining('not a valid port'),
  ]);
});

test('the menu of the system has the commands of the desk and runs them', async () => {
  await expect
    .poll(() =>
      desk.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label)),
    )
    .toEqual(expect.arrayContaining(['Desk', 'Go', 'Panel', 'Workspace', 'Help']));
  const orders = await desk.app.evaluate(({ Menu, BrowserWindow }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => {
      // A stand-in's submenu is the list itself.
      const inner: unknown = submenu;
      return (Array.isArray(inner) ? inner : (submenu?.items ?? [])) as Electron.MenuItem[];
    });
    const keys = items?.find(({ label }) => label === 'Keys');
    const [window] = BrowserWindow.getAllWindows();
    keys?.click(keys, window, {} as Electron.KeyboardEvent);
    return items?.filter(({ label }) => /cancel|flatten|buy|sell/i.test(label)).length;
  });
  expect(orders).toBe(0);
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a second start shows the desk that runs', async () => {
  await desk.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.blur();
  });
  const words = ['app/cli/main.ts', '--data', desk.dataFolder, 'desk', '--host', 'electron'];
  const child = spawn(process.execPath, words, { cwd: ROOT, env: desk.environment });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  expect(said).toContain('its window is in front');
  expect(status).toBe(0);
  await expect
    .poll(() => desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow() !== null))
    .toBe(true);
});

test('one key of the system shows the desk, as the settings say; none is of an order', async () => {
  const has = (key: string): Promise<boolean> =>
    desk.app.evaluate(({ globalShortcut }, asked) => globalShortcut.isRegistered(asked), key);
  const set = async (key: string): Promise<void> => {
    const shown = new DeskPage(page);
    await shown.go('settings');
    const panel = page.getByTestId('panel-settings');
    await panel.getByLabel('Search settings').fill('shows the desk');
    const field = panel.getByRole('textbox', { name: 'Key that shows the desk' });
    await field.fill(key);
    await field.press('Enter');
  };
  await set('Q');
  await expect(new DeskPage(page).toasts).toContainText('such as Ctrl+Alt+Q');
  await set('Ctrl+Alt+Q');
  await expect.poll(() => has('Ctrl+Alt+Q')).toBe(true);
  await set('Ctrl+Alt+F9');
  await expect.poll(() => has('Ctrl+Alt+F9')).toBe(true);
  expect(await has('Ctrl+Alt+Q')).toBe(false);
  const shows = await desk.app.evaluate(({ globalShortcut, BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.blur();
    // Only the stand-in has a hand on the keys of the system.
    const press: unknown = Reflect.get(globalShortcut, 'press');
    if (typeof press !== 'function') return 'not pressed';
    press('Ctrl+Alt+F9');
    return BrowserWindow.getFocusedWindow() === null ? 'hidden' : 'shown';
  });
  expect(['shown', 'not pressed']).toContain(shows);
  // Where it is another program's, that is said: on the stand-in this one is.
  await set('Ctrl+Alt+T');
  await expect.poll(() => logText()).toMatch(/FRONT_KEY_(?:REFUSED|TAKEN).*Ctrl\+Alt\+T/);
});

test('the command line reaches a desk whose processes take no sockets', async () => {
  const ended = await runCommand(['--data', desk.dataFolder, 'order', 'cancel NOPE-1', '--json']);
  expect(ended.status).toBe(1);
  expect(ended.stdout).toContain('ORDER_UNKNOWN');
});

test('a process that is killed is named in a banner and comes back', async () => {
  const shown = new DeskPage(page);
  await shown.go('health');
  const row = page.getByTestId('process-trade');
  await expect(row).toContainText('Running');
  const pid = Number(await row.locator('td').nth(2).innerText());
  if (process.platform === 'linux') {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain('QD_PRETEND_DISPLAYS');
  }
  await shown.watchBanners();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => shown.seenBanners()).toMatch(/Trading process/);
  await expect(row.locator('td').nth(3)).toHaveText('1');
  await expect(row).toContainText('Running');
  await isReady(page);
  expect(await openOrders()).toBe(1);
});

test('a window stands on a second monitor; without it it is on the first, with it where it was', async () => {
  await page.getByTestId('link-chart').click();
  [second] = await Promise.all([
    desk.app.waitForEvent('window'),
    page.getByTestId('dock.move.new').click(),
  ]);
  await expect(second.getByTestId('panel-chart')).toBeVisible();
  await expect(page.getByTestId('panel-chart')).toHaveCount(0);
  const window = await desk.app.browserWindow(second);
  await window.evaluate((shown, place) => shown.setBounds(place), PLACE);
  await expect.poll(() => keptDisplays()).toContain('Wide');
  await desk.setDisplays('display-removed', [LAPTOP]);
  await expect
    .poll(async () => {
      const { x, y, width, height } = await desk.boundsOf(second);
      return x >= 0 && y >= 30 && x + width <= 1920 && y + height <= 1080;
    })
    .toBe(true);
  await desk.setDisplays('display-added', [LAPTOP, WIDE]);
  await expect.poll(() => desk.boundsOf(second)).toEqual(PLACE);
  expect(keptDisplays()).toContain('Wide');
});

test('a page that crashes is loaded anew and shows its window again', async () => {
  const window = await desk.app.browserWindow(second);
  const loaded = window.evaluate(
    (shown) =>
      new Promise<void>((resolve) => {
        shown.webContents.once('did-finish-load', () => resolve());
      }),
  );
  const crashed = second.waitForEvent('crash');
  const protocol = await second.context().newCDPSession(second);
  // It is gone before it can answer.
  void protocol.send('Page.crash').catch(() => undefined);
  await crashed;
  await loaded;
  expect(logText()).toContain('PAGE_GONE');
  await expect(page.getByTestId('restore-windows')).toHaveCount(0);
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
});

test('closing with an order open asks once: stay, then keep', async () => {
  await desk.answerDialogs(2);
  await desk.quit();
  await expect.poll(() => desk.asked()).toEqual(['An order is open']);
  await expect(page.getByTestId('panel-ladder')).toBeVisible();
  await desk.answerDialogs(0);
  const ended = desk.ended();
  await desk.quit();
  expect(await ended).toBe(0);
  expect(await openOrders()).toBe(1);
});

test('started again both windows are on their monitors; cancel and close leaves nothing open', async () => {
  await desk.start(exchange, [LAPTOP, WIDE]);
  await expect.poll(() => desk.app.windows().length).toBe(2);
  await Promise.all(desk.app.windows().map((shown) => isReady(shown)));
  const places = await Promise.all(desk.app.windows().map((shown) => desk.boundsOf(shown)));
  expect(places).toContainEqual(PLACE);
  const charts = desk.app.windows().map((shown) => shown.getByTestId('panel-chart').count());
  expect(await Promise.all(charts)).toEqual(expect.arrayContaining([0, 1]));
  await desk.answerDialogs(1);
  const ended = desk.ended();
  await desk.quit();
  expect(await ended).toBe(0);
  expect(await openOrders()).toBe(0);
});
