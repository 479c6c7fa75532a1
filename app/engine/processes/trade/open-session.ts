import { existsSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import { STATE_FORMAT } from '../../domain/state-format.ts';
import { createKernel, type Kernel } from '../../kernel/kernel.ts';
import { ioWords } from '../../native/io/io-words.ts';
import {
  SessionJournal,
  streamFolders,
  type OpenStream,
  type SessionOptions,
} from '../../store/journal/session-journal.ts';
import {
  readSnapshot,
  snapshotPaths,
  type SessionSnapshot,
} from '../../store/journal/snapshots.ts';
import type { TailCut } from '../../store/journal/tail-cut.ts';
import type { SessionReadError } from '../../store/journal/session-reader.ts';
import type { LastAlert } from './last-alerts.ts';
import { replaySession, type SessionReplay } from './session-replay.ts';

/** A session that can go on: a kernel that knows it so far and the journal that takes what comes next. */
export interface OpenedSession {
  readonly kernel: Kernel;
  readonly journal: SessionJournal;
  /** True when the session had begun before. */
  readonly recovered: boolean;
  /** The record of the order stream that holds the hash of the snapshot it was read on from; absent: it was read whole. */
  readonly fromSnapshot?: number;
  /** Snapshots that could not be used, each with its reason: more of the journal was read instead. */
  readonly ignoredSnapshots: readonly string[];
  /** What the kernel said at the end of what is known: it may have died with the process, before anybody heard. */
  readonly lastAlerts: readonly LastAlert[];
  /** What was set aside because it names market records that a loss of power took. */
  readonly cut?: TailCut;
}

/** Why a session cannot go on; another start would end the same way. */
export interface SessionOpenError {
  readonly code: string;
  readonly message: string;
}

interface Recovery {
  readonly replay: SessionReplay;
  readonly from?: SessionSnapshot;
  readonly ignored: readonly string[];
}

function replayedFrom(
  sessionFolder: string,
  path: string,
): Result<Omit<Recovery, 'ignored'>, string> {
  const snapshot = readSnapshot(path);
  if (!snapshot.ok) return err(`${snapshot.error.code}: ${snapshot.error.message}`);
  const from = snapshot.value;
  try {
    const replay = replaySession(sessionFolder, { from });
    if (replay.ok) return ok({ replay: replay.value, from });
    return err(`${replay.error.code}: ${replay.error.message}`);
  } catch (error) {
    // Another release's state: the inputs say the same.
    return err(error instanceof Error ? error.message : String(error));
  }
}

/** Reads on from the newest snapshot that can be used, else from the beginning. */
function replayed(sessionFolder: string): Result<Recovery, SessionReadError> {
  const ignored: string[] = [];
  for (const path of snapshotPaths(sessionFolder)) {
    const used = replayedFrom(sessionFolder, path);
    if (used.ok) return ok({ ...used.value, ignored });
    ignored.push(`${path}: ${used.error}`);
  }
  const replay = replaySession(sessionFolder);
  return replay.ok ? ok({ replay: replay.value, ignored }) : replay;
}

/** A kernel that knows the session so far, and how many market records it holds; undefined for a session that begins. */
function recover(sessionFolder: string): Result<Recovery | undefined, SessionOpenError> {
  if (!existsSync(streamFolders(sessionFolder).orders)) return ok(undefined);
  try {
    const recovered = replayed(sessionFolder);
    if (recovered.ok) return recovered;
    const { code, message } = recovered.error;
    return err({ code, message: `the session cannot be recovered: ${message}` });
  } catch (error) {
    // What broke the kernel is in the journal.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return err({
      code: 'SESSION_BREAKS_KERNEL',
      message: `the session cannot be recovered: ${message}`,
    });
  }
}

/** Opens the session in `sessionFolder`, or begins it: the one start-up path, after a death too. */
export function openSession(
  sessionFolder: string,
  openStream?: OpenStream,
  snapshots: Omit<SessionOptions, 'from' | 'cut'> = {},
): Result<OpenedSession, SessionOpenError> {
  const recovered = recover(sessionFolder);
  if (!recovered.ok) return recovered;
  const replay = recovered.value?.replay;
  const from = recovered.value?.from;
  if (replay?.firstDifference !== undefined) {
    const { sequence } = replay.firstDifference;
    const message = `the session does not replay to the hash recorded at ${sequence}`;
    return err({ code: 'STATE_HASH_DIFFERS', message });
  }
  if (replay?.otherFormat !== undefined) {
    const message = `the session was recorded with state format ${replay.otherFormat}, this release has ${STATE_FORMAT} and cannot prove that it goes on from the same state: go on with the release that began it, or begin a new session`;
    return err({ code: 'STATE_FORMAT_DIFFERS', message });
  }
  const cut = replay?.read.cut;
  const journal = SessionJournal.open(sessionFolder, replay?.read.marketCount ?? 0, openStream, {
    ...snapshots,
    ...(from && { from }),
    ...(cut && { cut }),
  });
  if (!journal.ok) {
    const { code } = journal.error;
    return err({ code, message: `the journal cannot be opened: ${ioWords(journal.error)}` });
  }
  return ok({
    kernel: replay?.kernel ?? createKernel(),
    journal: journal.value,
    // A start that died before its first record has not begun.
    recovered: from !== undefined || (replay !== undefined && replay.inputs > 0),
    ...(from && { fromSnapshot: from.sequence }),
    ignoredSnapshots: recovered.value?.ignored ?? [],
    lastAlerts: replay?.lastAlerts ?? [],
    ...(cut && { cut }),
  });
}
