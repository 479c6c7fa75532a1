import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, Menu, powerMonitor, session, type BrowserWindow } from 'electron';
import type { DesktopRequest } from '../../engine/api/desktop-bridge.ts';
import { ok } from '../../engine/base/result.ts';
import { SystemTime } from '../../engine/processes/system-time.ts';
import { VENUE_URLS } from '../../engine/processes/venue-urls.ts';
import { startDesk, type DeskFront, type DeskParts } from '../host/desk.ts';
import { deskFolderPath, openDeskFolder, sessionName } from '../host/desk-folder.ts';
import type { HostWindow } from '../host/host-service.ts';
import { builtInExchange } from '../host/markets.ts';
import { openPort, relayingUpgrades } from '../host/port-relay.ts';
import { TradeLine } from '../host/trade-line.ts';
import { DeskWindows } from './desk-windows.ts';
import { FrontKey } from './front-key.ts';
import { refuseNavigation, refusePermissions } from './guards.ts';
import { SystemKeyStore } from './key-store.ts';
import { Leaving } from './leaving.ts';
import { showMenu } from './menu.ts';
import { Notifications } from './notifications.ts';
import { registerScheme, servePages } from './page-server.ts';
import { listenToPages, makePortPair } from './ports.ts';
import { readStart } from './start.ts';
import { startUtilityIn } from './utility-child.ts';

/** Switches that open a packaged desk to whoever starts it. */
const FORBIDDEN = ['remote-debugging-port', 'remote-debugging-pipe', 'js-flags', 'load-extension'];
/** The bundles: this file's own folder, the engine's and the renderer's beside it. */
const HERE = import.meta.dirname;

const dataFolder = deskFolderPath();
/** Beside our own files: another data folder is another desk, with its own lock. */
const ownFolder = join(dataFolder, 'electron');
let whenRefused: (code: string, sample: string) => void = () => undefined;
let focusDesk: () => void = () => undefined;

/** Every window of this desk is one client: it is armed and disarmed as one. */
const client = `desk-${randomBytes(6).toString('hex')}` as HostWindow['client'];

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  if (app.isPackaged) dialog.showErrorBox('Quarterdeck', message);
  app.exit(1);
}

/** What the windows of the desk are shown with; the engine starts after it. */
function openFront(parts: DeskParts, stop: () => Promise<void>): DeskFront {
  const { hostService, log, book, settings } = parts;
  whenRefused = (code, sample) => book.noteBadInput('window', code, sample);
  const line = new TradeLine(() => openPort(parts, 'trade', client, makePortPair));
  const windows = new DeskWindows({
    workspaces: hostService.workspaces,
    preload: join(HERE, 'preload.cjs'),
    onCrash: (window, reason, reloaded) => {
      const text = `the page of window ${window} ended: ${reason}${reloaded ? '; loaded anew' : ''}`;
      log.log.error('window', 'PAGE_GONE', text);
    },
  });
  const leaving = new Leaving(line, async () => {
    windows.closeAll();
    await stop();
  });
  const notifications = new Notifications();
  windows.onClosing((window) => {
    if (leaving.going || windows.count > 1) return true;
    void leaving.ask(window);
    return false;
  });
  listenToPages(parts, client, {
    onHostChannel: ({ sender }, channel) => windows.attached(sender, channel),
    onRequest: ({ sender }, request) => {
      const window = windows.of(sender);
      if (window !== undefined) onRequest(request, window, windows, notifications);
    },
  });
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (leaving.going) return;
    event.preventDefault();
    void leaving.ask(undefined);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leaving.now());
  const onSleep = (what: 'suspend' | 'resume') => (): void => {
    void line.disarm().then((done) => {
      const outcome = done
        ? 'disarmed'
        : 'trading did not answer; it disarms when it sees the clock';
      log.log.warn('power', `POWER_${what.toUpperCase()}`, `the machine: ${what}; ${outcome}`);
    });
  };
  powerMonitor.on('suspend', onSleep('suspend'));
  powerMonitor.on('resume', onSleep('resume'));
  focusDesk = () => windows.focus();
  const frontKey = new FrontKey(log.log, focusDesk);
  frontKey.take(settings.settings.electron.frontKey);
  settings.onChange(({ electron }) => frontKey.take(electron.frontKey));
  windows.openAll();
  return { onUpgrade: relayingUpgrades(parts, makePortPair) };
}

function onRequest(
  request: DesktopRequest,
  window: BrowserWindow,
  windows: DeskWindows,
  notifications: Notifications,
): void {
  switch (request.type) {
    case 'OpenWindow':
      windows.open(request.window);
      return;
    case 'CloseWindow':
      window.close();
      return;
    case 'Notify':
      notifications.show(request.title, request.text, window);
      return;
    case 'SetMenu':
      showMenu(request.commands, (chosen, command) => {
        windows.tell(chosen, { type: 'MenuChosen', command });
      });
      return;
    default:
  }
}

async function start(): Promise<void> {
  const wanted = await readStart();
  await app.whenReady();
  Menu.setApplicationMenu(null);
  refusePermissions(session.defaultSession, (code, sample) => whenRefused(code, sample));
  servePages(session.defaultSession, join(HERE, '..', 'renderer'));
  const folder = openDeskFolder(dataFolder);
  if (!wanted.ok) {
    fail(wanted.error.message);
    return;
  }
  if (!folder.ok) {
    fail(folder.error.message);
    return;
  }
  const { settings } = folder.value;
  let running: AsyncDisposable | undefined;
  const desk = await startDesk<never>(
    {
      dataFolder,
      newSession: sessionName,
      venueUrls: VENUE_URLS,
      market: builtInExchange(settings),
      record: false,
      ...wanted.value,
      settings,
      clock: new SystemTime(),
      host: 'electron',
      keptPassphrase: (log) => new SystemKeyStore(ownFolder, log),
      startChild: startUtilityIn(join(HERE, '..', 'engine')),
    },
    async (parts) =>
      ok(
        openFront(parts, async () => {
          await (running === undefined ? parts.engine.stop() : running[Symbol.asyncDispose]());
          folder.value[Symbol.dispose]();
        }),
      ),
  );
  if (desk.ok) running = desk.value;
  else fail(desk.error.message);
}

function main(): void {
  const forbidden = FORBIDDEN.find((name) => app.commandLine.hasSwitch(name));
  if (app.isPackaged && forbidden !== undefined) {
    fail(`--${forbidden} is not taken by Quarterdeck`);
    return;
  }
  mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
  app.setPath('userData', ownFolder);
  if (!app.requestSingleInstanceLock()) {
    process.stdout.write(`a desk runs on ${dataFolder}: its window is in front\n`);
    app.exit(0);
    return;
  }
  app.on('second-instance', () => focusDesk());
  registerScheme();
  app.enableSandbox();
  refuseNavigation((code, sample) => whenRefused(code, sample));
  void start();
}

main();
