import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Input } from '../../domain/input.ts';
import type { RecordPlace, StateHashRecord } from './input-codec.ts';

/** The end of an order stream that names market records which are not on disk: a loss of power took more of the market stream. None of it was ever told durable. */
export interface TailCut {
  /** The last record of the order stream that can be kept. */
  readonly afterSequence: number;
  /** Records behind it. */
  readonly records: number;
  /** Market records on disk, and how many the last record behind it names. */
  readonly marketKept: number;
  readonly marketNamed: number;
  /** Times of the first and the last record behind it, nanoseconds as text. */
  readonly fromNanos: string;
  readonly untilNanos: string;
}

/** A cut in one line. */
export function describeCut({ afterSequence, records, marketKept, marketNamed }: TailCut): string {
  return `${records} records behind ${afterSequence} name up to ${marketNamed} market records, ${marketKept} are on disk: a loss of power took the rest before any of it was told durable`;
}

/** A cut that a start made, with the files of the order stream that hold what was cut. */
export interface CutReport extends TailCut {
  readonly files: readonly string[];
}

/** Follows an order stream to its end and knows whether what it names beyond the market stream can be the tail that a loss of power left. */
export class LostTail {
  #cut: TailCut | undefined;
  #durable = 0;
  #startsBehind = 0;

  /** What is behind the last record that can be kept; undefined while nothing is. */
  get cut(): TailCut | undefined {
    return this.#cut;
  }

  /** The record names more than the `marketKept` on disk (`marketNamed`, when it says so), or stands behind one that does. */
  take({ sequence, atNanos }: RecordPlace, marketKept: number, marketNamed = 0): void {
    const before = this.#cut;
    this.#cut = {
      afterSequence: before?.afterSequence ?? sequence - 1,
      records: (before?.records ?? 0) + 1,
      marketKept,
      marketNamed: Math.max(before?.marketNamed ?? 0, marketNamed),
      fromNanos: before?.fromNanos ?? String(atNanos),
      untilNanos: String(atNanos),
    };
  }

  /** Notes an input behind the last record that can be kept. */
  onInput(input: Input, { sequence }: RecordPlace): void {
    if (input.type === 'SessionStarted') this.#startsBehind = sequence;
  }

  /** Notes a state hash, wherever it stands. */
  onStateHash({ market, marketDurable = 0 }: StateHashRecord): void {
    this.#durable = Math.max(this.#durable, market?.sequence ?? 0, marketDurable);
  }

  /** Why no loss of power can have taken what is missing behind the market stream's record `marketSequence`; undefined when one can. */
  contradiction(marketSequence: number): string | undefined {
    // A start syncs both streams before its first record.
    if (this.#startsBehind > 0) return `record ${this.#startsBehind} is of a later start`;
    if (this.#durable <= marketSequence) return undefined;
    return `its record ${this.#durable} was durable`;
  }
}

function isTorn(name: string): boolean {
  return name.includes('.qdj.torn-');
}

/** Files of a stream that hold what was cut from it, whole names. */
export function quarantined(streamFolder: string): readonly string[] {
  if (!existsSync(streamFolder)) return [];
  const names = readdirSync(streamFolder).filter(isTorn).sort();
  return names.map((name) => join(streamFolder, name));
}

/** Writes down in the session's folder what was or is about to be cut. Throws the system's error. */
export function writeCutReport(sessionFolder: string, report: CutReport): void {
  const name = `cut-${String(report.afterSequence).padStart(15, '0')}.json`;
  const path = join(sessionFolder, name);
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

/** The cuts that starts of this session made, oldest first; one whose report cannot be read is left out. */
export function readCutReports(sessionFolder: string): readonly CutReport[] {
  if (!existsSync(sessionFolder)) return [];
  const names = readdirSync(sessionFolder).filter((name) => /^cut-\d{15}\.json$/.test(name));
  return names.sort().flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(sessionFolder, name), 'utf8')) as CutReport];
    } catch {
      return [];
    }
  });
}
