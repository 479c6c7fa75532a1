import { existsSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import type { SessionStarted } from '../../domain/input.ts';
import type { UnixMicros } from '../../domain/time.ts';
import { JournalRecords, readJournal } from '../../native/io/journal-reader.ts';
import { decodeInput, ORDER_STREAM_SCHEMA } from './input-codec.ts';
import { RECORD_INPUT, streamFolders } from './session-journal.ts';
import type { SessionReadError } from './session-reader.ts';

/** How a session began, and when. */
export interface SessionStart {
  readonly at: UnixMicros;
  readonly start: SessionStarted;
}

/** Reads only how the session in a folder began; undefined when nothing was recorded in it. */
export function readSessionStart(
  sessionFolder: string,
): Result<SessionStart | undefined, SessionReadError> {
  const { orders } = streamFolders(sessionFolder);
  if (!existsSync(orders)) return ok(undefined);
  const reader = readJournal(orders);
  if (!reader.ok) return err({ code: 'SESSION_UNREADABLE', message: reader.error.detail });
  const records = new JournalRecords(1, 4096);
  if (reader.value.next(records) === 0) {
    const { damages, osError } = reader.value.summary;
    if (damages.length === 0 && osError === 0) return ok(undefined);
    return err({ code: 'SESSION_UNREADABLE', message: `no record of ${orders} can be read` });
  }
  const known = records.kinds[0] === RECORD_INPUT && records.schemas[0] === ORDER_STREAM_SCHEMA;
  const decoded = known ? decodeInput(records.payload(0)) : undefined;
  const input = decoded?.ok === true ? decoded.value.input : undefined;
  if (input?.type === 'SessionStarted') return ok({ at: input.at, start: input });
  const message = 'the first record must be the start of the session';
  return err({ code: 'RECORD_MALFORMED', message });
}
