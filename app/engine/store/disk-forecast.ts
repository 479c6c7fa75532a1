import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statfsSync,
} from 'node:fs';
import { join } from 'node:path';
import { streamFolders } from './journal/session-journal.ts';

/** What fills the disk: the two streams of journals, recorded ticks, the log. */
export const DISK_STREAMS = ['orders', 'market', 'ticks', 'log'] as const;

/** One of `DISK_STREAMS`. */
export type DiskStream = (typeof DISK_STREAMS)[number];

/** What keeps streams from growing for ever. */
export interface DiskBounds {
  /** Market records of journals are dropped after so many days. */
  readonly marketRetentionDays: number;
  /** What recorded ticks take, and the most they may; absent where they are not bounded, or nobody knows yet. */
  readonly ticks?: RecordedTicks;
}

/** Recorded ticks beside the room they have, bytes. */
export interface RecordedTicks {
  readonly recordedBytes: number;
  readonly budgetBytes: number;
}

/** The volume of a data folder, and how long its room lasts. */
export interface DiskForecast {
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Absent where nothing bounds them. */
  readonly ticks?: RecordedTicks & {
    /** Until the oldest begin to go; absent when it is not within ten years, or nothing was measured. */
    readonly daysUntilDropped?: number;
  };
  /** Absent until the last hours hold enough to measure. */
  readonly growth?: {
    readonly streams: { readonly stream: DiskStream; readonly bytesPerDay: number }[];
    /** Absent when it is not within ten years. */
    readonly daysUntilFull?: number;
  };
}

