import { Worker } from 'node:worker_threads';
import type { Watch } from './fuzz-reader.ts';

/** Longest input that the other thread is shown whole. */
const LARGEST_SHOWN = 1 << 20;

/** What both threads see: a number that changes with each input (0: none is read), its reader's place and its length; then its bytes. */
export interface Watched {
  readonly names: readonly string[];
  readonly header: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** Watches from another thread that each input is answered: one that never is would be told by nobody. That thread writes which it was and kills the process. */
export class Watchdog implements Watch {
  readonly #watched: Watched;
  #inputs = 0;

  constructor(names: readonly string[]) {
    this.#watched = {
      names,
      header: new Int32Array(new SharedArrayBuffer(12)),
      bytes: new Uint8Array(new SharedArrayBuffer(LARGEST_SHOWN)),
    };
    const thread = new URL('fuzz-watch-thread.ts', import.meta.url);
    new Worker(thread, { workerData: this.#watched }).unref();
  }

  reads(name: string, bytes: Uint8Array): void {
    const { names, header, bytes: shared } = this.#watched;
    const seen = bytes.length > LARGEST_SHOWN ? bytes.subarray(0, LARGEST_SHOWN) : bytes;
    shared.set(seen);
    header[1] = names.indexOf(name);
    header[2] = seen.length;
    this.#inputs = this.#inputs === 0x7f_ff_ff_ff ? 1 : this.#inputs + 1;
    Atomics.store(header, 0, this.#inputs);
  }

  rests(): void {
    Atomics.store(this.#watched.header, 0, 0);
  }
}
