import { err, ok, type Result } from '../../base/result.ts';
import { addon } from '../addon.mjs';
import type { NativeIoError } from './error-binding.ts';
import type { FolderLockCore } from './lock-binding.ts';

/** Why a folder cannot be had: `LOCKED` by the process `pid` (0 when it has not said so yet), or the system's code. */
export interface FolderLockError extends NativeIoError {
  readonly pid: number;
}

/** The exclusive use of a folder; the operating system ends it with the process, however that ends. */
export class FolderLock implements Disposable {
  readonly #core: FolderLockCore;

  constructor(core: FolderLockCore) {
    this.#core = core;
  }

  release(): void {
    this.#core.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** Takes the lock of an existing folder without waiting. */
export function acquireFolderLock(folder: string): Result<FolderLock, FolderLockError> {
  const core = new addon.FolderLockCore();
  const error = core.acquire(folder);
  return error === undefined ? ok(new FolderLock(core)) : err(error);
}
