import { isDeepStrictEqual } from 'node:util';
import { BrowserWindow, screen, type WebContents } from 'electron';
import { IPC } from '../../engine/api/desktop-names.ts';
import { desktopMessageSchema, type DesktopMessage } from '../../engine/api/desktop-bridge.ts';
import { encodeMessage } from '../../engine/api/codec.ts';
import type { WindowBounds } from '../../engine/api/workspace.ts';
import type { HostService, HostWindow } from '../host/host-service.ts';
import { boundsOn, boundsToKeep, placeWindow, type Rectangle } from '../host/windows/displays.ts';
import { displayAt, displaysNow, fromElectron, toElectron } from './displays-now.ts';
import { addressOf } from './page-server.ts';

/** A window that has stood still for so long stands where its person wants it. */
const SETTLED_MS = 1000;
/** Systems move windows about for a moment after a display came or went. */
const DISPLAYS_SETTLED_MS = 400;
/** The desk's own ground, so that no white shows before the page. */
const GROUND = '#0b0e13';
/** A page that dies more often than this in a minute is left to its person. */
const MOST_RELOADS = 3;
const MINUTE_MS = 60_000;
/** Screens below this width get the layout of a laptop. */
const NARROW_BELOW = 1700;

interface Shown {
  readonly window: BrowserWindow;
  /** The window of the workspace it was opened for, then the one it shows. */
  id: string;
  channel: HostWindow | undefined;
  /** Where we put it last: that is no wish of its person. */
  placed: Rectangle | undefined;
  /** Waits for it to stand still. */
  settling: NodeJS.Timeout | undefined;
  reloads: number[];
}

/** The windows of the desk on the screens: each is a view of a window of the workspace, and comes back where it stood. */
export class DeskWindows {
  readonly #workspaces: HostService['workspaces'];
  readonly #preload: string;
  readonly #onCrash: (window: string, reason: string, reloaded: boolean) => void;
  readonly #shown = new Map<number, Shown>();
  #onClosing: (window: BrowserWindow) => boolean = () => true;
  #workspace = '';
  #displaysSettle: NodeJS.Timeout | undefined;

  constructor(parts: {
    readonly workspaces: HostService['workspaces'];
    readonly preload: string;
    readonly onCrash: (window: string, reason: string, reloaded: boolean) => void;
  }) {
    this.#workspaces = parts.workspaces;
    this.#preload = parts.preload;
    this.#onCrash = parts.onCrash;
    this.#workspaces.onTold(() => this.#followWorkspace());
    const onDisplays = (): void => this.#displaysChanged();
    screen.on('display-added', onDisplays);
    screen.on('display-removed', onDisplays);
    screen.on('display-metrics-changed', onDisplays);
  }

  /** Asked before a window closes by itself; false keeps it. */
  onClosing(callback: (window: BrowserWindow) => boolean): void {
    this.#onClosing = callback;
  }

  /** Opens every window of the workspace that has panels. */
  openAll(): void {
    const { workArea } = displaysNow()[0];
    const workspace = this.#workspaces.shown(workArea.width < NARROW_BELOW);
    this.#workspace = workspace.id;
    const [first, ...others] = workspace.windows;
    if (first !== undefined) this.open(first.id);
    for (const { id, panels } of others) if (panels.length > 0) this.open(id);
  }

