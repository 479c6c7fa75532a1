import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Cdp } from './cdp.ts';

const ARGUMENTS = [
  '--headless=new',
  '--remote-debugging-port=0',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-startup-window',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--password-store=basic',
  // Electron's pages are told when the other end of a port is closed.
  '--enable-blink-features=MessagePortCloseEvent',
];

/** The system's Chromium with a profile of its own. */
export class Chromium {
  readonly cdp: Promise<Cdp>;
  readonly #profile = mkdtempSync(path.join(tmpdir(), 'qd-stand-in-'));
  readonly #child: ChildProcess;

  constructor() {
    const words = [...ARGUMENTS, `--user-data-dir=${this.#profile}`];
    this.#child = spawn(process.env['QD_CHROMIUM'] ?? 'chromium', words, {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = new Promise<string>((resolve, reject) => {
      let text = '';
      this.#child.on('error', reject);
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        // Who drives the tests reads where the pages are from here.
        if (!text.includes('DevTools listening')) process.stderr.write(chunk);
        text += chunk.toString();
        const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    this.cdp = url.then((found) => Cdp.connect(found));
  }

  end(): void {
    this.#child.kill('SIGKILL');
    try {
      // Its helpers may still write there for a moment.
      rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    } catch {
      // What is left is in the temporary folder; it must not keep the program from ending.
    }
  }
}
