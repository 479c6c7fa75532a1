import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BrowserContext, Page } from '@playwright/test';
import { present } from '../../engine/base/invariant.ts';

const PROGRAM = join(import.meta.dirname, '../../cli/main.ts');
const START_LIMIT_MS = 120_000;

/** Linux counts a process's time in hundredths of a second. */
const PROCESSOR_TICK_MS = 10;

/** What a process of the desk takes; the name is what it runs, and its id. */
export interface ProcessFigures {
  readonly name: string;
  readonly residentBytes: number;
  /** Since it began. */
  readonly processorMs: number;
}

/** A folder of a desk, which outlives the desk. */
export class DeskFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'qd-bench-desk-'));

  /** `files` are in it by name. */
  constructor(files: Readonly<Record<string, object>>) {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.path, name), JSON.stringify(content));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The product as a process. */
export class DeskProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** The address opens once; then the browser has its session. */
  #url: string;

  private constructor(child: ChildProcessByStdio<null, Readable, Readable>, url: string) {
    this.#child = child;
    this.#url = url;
  }

  static async start(folder: DeskFolder, args: readonly string[]): Promise<DeskProcess> {
    const words = [PROGRAM, '--data', folder.path, 'desk', '--port', '0', ...args];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /^Open (\S+)\n/m.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (status) => {
      reject(new Error(`the desk ended with ${status}\n${said}`));
    });
    const limit = setTimeout(() => {
      reject(new Error(`the desk printed no address\n${said}`));
    }, START_LIMIT_MS);
    try {
      return new DeskProcess(child, await promise);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Opens a window and waits until prices are there. */
  async open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(this.#url);
    this.#url = page.url();
    await page.getByTestId('trading-state').waitFor({ timeout: START_LIMIT_MS });
    return page;
  }

  /** The desk and all that it started. */
  processes(): readonly ProcessFigures[] {
    const all: ProcessFigures[] = [];
    const add = (pid: number): void => {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const name = words.findLast((word) => /\/[\w-]+\/main\.ts$|\.ts$/.test(word)) ?? `${pid}`;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      // Behind the name, which is in brackets: user and system time are the 12th and 13th.
      const times = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      all.push({
        name: `${name.split('/').slice(-2).join('/')} ${pid}`,
        residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024,
        processorMs: (Number(times[11]) + Number(times[12])) * PROCESSOR_TICK_MS,
      });
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
      for (const child of children.split(' ').filter((each) => each !== '')) add(Number(child));
    };
    add(present(this.#child.pid, 'process id'));
    return all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.kill('SIGTERM')) await ended;
  }
}

/** Not a new desk, with limits that a measurement does not meet. */
export const BENCH_SETTINGS = {
  appearance: { firstSteps: false },
  risk: {
    maxOrderNotional: '1000000',
    maxPositionNotional: '900000000',
    maxOpenOrders: 1000,
    maxOrdersPerWindow: 100_000,
    priceCollarBps: 1000,
    duplicateWindowMs: 1,
  },
};