/** A file as far as it is written, and when that was; milliseconds since the epoch. */
interface Written {
  readonly bytes: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

const DAY_MS = 86_400_000;
const WINDOW_MS = 6 * 3_600_000;
const LEAST_MS = 600_000;
const MOST_DAYS = 3650;
const PAGE = 4096;

/** Where the zeros begin that are allocated behind what is written, to a page. */
function writtenBytes(file: number, size: number): number {
  const page = Buffer.alloc(PAGE);
  let written = 0;
  let end = Math.ceil(size / PAGE);
  while (written < end) {
    const middle = Math.floor((written + end) / 2);
    const got = readSync(file, page, 0, PAGE, middle * PAGE);
    if (page.subarray(0, got).some((byte) => byte !== 0)) written = middle + 1;
    else end = middle;
  }
  return Math.min(size, written * PAGE);
}

/** The files of a folder whose names end so; none of a folder that is not there. */
function filesOf(folder: string, ending: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.map((name) => join(folder, name));
}

/** What is written in a file; undefined for one that went away meanwhile. */
function written(path: string, allocatedAhead: boolean): Written | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const { size, birthtimeMs, mtimeMs } = fstatSync(file);
      const bytes = allocatedAhead ? writtenBytes(file, size) : size;
      // Where the system does not know when a file began, it began when it ended.
      const known = birthtimeMs > 0 && birthtimeMs <= mtimeMs;
      return { bytes, fromMs: known ? birthtimeMs : mtimeMs, untilMs: mtimeMs };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function subfolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** Files of days that may still have been written to: a day's folder bears its name. */
function tickFiles(folder: string, oldestDay: string): readonly string[] {
  const instruments = subfolders(folder).flatMap(subfolders);
  const days = instruments.flatMap(subfolders).filter((path) => path.slice(-10) >= oldestDay);
  return days.flatMap((day) => filesOf(day, '.qdt'));
}

function filesByStream(dataFolder: string, nowMs: number): Record<DiskStream, readonly string[]> {
  const sessions = subfolders(join(dataFolder, 'journal')).map(streamFolders);
  const oldestDay = new Date(nowMs - DAY_MS).toISOString().slice(0, 10);
  return {
    orders: sessions.flatMap(({ orders }) => filesOf(orders, '.qdj')),
    market: sessions.flatMap(({ market }) => filesOf(market, '.qdj')),
    ticks: tickFiles(join(dataFolder, 'ticks'), oldestDay),
    log: filesOf(join(dataFolder, 'log'), '.log'),
  };
}

/** How much of a file was written since `startMs`, taken as even over its time. */
function since({ bytes, fromMs, untilMs }: Written, startMs: number): number {
  if (untilMs < startMs) return 0;
  if (fromMs >= startMs) return bytes;
  return (bytes * (untilMs - startMs)) / (untilMs - fromMs);
}

/** Days until `free` bytes are taken; market data and ticks grow for so many days more (for ever when infinite), orders for ever, the log is bounded. */
export function daysUntilFull(
  free: number,
  perDay: Readonly<Record<DiskStream, number>>,
  days: Readonly<Record<'market' | 'ticks', number>>,
): number | undefined {
  if (free === 0) return 0;
  const ends = (['market', 'ticks'] as const).toSorted((a, b) => days[a] - days[b]);
  let left = free;
  let at = 0;
  let rate = perDay.orders + perDay.market + perDay.ticks;
  for (const stream of ends) {
    const span = days[stream] - at;
    if (rate > 0 && rate * span >= left) break;
    left -= rate * span;
    at += span;
    rate -= perDay[stream];
  }
  const found = rate > 0 ? at + left / rate : Infinity;
  return found <= MOST_DAYS ? found : undefined;
}

function growthOf(
  dataFolder: string,
  nowMs: number,
  { marketRetentionDays, ticks }: DiskBounds,
  free: number,
): DiskForecast['growth'] {
  const files = filesByStream(dataFolder, nowMs);
  const parts = (stream: DiskStream): readonly Written[] => {
    const allocatedAhead = stream === 'orders' || stream === 'market';
    return files[stream].flatMap((path) => written(path, allocatedAhead) ?? []);
  };
  const all = {
    orders: parts('orders'),
    market: parts('market'),
    ticks: parts('ticks'),
    log: parts('log'),
  };
  const windowMs = nowMs - WINDOW_MS;
  const recent = Object.values(all)
    .flat()
    .filter(({ untilMs }) => untilMs >= windowMs);
  const startMs = recent.reduce((first, { fromMs }) => Math.min(first, fromMs), nowMs);
  const from = Math.max(windowMs, startMs);
  if (nowMs - from < LEAST_MS) return undefined;
  const rate = (stream: DiskStream): number => {
    const bytes = all[stream].reduce((sum, part) => sum + since(part, from), 0);
    return (bytes * DAY_MS) / (nowMs - from);
  };
  const perDay = {
    orders: rate('orders'),
    market: rate('market'),
    ticks: rate('ticks'),
    log: rate('log'),
  };
  const oldest = all.market.reduce((first, { fromMs }) => Math.min(first, fromMs), nowMs);
  const marketDays = Math.max(0, marketRetentionDays - (nowMs - oldest) / DAY_MS);
  const ticksDays = ticks === undefined ? Infinity : daysOfRoom(ticks, perDay.ticks);
  const days = daysUntilFull(free, perDay, { market: marketDays, ticks: ticksDays });
  return {
    streams: DISK_STREAMS.map((stream) => ({ stream, bytesPerDay: Math.round(perDay[stream]) })),
    ...(days !== undefined && { daysUntilFull: days }),
  };
}

/** Days until recorded ticks take all of their room. */
function daysOfRoom({ recordedBytes, budgetBytes }: RecordedTicks, bytesPerDay: number): number {
  const room = Math.max(0, budgetBytes - recordedBytes);
  if (room === 0) return 0;
  return bytesPerDay > 0 ? room / bytesPerDay : Infinity;
}

function ticksOf(
  ticks: RecordedTicks,
  growth: DiskForecast['growth'],
): NonNullable<DiskForecast['ticks']> {
  const rate = growth?.streams.find(({ stream }) => stream === 'ticks')?.bytesPerDay;
  const days = rate === undefined ? Infinity : daysOfRoom(ticks, rate);
  return { ...ticks, ...(days <= MOST_DAYS && { daysUntilDropped: days }) };
}

/** How full the volume of a data folder is and, by what was written in the last six hours, when it will be; undefined when the system does not say. */
export function forecastDisk(
  dataFolder: string,
  nowMs: number,
  bounds: DiskBounds,
): DiskForecast | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(dataFolder);
    const freeBytes = bavail * bsize;
    const growth = growthOf(dataFolder, nowMs, bounds, freeBytes);
    return {
      freeBytes,
      totalBytes: blocks * bsize,
      ...(bounds.ticks && { ticks: ticksOf(bounds.ticks, growth) }),
      ...(growth && { growth }),
    };
  } catch {
    return undefined;
  }
}