  /** Shows a window of the workspace: the one that does so already is brought to the front. */
  open(id: string): void {
    const already = this.#all().find((shown) => shown.id === id);
    if (already !== undefined) {
      this.#front(already.window);
      return;
    }
    const saved = this.#saved(id);
    const { rectangle } = placeWindow(saved, displaysNow(), this.#shown.size);
    const window = new BrowserWindow({
      ...toElectron(rectangle),
      show: false,
      backgroundColor: GROUND,
      autoHideMenuBar: true,
      title: 'Quarterdeck',
      webPreferences: {
        preload: this.#preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        // Prices and arming go on when another window covers this one.
        backgroundThrottling: false,
        spellcheck: false,
      },
    });
    const shown: Shown = {
      window,
      id,
      channel: undefined,
      placed: rectangle,
      settling: undefined,
      reloads: [],
    };
    this.#shown.set(window.webContents.id, shown);
    this.#listen(shown);
    put(window, rectangle);
    if (saved?.filling === 'maximized') window.maximize();
    if (saved?.filling === 'fullscreen') window.setFullScreen(true);
    void window.loadURL(addressOf(id));
  }

  /** A page opened its channel to the Host services. */
  attached(contents: WebContents, channel: HostWindow): void {
    const shown = this.#shown.get(contents.id);
    if (shown !== undefined) shown.channel = channel;
  }

  /** The window of a page. */
  of(contents: WebContents): BrowserWindow | undefined {
    return this.#shown.get(contents.id)?.window;
  }

  /** Brings the desk to the front. */
  focus(): void {
    const [first] = this.#all();
    if (first === undefined) this.openAll();
    else this.#front(first.window);
  }

  get count(): number {
    return this.#shown.size;
  }

  /** Closes every window without asking. */
  closeAll(): void {
    for (const { window } of this.#all()) window.destroy();
  }

  /** Tells a window's page something. */
  tell(window: BrowserWindow, message: DesktopMessage): void {
    window.webContents.send(IPC.told, encodeMessage(desktopMessageSchema, message));
  }

  #all(): readonly Shown[] {
    return [...this.#shown.values()];
  }

  #front(window: BrowserWindow): void {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  #listen(shown: Shown): void {
    const { window } = shown;
    const { id: contentsId } = window.webContents;
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (!this.#onClosing(window)) event.preventDefault();
    });
    window.on('closed', () => {
      clearTimeout(shown.settling);
      this.#shown.delete(contentsId);
    });
    const onMove = (): void => this.#moved(shown);
    window.on('move', onMove);
    window.on('resize', onMove);
    window.on('maximize', onMove);
    window.on('unmaximize', onMove);
    window.on('enter-full-screen', onMove);
    window.on('leave-full-screen', onMove);
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      const now = performance.now();
      shown.reloads = [...shown.reloads.filter((at) => now - at < MINUTE_MS), now];
      const again = shown.reloads.length <= MOST_RELOADS;
      this.#onCrash(shown.id, reason, again);
      if (!again) return;
      setImmediate(() => {
        if (!window.isDestroyed()) window.webContents.reload();
      });
    });
  }

  #moved(shown: Shown): void {
    clearTimeout(shown.settling);
    shown.settling = setTimeout(() => this.#keep(shown), SETTLED_MS);
  }

  /** Keeps where a window stands, unless displays are just changing. */
  #keep({ window, id, placed }: Shown): void {
    if (window.isDestroyed() || this.#displaysSettle !== undefined) return;
    const rectangle = fromElectron(window.getNormalBounds());
    const standing = { rectangle, display: displayAt(rectangle), filling: fillingOf(window) };
    const saved = this.#saved(id);
    const bounds = boundsToKeep(standing, placed, saved, displaysNow());
    if (bounds === undefined || isDeepStrictEqual(bounds, saved)) return;
    this.#workspaces.setBounds(this.#workspace, id, bounds);
  }

  /** A display came, went or changed: every window goes where it belongs now. */
  #displaysChanged(): void {
    for (const { settling } of this.#all()) clearTimeout(settling);
    clearTimeout(this.#displaysSettle);
    this.#displaysSettle = setTimeout(() => {
      this.#displaysSettle = undefined;
      this.#all().forEach((shown, nth) => this.#place(shown, nth));
    }, DISPLAYS_SETTLED_MS);
  }

  #place(shown: Shown, nth: number): void {
    const { window } = shown;
    const saved = this.#saved(shown.id);
    const now = fromElectron(window.getNormalBounds());
    // One that was never moved stays where it is, if that can be seen.
    const { rectangle } = placeWindow(
      saved ?? boundsOn(now, displayAt(now), undefined),
      displaysNow(),
      nth,
    );
    shown.placed = rectangle;
    if (isDeepStrictEqual(rectangle, now)) return;
    const filling = fillingOf(window);
    if (filling === 'fullscreen') window.setFullScreen(false);
    if (filling === 'maximized') window.unmaximize();
    put(window, rectangle);
    if (filling === 'maximized') window.maximize();
    if (filling === 'fullscreen') window.setFullScreen(true);
  }

  /** Another workspace: windows that have nothing to show close, those it has open. */
  #followWorkspace(): void {
    const workspace = this.#workspaces.shown(false);
    const switched = workspace.id !== this.#workspace && this.#shown.size > 0;
    this.#workspace = workspace.id;
    for (const [nth, shown] of this.#all().entries()) {
      const { channel } = shown;
      if (channel === undefined) continue;
      const id = this.#workspaces.windowOf(channel);
      if (id === null) {
        if (switched) shown.window.destroy();
        continue;
      }
      if (id === shown.id) continue;
      shown.id = id;
      if (this.#saved(id) !== null) this.#place(shown, nth);
    }
    if (switched) this.openAll();
  }

  #saved(id: string): WindowBounds | null {
    const workspace = this.#workspaces.shown(false);
    return workspace.windows.find((window) => window.id === id)?.bounds ?? null;
  }
}

/** Puts a window somewhere. On Windows the first time may be reckoned at the scale of the display it comes from: https://github.com/electron/electron/issues/10862 */
function put(window: BrowserWindow, rectangle: Rectangle): void {
  const wanted = toElectron(rectangle);
  for (let tries = 0; tries < 2; tries += 1) {
    if (!isDeepStrictEqual({ ...window.getBounds() }, wanted)) window.setBounds(wanted);
  }
}

function fillingOf(window: BrowserWindow): WindowBounds['filling'] {
  if (window.isFullScreen()) return 'fullscreen';
  return window.isMaximized() ? 'maximized' : undefined;
}
