import { randomBytes } from 'node:crypto';
import { ok, type Result } from '../../engine/base/result.ts';
import {
  dataFolderPath,
  openDataFolder,
  type DataFolderError,
} from '../../engine/store/data-folder.ts';
import { readSettings } from '../../engine/store/settings/settings-file.ts';
import type { Settings } from '../../engine/store/settings/schema.ts';

/** A data folder that is ours until it is disposed of, and what its settings say. */
export interface DeskFolder extends Disposable {
  readonly path: string;
  readonly settings: Settings;
}

/** The data folder of a desk that nobody names one for. */
export function deskFolderPath(): string {
  return dataFolderPath(undefined);
}

/** Opens a data folder for a desk; what is wrong in its settings goes to standard error. */
export function openDeskFolder(path: string): Result<DeskFolder, DataFolderError> {
  const folder = openDataFolder(path);
  if (!folder.ok) return folder;
  const { settings, problems } = readSettings(path);
  for (const { line, key, message } of problems) {
    process.stderr.write(`settings.json line ${line}: ${key} ${message}\n`);
  }
  return ok({ path, settings, [Symbol.dispose]: () => folder.value[Symbol.dispose]() });
}

/** A name for a session: its start and four random bytes, so that no two are alike. */
export function sessionName(): string {
  const start = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `${start}Z-${randomBytes(4).toString('hex')}`;
}
