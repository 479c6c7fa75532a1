import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SeededBug } from './bug.ts';

/** What is built and need not be built again while nothing changed. */
const BUILT = [
  'build/native/quarterdeck.node',
  'build/stamps/addon',
  'build/renderer',
  'build/stamps/renderer',
];

/** The text of a file with the bug in it; throws when the right text does not stand there exactly once. */
export function withBug(text: string, { name, file, right, wrong }: SeededBug): string {
  const parts = text.split(right);
  const [before, after] = parts;
  if (parts.length === 2 && before !== undefined && after !== undefined)
    return before + wrong + after;
  throw new Error(
    `seeded bug ${name} no longer applies: its text must stand once in ${file}, stands ${parts.length - 1} times; give it the text of today in build-tools/seeded-bugs\n${right}`,
  );
}

function filesOf(root: string): readonly string[] {
  const listed = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (listed.status !== 0) throw new Error(`the board needs a git checkout: ${listed.stderr}`);
  return listed.stdout.split('\0').filter((file) => file !== '');
}

/** A copy of the checkout in a temporary folder, with the same packages, where bugs are put in. */
export class TreeCopy implements Disposable {
  readonly root: string;
  readonly #folder: string;
  readonly #remove = (): void => rmSync(this.#folder, { recursive: true, force: true });

  constructor(from: string) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'qd-seeded-bugs-'));
    this.root = path.join(this.#folder, 'tree');
    process.once('exit', this.#remove);
    for (const file of [...filesOf(from), ...BUILT]) {
      // A file that is deleted and not yet committed is listed still.
      if (existsSync(path.join(from, file))) {
        cpSync(path.join(from, file), path.join(this.root, file), { recursive: true });
      }
    }
    mkdirSync(path.join(this.root, 'build'), { recursive: true });
    symlinkSync(path.join(from, 'node_modules'), path.join(this.root, 'node_modules'), 'junction');
  }

  /** Puts the bug in; what it gives takes it out again. */
  seed(bug: SeededBug): Disposable {
    const file = path.join(this.root, bug.file);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, withBug(text, bug));
    return { [Symbol.dispose]: () => writeFileSync(file, text) };
  }

  [Symbol.dispose](): void {
    process.removeListener('exit', this.#remove);
    this.#remove();
  }
}
