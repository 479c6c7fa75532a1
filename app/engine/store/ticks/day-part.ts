import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MARKET_RECORD_BYTES, MarketRecords } from '../../native/compute/market-record.ts';

/** What names of parts end with. */
export const PART = '.part';

/** What of a day was downloaded so far: market records in the order in which they came, each page made durable, so that after a crash it goes on where it stood. */
export class DayPart implements AsyncDisposable {
  readonly path: string;
  readonly #file: FileHandle;
  #rows: number;

  private constructor(path: string, file: FileHandle, rows: number) {
    this.path = path;
    this.#file = file;
    this.#rows = rows;
  }

  /** Goes on with what is there. Throws the system's error. */
  static async open(path: string): Promise<DayPart> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a+', 0o600);
    const { size } = await file.stat();
    const rows = await wholeRows(file, Math.floor(size / MARKET_RECORD_BYTES));
    // Of a page that a crash cut off the rest would stand askew.
    await file.truncate(rows * MARKET_RECORD_BYTES);
    return new DayPart(path, file, rows);
  }

  get rows(): number {
    return this.#rows;
  }

  /** The row that came last; undefined while there is none. */
  async last(): Promise<MarketRecords | undefined> {
    return this.#rows === 0 ? undefined : rowAt(this.#file, this.#rows - 1);
  }

  /** Adds rows. Throws the system's error. */
  async append(records: MarketRecords, count: number): Promise<void> {
    const bytes = records.bytes.subarray(0, count * MARKET_RECORD_BYTES);
    await this.#file.appendFile(bytes);
    await this.#file.datasync();
    this.#rows += count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  /** Removes all parts of a folder. Throws the system's error. */
  static removeAll(folder: string): void {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      if (name.endsWith(PART)) rmSync(join(folder, name));
    }
  }

  /** Removes a part that is needed no more. */
  static async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

/** Rows before the first that a loss of power left empty. */
async function wholeRows(file: FileHandle, rows: number): Promise<number> {
  let whole = rows;
  while (whole > 0 && (await rowAt(file, whole - 1)).kind(0) === 0) whole -= 1;
  return whole;
}

async function rowAt(file: FileHandle, row: number): Promise<MarketRecords> {
  const records = new MarketRecords(1);
  await file.read(records.bytes, 0, MARKET_RECORD_BYTES, row * MARKET_RECORD_BYTES);
  return records;
}
