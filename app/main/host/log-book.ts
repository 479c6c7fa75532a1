import { join } from 'node:path';
import type { LogEntry } from '../../engine/api/log.ts';
import { isAtLeast, Logger, type LogLevel, type LogRecord } from '../../engine/base/log.ts';
import { Masker } from '../../engine/base/mask.ts';
import type { Clock } from '../../engine/base/clock.ts';
import { LogFiles } from '../../engine/store/log/log-files.ts';

/** Records kept for windows. */
const MOST_ENTRIES = 5000;

/** The engine's log: what every process writes, masked once more, in files and in memory. */
export class LogBook implements Disposable {
  /** The secrets of main and of what main hands out. */
  readonly masker = new Masker();
  /** Main's own log. */
  readonly log: Logger;
  /** Our time, microseconds. */
  readonly nowMicros: () => number;
  readonly #files: LogFiles;
  readonly #onError: (line: string) => void;
  readonly #listeners = new Set<(entry: LogEntry) => void>();
  #entries: LogEntry[] = [];
  #written = 0;

  constructor(parts: {
    readonly dataFolder: string;
    readonly clock: Clock;
    readonly level: LogLevel;
    /** Where errors are told to who started the engine. */
    readonly onError: (line: string) => void;
  }) {
    this.#files = new LogFiles(join(parts.dataFolder, 'log'));
    this.#onError = parts.onError;
    this.nowMicros = () => parts.clock.nowMicros();
    this.log = new Logger({
      nowMicros: this.nowMicros,
      masker: this.masker,
      threshold: parts.level,
      write: (record) => this.add('main', record),
    });
  }

  /** The newest records, oldest first. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  get counts(): { written: number; lost: number } {
    return { written: this.#written, lost: this.#files.lost };
  }

  /** Takes a record of a process in. */
  add(process: LogEntry['process'], record: LogRecord): void {
    this.#written += 1;
    const { fields, ...rest } = record;
    const entry: LogEntry = {
      ...rest,
      message: this.masker.text(record.message),
      ...(fields === undefined ? {} : { fields: this.#mask(fields) }),
      process,
      number: this.#written,
    };
    this.#entries.push(entry);
    if (this.#entries.length > 2 * MOST_ENTRIES) {
      this.#entries = this.#entries.slice(-MOST_ENTRIES);
    }
    this.#files.append(lineOf(entry));
    if (isAtLeast(entry.level, 'error')) {
      this.#onError(`${process}: ${entry.code}: ${entry.message}`);
    }
    for (const listener of this.#listeners) listener(entry);
  }

  /** Tells of every new record; the returned handle ends it. */
  onEntry(listener: (entry: LogEntry) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }

  #mask(fields: NonNullable<LogRecord['fields']>): Record<string, string | number | boolean> {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? this.masker.field(name, value) : value,
      ]),
    );
  }
}

function lineOf(entry: LogEntry): string {
  const { at, number: _number, ...rest } = entry;
  return JSON.stringify({ time: new Date(at / 1000).toISOString(), ...rest });
}
