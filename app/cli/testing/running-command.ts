import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url));
const LIMIT_MS = 40_000;

/** How a command of `qd` ended. */
export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `qd` with `args` to its end. */
export async function qd(...args: readonly string[]): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...args],
      { timeout: LIMIT_MS, maxBuffer: 1 << 27 },
      (_, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

/** A data folder of a test, deleted with it. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'qd-cli-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `qd engine` or `qd desk` in a process of its own, until it is told to stop. */
export class RunningCommand implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'pipe' });
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (status) => resolve(status));
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Throws with what it said when it has ended by itself. */
  assertRuns(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`it ended with ${exitCode ?? signalCode}:\n${this.stdout}\n${this.stderr}`);
  }

  /** Waits until standard output has `text`; throws with what was said when it ends before. */
  async says(text: string): Promise<void> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    while (!this.stdout.includes(text)) {
      if (this.#child.exitCode !== null || limit.aborted) {
        throw new Error(`it never said "${text}":\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => resolve();
        this.#child.stdout?.once('data', wake);
        this.#child.once('exit', wake);
        limit.addEventListener('abort', wake, { once: true });
      });
    }
  }

  /** Its exit status after SIGTERM. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
