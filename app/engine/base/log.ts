import type { Masker } from './mask.ts';

/** From the least to the most urgent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Plain facts of a record, by name. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** One record of the log, without secrets. */
export interface LogRecord {
  /** Our time, microseconds. */
  readonly at: number;
  readonly level: LogLevel;
  /** The part of the process: `venue`, `journal`, `window`. */
  readonly area: string;
  /** Stable, UPPER_SNAKE. */
  readonly code: string;
  readonly message: string;
  readonly fields?: LogFields;
}

/** Longest text of a record; the rest is cut. */
const MOST_TEXT = 2000;
/** Records a second that leave a process; the others are counted. */
const MOST_A_SECOND = 200;

/** True when `level` is at least `threshold`. */
export function isAtLeast(level: LogLevel, threshold: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(threshold);
}

/** The level named in a process's arguments as `--log-level=LEVEL`; info when none is. */
export function levelOfArguments(given: readonly string[]): LogLevel {
  const named = given.find((one) => one.startsWith('--log-level='))?.slice('--log-level='.length);
  return LOG_LEVELS.find((level) => level === named) ?? 'info';
}

/** The one way to write the log: masks, drops what is too quiet, and counts what is too much. */
export class Logger {
  readonly #nowMicros: () => number;
  readonly #masker: Masker;
  readonly #threshold: LogLevel;
  readonly #write: (record: LogRecord) => void;
  #second = 0;
  #written = 0;
  #dropped = 0;

  constructor(parts: {
    readonly nowMicros: () => number;
    readonly masker: Masker;
    readonly threshold: LogLevel;
    readonly write: (record: LogRecord) => void;
  }) {
    this.#nowMicros = parts.nowMicros;
    this.#masker = parts.masker;
    this.#threshold = parts.threshold;
    this.#write = parts.write;
  }

  debug(area: string, code: string, message: string, fields?: LogFields): void {
    this.log('debug', area, code, message, fields);
  }

  info(area: string, code: string, message: string, fields?: LogFields): void {
    this.log('info', area, code, message, fields);
  }

  warn(area: string, code: string, message: string, fields?: LogFields): void {
    this.log('warn', area, code, message, fields);
  }

  error(area: string, code: string, message: string, fields?: LogFields): void {
    this.log('error', area, code, message, fields);
  }

  log(level: LogLevel, area: string, code: string, message: string, fields?: LogFields): void {
    if (!isAtLeast(level, this.#threshold)) return;
    const at = this.#nowMicros();
    this.#turn(at);
    this.#written += 1;
    if (this.#written > MOST_A_SECOND) {
      this.#dropped += 1;
      return;
    }
    const masked = fields === undefined ? {} : { fields: this.#maskFields(fields) };
    const text = this.#masker.text(message.slice(0, MOST_TEXT));
    this.#write({ at, level, area, code, message: text, ...masked });
  }

  #turn(at: number): void {
    const second = Math.floor(at / 1_000_000);
    if (second === this.#second) return;
    const dropped = this.#dropped;
    this.#second = second;
    this.#written = 0;
    this.#dropped = 0;
    if (dropped === 0) return;
    const message = `${dropped} records of one second were dropped`;
    this.#write({ at, level: 'warn', area: 'log', code: 'LOG_DROPPED', message });
  }

  #maskFields(fields: LogFields): LogFields {
    const masked: Record<string, string | number | boolean> = {};
    for (const [name, value] of Object.entries(fields)) {
      masked[name] =
        typeof value === 'string' ? this.#masker.field(name, value.slice(0, MOST_TEXT)) : value;
    }
    return masked;
  }
}
