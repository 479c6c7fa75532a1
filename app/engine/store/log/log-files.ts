import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of one file and how many are kept, the newest without a number. */
const FILE_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 5;

/** The log on disk: lines in `engine.log`, older ones in `engine.1.log` and on. A line the disk refuses is counted, never waited for. */
export class LogFiles implements Disposable {
  readonly #folder: string;
  readonly #fileBytes: number;
  #file: number | undefined;
  #bytes = 0;
  #lost = 0;

  constructor(folder: string, fileBytes = FILE_BYTES) {
    this.#folder = folder;
    this.#fileBytes = fileBytes;
  }

  /** Lines that the disk refused. */
  get lost(): number {
    return this.#lost;
  }

  /** Writes one line. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      if (this.#bytes + bytes.byteLength > this.#fileBytes) this.#rotate();
      this.#file ??= this.#open();
      this.#bytes += writeSync(this.#file, bytes);
    } catch {
      this.#lost += 1;
      this.#close();
    }
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #path(number: number): string {
    return join(this.#folder, number === 0 ? 'engine.log' : `engine.${number}.log`);
  }

  #open(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = openSync(this.#path(0), 'a', 0o600);
    this.#bytes = statSync(this.#path(0)).size;
    return file;
  }

  #rotate(): void {
    this.#close();
    this.#bytes = 0;
    rmSync(this.#path(MOST_FILES - 1), { force: true });
    for (let number = MOST_FILES - 2; number >= 0; number -= 1) {
      if (exists(this.#path(number))) renameSync(this.#path(number), this.#path(number + 1));
    }
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
