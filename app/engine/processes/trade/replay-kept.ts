import { ok, type Result } from '../../base/result.ts';
import { droppedMarket } from '../../store/journal/market-retention.ts';
import type { ReadRange, SessionReadError } from '../../store/journal/session-reader.ts';
import {
  readSnapshot,
  snapshotPaths,
  type SessionSnapshot,
} from '../../store/journal/snapshots.ts';
import { replaySession, type SessionReplay } from './session-replay.ts';

/** A session run again as far back as its market stream is kept. */
export interface KeptReplay {
  readonly replay: SessionReplay;
  /** Where it began when retention took what came before; absent for the session's beginning. */
  readonly from?: SessionSnapshot;
}

/** Runs a session again, from its beginning or, when retention dropped market records, from the oldest snapshot that needs none of them. */
export function replayKept(
  sessionFolder: string,
  options: Pick<ReadRange, 'untilNanos'> = {},
): Result<KeptReplay, SessionReadError> {
  const dropped = droppedMarket(sessionFolder);
  if (dropped !== undefined) {
    for (const path of snapshotPaths(sessionFolder).toReversed()) {
      const snapshot = readSnapshot(path);
      if (!snapshot.ok || snapshot.value.marketSegment <= dropped.segment) continue;
      const from = snapshot.value;
      const replay = replayedFrom(sessionFolder, { ...options, from });
      if (replay !== undefined) return ok({ replay, from });
    }
  }
  const whole = replaySession(sessionFolder, options);
  return whole.ok ? ok({ replay: whole.value }) : whole;
}

/** Undefined for a snapshot that cannot be gone on from, also one of another release. */
function replayedFrom(sessionFolder: string, range: ReadRange): SessionReplay | undefined {
  try {
    const replay = replaySession(sessionFolder, range);
    return replay.ok ? replay.value : undefined;
  } catch {
    return undefined;
  }
}
