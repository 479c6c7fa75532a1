import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/** The root of the checkout. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** How a child process ended. */
export interface Ended {
  readonly ok: boolean;
  readonly output: string;
  /** True when it was ended because its time was up. */
  readonly cut: boolean;
}

/** What a child may need besides its arguments: more environment, a working folder (from the root). */
export interface ChildOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const living = new Set<ChildProcess>();

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // The whole group: a test program may have started processes of its own.
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends every child that still runs; for the end of the run itself. */
export function endAllChildren(): void {
  for (const child of living) endGroup(child, 'SIGKILL');
}

/** Runs a program until it ends or `deadline` (milliseconds of the monotonic clock) has come; keeps what it prints. */
export function runChild(
  program: string,
  args: readonly string[],
  deadline: number,
  options: ChildOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: path.resolve(ROOT, options.folder ?? '.'),
      detached: process.platform !== 'win32',
      env: { ...process.env, NO_COLOR: '1', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    living.add(child);
    let output = '';
    let cut = false;
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(
      () => {
        cut = true;
        endGroup(child, 'SIGKILL');
      },
      Math.max(0, deadline - performance.now()),
    );
    const finish = (ok: boolean): void => {
      clearTimeout(timer);
      living.delete(child);
      resolve({ ok, output, cut });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('exit', () => {
      if (!cut) return;
      // What left the group may hold the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.once('close', (code) => {
      finish(code === 0);
    });
  });
}

/** Runs a program of a package in node_modules on this Node. */
export function runModule(
  file: string,
  args: readonly string[],
  deadline: number,
  options: ChildOptions = {},
): Promise<Ended> {
  const script = path.join(ROOT, 'node_modules', file);
  return runChild(process.execPath, [script, ...args], deadline, options);
}
