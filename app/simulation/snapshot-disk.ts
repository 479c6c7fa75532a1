import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Rng } from '../engine/base/rng.ts';
import {
  encodeSnapshot,
  snapshotFolder,
  snapshotPath,
  snapshotPaths,
  type SnapshotWriter,
} from '../engine/store/journal/snapshots.ts';
import type { Life } from './process-time.ts';
import type { Tally } from './swarm.ts';
import type { VirtualTime } from './virtual-time.ts';

const KEPT = 3;

/** What snapshots are written on. */
export interface SnapshotDiskParts {
  readonly time: VirtualTime;
  readonly rng: Rng;
  readonly tally: Tally;
  /** Milliseconds until what was written is synced. */
  syncMs(): number;
  /** True when the disk refuses this one. */
  fails(): boolean;
}

/** Snapshots on the simulated disk: written aside, synced in simulated time, then renamed; a loss of power tears what was not synced and may take a rename back. */
export class SnapshotDisk {
  readonly #parts: SnapshotDiskParts;
  readonly #unsynced = new Set<string>();
  #renamed: { readonly from: string; readonly to: string } | undefined;

  constructor(parts: SnapshotDiskParts) {
    this.#parts = parts;
  }

  /** Writes snapshots for one start of the process. */
  writer(life: Life): SnapshotWriter {
    const { time, tally } = this.#parts;
    return (folder, snapshot, kept = KEPT) => {
      const path = snapshotPath(folder, snapshot.sequence);
      const aside = `${path}.new`;
      mkdirSync(snapshotFolder(folder), { recursive: true });
      writeFileSync(aside, encodeSnapshot(snapshot));
      this.#unsynced.add(aside);
      return new Promise<void>((resolve, reject) => {
        const finish = (): void => {
          this.#unsynced.delete(aside);
          if (this.#parts.fails()) {
            tally.add('snapshots refused by the disk');
            reject(new Error('EIO'));
            return;
          }
          renameSync(aside, path);
          this.#renamed = { from: aside, to: path };
          tally.add('snapshots');
          for (const old of snapshotPaths(folder).slice(kept)) rmSync(old);
          resolve();
        };
        time.setTimer(this.#parts.syncMs(), () => life.whenRunning(finish));
      });
    };
  }

  /** The power is gone. */
  losePower(): void {
    const { rng, tally } = this.#parts;
    for (const path of this.#unsynced) {
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, rng.nextBelow(whole.length)));
      tally.add('torn snapshots');
    }
    this.release();
    const renamed = this.#renamed;
    this.#renamed = undefined;
    if (renamed === undefined || !existsSync(renamed.to)) return;
    const fate = rng.nextBelow(4);
    if (fate === 0) {
      // The folder was never synced.
      renameSync(renamed.to, renamed.from);
      tally.add('snapshots taken back');
    } else if (fate === 1) {
      const bytes = readFileSync(renamed.to);
      const at = rng.nextBelow(bytes.length);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << rng.nextBelow(8)), at);
      writeFileSync(renamed.to, bytes);
      tally.add('damaged snapshots');
    }
  }

  /** The process is gone; what it wrote stands. */
  release(): void {
    this.#unsynced.clear();
  }
}
