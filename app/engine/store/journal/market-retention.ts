import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { journalSegments } from '../../native/io/journal-reader.ts';
import { streamFolders } from './session-journal.ts';
import { readSnapshot, snapshotPaths } from './snapshots.ts';

/** What retention took from the beginning of a session's market stream. */
export interface DroppedMarket {
  /** The last segment that was dropped; the next is the first that is kept. */
  readonly segment: number;
  /** The last record that was dropped, and the chain over everything up to it. */
  readonly sequence: number;
  readonly chain: string;
  /** Times of the first record that was dropped and of the first that is kept, nanoseconds as text. */
  readonly fromNanos: string;
  readonly untilNanos: string;
}

const NANOS_A_MILLI = 1_000_000n;

function noteOf(marketFolder: string): string {
  return join(marketFolder, 'dropped.json');
}

function isNote(value: unknown): value is DroppedMarket {
  const note = value as Partial<Record<keyof DroppedMarket, unknown>> | null;
  const times = [note?.fromNanos, note?.untilNanos];
  return (
    Number.isSafeInteger(note?.segment) &&
    Number.isSafeInteger(note?.sequence) &&
    typeof note?.chain === 'string' &&
    times.every((time) => typeof time === 'string' && /^\d+$/.test(time))
  );
}

/** What was dropped of a session's market stream; undefined when nothing was, or the note of it cannot be read: then what is missing is damage. */
export function droppedMarket(sessionFolder: string): DroppedMarket | undefined {
  const path = noteOf(streamFolders(sessionFolder).market);
  if (!existsSync(path)) return undefined;
  try {
    const note: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function writeNote(marketFolder: string, dropped: DroppedMarket): void {
  const path = noteOf(marketFolder);
  const file = openSync(`${path}.new`, 'w', 0o600);
  writeSync(file, `${JSON.stringify(dropped)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

/** The segment a replay may still begin at: of a running session from its oldest snapshot, of one that ended, which the next of its account goes on from, from its newest. A session without snapshots needs its beginning while it runs. */
function neededFrom(sessionFolder: string, running: boolean): number {
  const newestFirst = snapshotPaths(sessionFolder);
  for (const path of running ? newestFirst.toReversed() : newestFirst) {
    const snapshot = readSnapshot(path);
    if (snapshot.ok) return snapshot.value.marketSegment;
  }
  return running ? 1 : Number.POSITIVE_INFINITY;
}

/** Drops from one session the market segments that hold only records before `beforeNanos`, having written down what goes; gives how many bytes that freed. */
function dropOf(sessionFolder: string, beforeNanos: bigint, running: boolean): number {
  const { market } = streamFolders(sessionFolder);
  const read = journalSegments(market);
  if (!read.ok) return 0;
  const segments = read.value.filter(({ begun }) => begun);
  const needed = neededFrom(sessionFolder, running);
  let freed = 0;
  let fromNanos = droppedMarket(sessionFolder)?.fromNanos;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    // The last of a session that runs is being written; of one that ended, nothing tells its end but the next.
    if (next === undefined || segment.number >= needed) break;
    if (next.firstAtNanos === 0n || next.firstAtNanos >= beforeNanos) break;
    fromNanos ??= String(segment.firstAtNanos);
    writeNote(market, {
      segment: segment.number,
      sequence: next.firstSequence - 1,
      chain: next.chain,
      fromNanos,
      untilNanos: String(next.firstAtNanos),
    });
    freed += statSync(segment.path).size;
    rmSync(segment.path);
  }
  return freed;
}

/** Drops market records of more than `days` days from every session in `journalFolder`; `running` is the session that must stay recoverable. Gives the bytes freed. */
export function dropOldMarket(
  journalFolder: string,
  days: number,
  nowMs: number,
  running: string | undefined,
): number {
  if (!existsSync(journalFolder)) return 0;
  const beforeNanos = (BigInt(Math.floor(nowMs)) - BigInt(days) * 86_400_000n) * NANOS_A_MILLI;
  let freed = 0;
  for (const session of readdirSync(journalFolder)) {
    freed += dropOf(join(journalFolder, session), beforeNanos, session === running);
  }
  return freed;
}
