import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How far a suite has come: the seed it goes on with, and what it counted before. */
export interface Progress {
  readonly seed: number;
  readonly total: Readonly<Record<string, number>>;
}

/** Where a suite whose trials depend on their seeds alone keeps how far it came, so that an interrupted long run loses little. */
export class SeedProgress {
  readonly #file: string;

  constructor(folder: string, name: string) {
    this.#file = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.json`);
  }

  read(): Progress | undefined {
    return existsSync(this.#file)
      ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Progress)
      : undefined;
  }

  /** In one step: a run that is killed meanwhile finds the one before. */
  write(progress: Progress): void {
    const fresh = `${this.#file}.new`;
    writeFileSync(fresh, JSON.stringify(progress));
    renameSync(fresh, this.#file);
  }
}
