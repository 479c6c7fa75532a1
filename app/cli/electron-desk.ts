import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { encodeMessage } from '../engine/api/codec.ts';
import { deskStartSchema, type DeskStart } from '../engine/api/desk-start.ts';
import { CommandFailure, FAILED } from './output.ts';

/** What Electron runs: bundled, because it takes no TypeScript. */
const MAIN = fileURLToPath(new URL('../../build/main/main.cjs', import.meta.url));

/** Runs the desk in Electron until it ends. What it starts with may hold keys: it goes over standard input, not over the command line. */
export async function runElectronDesk(
  program: string,
  dataFolder: string,
  start: DeskStart,
): Promise<void> {
  const child = spawn(program, [MAIN, '--start-from-input'], {
    env: { ...process.env, QD_DATA: dataFolder },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  // One that runs already says so and ends without reading.
  child.stdin.on('error', () => undefined);
  child.stdin.end(encodeMessage(deskStartSchema, start));
  const status = await ended;
  if (status !== 0) throw new CommandFailure(FAILED, `the Electron desk ended with ${status}`);
}
