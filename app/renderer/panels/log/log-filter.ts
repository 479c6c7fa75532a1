import type { LogEntry } from '../../state/desk.tsx';

/** Levels from the least to the most urgent. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** What of the log is shown. Empty text takes everything. */
export interface LogFilter {
  /** This level and those above it. */
  readonly level: Level;
  readonly process: LogEntry['process'] | '';
  readonly area: string;
  /** In code, message or fields, whatever the case. */
  readonly text: string;
}

export const EVERYTHING: LogFilter = { level: 'debug', process: '', area: '', text: '' };

/** The records that pass. */
export function filterLog(entries: readonly LogEntry[], filter: LogFilter): readonly LogEntry[] {
  const { process, area } = filter;
  const least = LEVELS.indexOf(filter.level);
  const text = filter.text.trim().toLowerCase();
  return entries.filter(
    (entry) =>
      LEVELS.indexOf(entry.level) >= least &&
      (process === '' || entry.process === process) &&
      (area === '' || entry.area === area) &&
      (text === '' || `${entry.code} ${wordsOf(entry)}`.toLowerCase().includes(text)),
  );
}

/** The areas there are, in alphabetical order. */
export function areasOf(entries: readonly LogEntry[]): readonly string[] {
  return [...new Set(entries.map(({ area }) => area))].sort();
}

/** The fields as `name=value`. */
export function fieldsOf({ fields = {} }: LogEntry): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Message and fields as one text. */
export function wordsOf(entry: LogEntry): string {
  return `${entry.message} ${fieldsOf(entry)}`.trimEnd();
}

/** A record as a line of text. */
export function lineOf(entry: LogEntry): string {
  const time = new Date(entry.at / 1000).toISOString();
  const { level, process, area, code } = entry;
  return `${time} ${level} ${process} ${area} ${code} ${wordsOf(entry)}`;
}
