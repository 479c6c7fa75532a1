import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cdp } from './cdp.ts';
import { Chromium } from './chromium.ts';

const LOCK = 'stand-in.lock';
const SECOND = 'stand-in.second';

/** As Electron's module of the name. */
class App extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = {
    appendSwitch: () => undefined,
    hasSwitch: (name: string) => process.argv.some((word) => word.startsWith(`--${name}`)),
  };
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<object>();
  #chromium: Chromium | undefined;
  #isReady = false;
  #closeWindows: () => boolean = () => true;
  #held: string | undefined;

  /** The browser below. */
  get browser(): Promise<Cdp> {
    this.#chromium ??= new Chromium();
    return this.#chromium.cdp;
  }

  /** Tells the app how to close its windows; false when one stays. */
  onQuit(closeWindows: () => boolean): void {
    this.#closeWindows = closeWindows;
  }

  /** The program was loaded: once the browser runs, the app is ready. */
  async begin(): Promise<void> {
    await this.browser;
    this.#isReady = true;
    this.emit('ready', {}, {});
    this.#ready.resolve({});
  }

  whenReady(): Promise<object> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getName(): string {
    return 'stand-in';
  }

  getVersion(): string {
    return '0.0.0';
  }

  getPath(name: string): string {
    const found = this.#paths.get(name);
    if (found === undefined) throw new Error(`stand-in: no path ${name} was set`);
    return found;
  }

  setPath(name: string, folder: string): void {
    if (!existsSync(folder)) throw new Error(`Failed to set path: ${folder}`);
    this.#paths.set(name, folder);
  }

  enableSandbox(): void {
    if (this.#isReady)
      throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    const lock = path.join(folder, LOCK);
    if (existsSync(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
      writeFileSync(path.join(folder, SECOND), JSON.stringify(process.argv));
      return false;
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(lock, String(process.pid));
    this.#held = lock;
    watch(folder, (_event, name) => {
      const file = path.join(folder, SECOND);
      if (name !== SECOND || !existsSync(file)) return;
      rmSync(file);
      this.emit('second-instance', {}, [], process.cwd());
    }).unref();
    return true;
  }

  quit(): void {
    let prevented = false;
    const preventDefault = (): void => {
      prevented = true;
    };
    this.emit('before-quit', { preventDefault });
    if (prevented || !this.#closeWindows()) return;
    this.emit('will-quit', { preventDefault });
    this.exit(0);
  }

  exit(status = 0): void {
    if (this.#held !== undefined) rmSync(this.#held, { force: true });
    this.#chromium?.end();
    process.exit(status);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const app = new App();
