import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function mounted(options: string, path: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status === 0;
}

/** A file system in memory with so many bytes, for as long as it is held. Only some may make one. */
export class SmallDisk implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'qd-disk-'));

  constructor(bytes: number) {
    if (mounted(`size=${bytes}`, this.path)) return;
    rmdirSync(this.path);
    throw new Error('a file system in memory can be mounted by the administrator alone');
  }

  /** True where one can be made; says so once where it cannot. */
  static possible(): boolean {
    try {
      new SmallDisk(65_536)[Symbol.dispose]();
      return true;
    } catch (error) {
      console.log(`skipped: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** Takes no more writes from now on. */
  makeReadOnly(): void {
    spawnSync('mount', ['-o', 'remount,ro', this.path]);
  }

  [Symbol.dispose](): void {
    // Also while a failed test still has files open there.
    spawnSync('umount', ['--lazy', this.path]);
    rmdirSync(this.path);
  }
}
