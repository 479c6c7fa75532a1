import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, BrowserContext } from '@playwright/test';
import { err, ok, type Result } from '../../engine/base/result.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
const WINDOW = { width: 1600, height: 1000 };

/** Why nothing can be shown. */
export interface NoStage {
  readonly code: 'NO_BROWSER';
  readonly message: string;
}

/** Where the screen is measured: a browser without a screen, drawing by software, and pages of our own. */
export class Stage {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #folder: string;
  /** Where the pages are. */
  readonly pages: string;

  private constructor(browser: Browser, server: Server, folder: string) {
    this.#browser = browser;
    this.#server = server;
    this.#folder = folder;
    this.pages = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<Result<Stage, NoStage>> {
    const folder = mkdtempSync(join(tmpdir(), 'qd-bench-'));
    try {
      const { chromium } = await import('@playwright/test');
      const own = chromium.executablePath();
      const named = process.env['QD_CHROMIUM'];
      const executablePath = [named, own, ...CHROMIUMS].find(
        (path) => path !== undefined && existsSync(path),
      );
      if (executablePath === undefined) return err(noBrowser('no Chromium was found'));
      const { build } = await import('vite');
      await build({
        configFile: join(ROOT, 'vite.bench.config.ts'),
        logLevel: 'error',
        build: { outDir: folder },
      });
      const server = createServer((request, response) => {
        const path = join(folder, new URL(request.url ?? '/', 'http://localhost').pathname);
        if (!path.startsWith(folder) || !existsSync(path)) {
          response.writeHead(404).end();
          return;
        }
        response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
        response.end(readFileSync(path));
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const root = process.getuid?.() === 0;
      const browser = await chromium.launch({
        executablePath,
        // Chromium refuses its own sandbox to root.
        args: ['--disable-gpu', ...(root ? ['--no-sandbox'] : [])],
      });
      return ok(new Stage(browser, server, folder));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      return err(noBrowser(error instanceof Error ? error.message : String(error)));
    }
  }

  /** A browser profile of its own; its windows have the probe when they are of a desk. */
  async context(probed: boolean): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      viewport: WINDOW,
      colorScheme: 'dark',
      timezoneId: 'UTC',
    });
    if (probed) {
      const probe = readFileSync(join(this.#folder, 'probe.js'), 'utf8');
      await context.addInitScript(`{${probe}}`);
    }
    return context;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function noBrowser(why: string): NoStage {
  const message = `the screen is not measured: ${why}; \`npx playwright install chromium\`, or QD_CHROMIUM=/path/to/chromium`;
  return { code: 'NO_BROWSER', message };
}
