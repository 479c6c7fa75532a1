import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { DOWNLOAD_KINDS, DOWNLOAD_STATES, MOST_DOWNLOADS } from '../../domain/download.ts';
import { parseInstrumentId, type InstrumentId } from '../../domain/identifiers.ts';

const VERSION = 1;

/** A download as it is kept: which day is next, and what came of those before. */
const keptSchema = z.strictObject({
  instrument: z.custom<InstrumentId>((id) => typeof id === 'string' && parseInstrumentId(id).ok),
  kind: z.enum(DOWNLOAD_KINDS),
  from: z.string(),
  to: z.string(),
  replace: z.boolean(),
  id: z.number().int().min(1),
  state: z.enum(DOWNLOAD_STATES),
  doneDays: z.number().int().min(0),
  skippedDays: z.number().int().min(0),
  rows: z.number().int().min(0),
  message: z.string().exactOptional(),
});
export type KeptDownload = z.infer<typeof keptSchema>;

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  downloads: z.array(keptSchema).max(MOST_DOWNLOADS),
});

/** The list of downloads on disk; what was written last is there after a crash. */
export class DownloadList {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();
  #next: readonly KeptDownload[] | undefined;
  readonly #onProblem: (message: string) => void;

  constructor(path: string, onProblem: (message: string) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
  }

  /** What is kept. A file that cannot be read is set aside and told. */
  read(): readonly KeptDownload[] {
    if (!existsSync(this.#path)) return [];
    try {
      const parsed: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      return fileSchema.parse(parsed).downloads;
    } catch (error) {
      const aside = `${this.#path}.damaged`;
      renameSync(this.#path, aside);
      const why = error instanceof Error ? error.message : String(error);
      this.#onProblem(`the list of downloads cannot be read and lies in ${aside}: ${why}`);
      return [];
    }
  }

  /** Keeps the list; while one is being written the newest waits. */
  write(downloads: readonly KeptDownload[]): void {
    const waits = this.#next !== undefined;
    this.#next = downloads;
    if (!waits) this.#writing = this.#writing.then(() => this.#writeNext());
  }

  /** Everything is written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #writeNext(): Promise<void> {
    const downloads = this.#next;
    this.#next = undefined;
    const beside = `${this.#path}.new`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = await open(beside, 'w', 0o600);
      await file.writeFile(JSON.stringify({ version: VERSION, downloads }));
      await file.sync();
      await file.close();
      await rename(beside, this.#path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#onProblem(`the list of downloads cannot be kept: ${why}`);
    }
  }
}
