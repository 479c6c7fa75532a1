import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { allContents, WebContents } from './web-contents.ts';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Options extends Partial<Rectangle> {
  readonly webPreferences?: {
    readonly preload?: string;
    readonly sandbox?: boolean;
    readonly contextIsolation?: boolean;
    readonly nodeIntegration?: boolean;
    readonly webSecurity?: boolean;
  };
}

const windows = new Set<BrowserWindow>();
/** Which one has the keyboard. */
const keyboard: { window: BrowserWindow | undefined } = { window: undefined };

/** As Electron's class of the name: a window that has a place only in its own account of it. */
export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  readonly #ready: Promise<void>;
  #bounds: Rectangle;
  #destroyed = false;
  #filling: 'maximized' | 'fullscreen' | undefined;

  constructor({ x = 0, y = 0, width = 800, height = 600, webPreferences = {} }: Options = {}) {
    super();
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, preload } = webPreferences;
    if (sandbox !== true || contextIsolation === false || nodeIntegration === true) {
      throw new Error('stand-in: only sandboxed pages in a world of their own are covered');
    }
    if (webSecurity === false) throw new Error('stand-in: web security cannot be switched off');
    this.#bounds = { x, y, width, height };
    windows.add(this);
    app.emit('web-contents-created', {}, this.webContents);
    this.webContents.on('stand-in-close', () => this.close());
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    this.#ready = app.browser.then((cdp) =>
      this.webContents.begin(cdp, preload, { width, height }),
    );
  }

  static getAllWindows(): readonly BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return keyboard.window ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  async loadURL(address: string): Promise<void> {
    await this.#ready;
    await this.webContents.load(address);
  }

  show(): void {
    keyboard.window ??= this;
  }

  focus(): void {
    keyboard.window = this;
    this.emit('focus');
  }

  blur(): void {
    if (keyboard.window === this) keyboard.window = undefined;
  }

  restore(): void {
    this.emit('restore');
  }

  isMinimized(): boolean {
    return false;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isMaximized(): boolean {
    return this.#filling === 'maximized';
  }

  isFullScreen(): boolean {
    return this.#filling === 'fullscreen';
  }

  maximize(): void {
    this.#filling = 'maximized';
    this.emit('maximize');
  }

  unmaximize(): void {
    this.#filling = undefined;
    this.emit('unmaximize');
  }

  setFullScreen(on: boolean): void {
    this.#filling = on ? 'fullscreen' : undefined;
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen');
  }

  getBounds(): Rectangle {
    return this.#bounds;
  }

  getNormalBounds(): Rectangle {
    return this.#bounds;
  }

  setBounds(bounds: Rectangle): void {
    this.#bounds = { ...bounds };
    this.emit('move');
    this.emit('resize');
  }

  close(): void {
    let prevented = false;
    const preventDefault = (): void => {
      prevented = true;
    };
    this.emit('close', { preventDefault });
    if (!prevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    this.blur();
    void this.webContents.destroy();
    this.emit('closed');
    if (windows.size === 0) app.emit('window-all-closed');
  }
}

app.onQuit(() => {
  for (const window of windows) window.close();
  return windows.size === 0;
});

/** As Electron's module of the name, as far as tests look pages up. */
export const webContents = {
  fromDevToolsTargetId: (target: string) => allContents().find((one) => one.targetId === target),
  getAllWebContents: () => allContents(),
};
