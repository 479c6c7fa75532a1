import { existsSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import { createKernel, type Kernel } from '../../kernel/kernel.ts';
import {
  SessionJournal,
  streamFolders,
  type OpenStream,
} from '../../store/journal/session-journal.ts';
import { replaySession, type SessionReplay } from './session-replay.ts';

/** A session that can go on: a kernel that knows it so far and the journal that takes what comes next. */
export interface OpenedSession {
  readonly kernel: Kernel;
  readonly journal: SessionJournal;
  /** True when the session had begun before. */
  readonly recovered: boolean;
}

/** Why a session cannot go on; another start would end the same way. */
export interface SessionOpenError {
  readonly code: string;
  readonly message: string;
}

/** A kernel that knows the session so far, and how many market records it holds; undefined for a session that begins. */
function recover(sessionFolder: string): Result<SessionReplay | undefined, SessionOpenError> {
  if (!existsSync(streamFolders(sessionFolder).orders)) return ok(undefined);
  try {
    const replayed = replaySession(sessionFolder);
    if (replayed.ok) return replayed;
    const { code, message } = replayed.error;
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
): Result<OpenedSession, SessionOpenError> {
  const recovered = recover(sessionFolder);
  if (!recovered.ok) return recovered;
  const replay = recovered.value;
  if (replay?.firstDifference !== undefined) {
    const { sequence } = replay.firstDifference;
    const message = `the session does not replay to the hash recorded at ${sequence}`;
    return err({ code: 'STATE_HASH_DIFFERS', message });
  }
  const journal = SessionJournal.open(sessionFolder, replay?.read.marketCount ?? 0, openStream);
  if (!journal.ok) {
    const { code, detail } = journal.error;
    return err({ code, message: `the journal cannot be opened: ${detail}` });
  }
  return ok({
    kernel: replay?.kernel ?? createKernel(),
    journal: journal.value,
    // A start that died before its first record has not begun.
    recovered: replay !== undefined && replay.inputs > 0,
  });
}
