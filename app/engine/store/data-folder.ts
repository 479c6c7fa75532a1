import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import { acquireFolderLock } from '../native/io/folder-lock.ts';

/** Why a data folder cannot be used. */
export interface DataFolderError {
  readonly code: 'DATA_FOLDER_IN_USE' | 'DATA_FOLDER_UNWRITABLE';
  readonly folder: string;
  readonly message: string;
  /** The engine that holds it. */
  readonly pid?: number;
}

/** A data folder held by this process until disposed. */
export interface DataFolder extends Disposable {
  readonly path: string;
}

const SUBFOLDERS = ['run', 'journal', 'ticks'];

/** The data folder meant by `--data`, else by `QD_DATA`, else `~/.quarterdeck`. */
export function dataFolderPath(given: string | undefined): string {
  return resolve(given ?? process.env['QD_DATA'] ?? join(homedir(), '.quarterdeck'));
}

/** Makes the folder if it is not there and holds its operating-system lock. */
export function openDataFolder(path: string): Result<DataFolder, DataFolderError> {
  try {
    for (const name of SUBFOLDERS) makeFolder(join(path, name));
    for (const name of SUBFOLDERS) accessSync(join(path, name), constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `data folder ${path} cannot be written (${why}); name another with --data`;
    return err({ code: 'DATA_FOLDER_UNWRITABLE', folder: path, message });
  }
  const lock = acquireFolderLock(join(path, 'run'));
  if (lock.ok) {
    return ok({
      path,
      [Symbol.dispose]() {
        lock.value[Symbol.dispose]();
      },
    });
  }
  const { pid } = lock.error;
  const message = `data folder ${path} is in use by the engine with pid ${pid}; stop it or name another with --data`;
  return err({ code: 'DATA_FOLDER_IN_USE', folder: path, message, pid });
}

/** Makes a folder and those above it. Node's own recursive form never returns below a folder that takes no folders, such as /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}
