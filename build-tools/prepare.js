// What the steps before a start share: the root, running a tool, hashing inputs and remembering what was done.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The root of the checkout. */
export const root = path.dirname(import.meta.dirname);

/** Something the machine lacks or a step that failed; the message says what to do. */
export class PrepareError extends Error {}

/** PATH without this checkout's `node_modules/.bin`, where the pinned Node hides the system's own. */
export function pathWithoutModules() {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.endsWith(path.join('node_modules', '.bin')))
    .join(path.delimiter);
}

/** Tells the person what takes time; standard output stays clean for the command. */
export function say(text) {
  process.stderr.write(`quarterdeck: ${text}\n`);
}

/** True when `program` can be started. */
export function isOnPath(program) {
  const options = { stdio: 'ignore', shell: process.platform === 'win32' };
  return spawnSync(program, ['--version'], options).status === 0;
}

/** Runs a tool quietly; throws PrepareError with its whole output when it fails. */
export function runTool(program, args, options = {}) {
  const done = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (done.error === undefined && done.status === 0) return;
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`;
  throw new PrepareError(`${[program, ...args].join(' ')} failed\n${output}`);
}

/** SHA-256 over names and contents of files and folders (paths from the root), independent of listing order. */
export function hashOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesOf(input)) {
      const content = readFileSync(path.join(root, file));
      hash.update(`${file}\0${content.byteLength}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

function filesOf(input) {
  const full = path.join(root, input);
  if (!existsSync(full)) return [];
  const entries = readdirSync(path.dirname(full), { withFileTypes: true });
  const entry = entries.find((candidate) => candidate.name === path.basename(full));
  if (entry === undefined || !entry.isDirectory()) return [input];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesOf(path.posix.join(input, name)));
}

/** Runs `build` unless `output` exists and was made from inputs with this hash. */
export function whenChanged(stampFile, hash, output, build) {
  const stamp = path.join(root, stampFile);
  const known = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (known === hash && existsSync(path.join(root, output))) return;
  build();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
