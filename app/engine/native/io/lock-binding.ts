import type { NativeIoError } from './error-binding.ts';

/** The lock in `native/binding/lock.cpp`. */
export interface FolderLockCore {
  acquire(folder: string): (NativeIoError & { readonly pid: number }) | undefined;
  release(): void;
}

/** What the addon offers for folder locks. */
export interface LockBinding {
  readonly FolderLockCore: new () => FolderLockCore;
}
