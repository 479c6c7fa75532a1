import { createHash, type Hash } from 'node:crypto';
import { JournalRecords, readJournal } from '../engine/native/io/journal-reader.ts';
import { replaySession } from '../engine/processes/trade/session-replay.ts';
import { stateHash, streamFolders } from '../engine/store/journal/session-journal.ts';
import { readSnapshot, snapshotPaths } from '../engine/store/journal/snapshots.ts';
import { Violation } from './violation.ts';

/** Reads a session that has ended: it must be whole and replay to the state it ended in. Gives hashes over its records and its state. */
export function readBack(folder: string, state: Uint8Array): { journal: string; state: string } {
  const replay = replaySession(folder);
  if (!replay.ok) throw new Violation('SESSION_LOST', replay.error.message);
  const { firstDifference, kernel } = replay.value;
  if (firstDifference !== undefined) {
    const where = `record ${firstDifference.sequence}`;
    throw new Violation('REPLAY_DIFFERS', `the state hash at ${where} is not reproduced`);
  }
  if (Buffer.compare(kernel.encodeState(), state) !== 0) {
    throw new Violation('REPLAY_DIFFERS', 'the journal does not lead to the state of the process');
  }
  for (const path of snapshotPaths(folder)) assertLeadsTo(folder, path, state);
  const hash = createHash('sha256');
  const { orders, market } = streamFolders(folder);
  for (const stream of [orders, market]) addRecords(hash, stream);
  return { journal: hash.digest('hex'), state: stateHash(state) };
}

/** A snapshot that can be used leads to the same state; one that was damaged, or whose record a loss of power took, is refused. */
function assertLeadsTo(folder: string, path: string, state: Uint8Array): void {
  const from = readSnapshot(path);
  if (!from.ok) return;
  const replay = replaySession(folder, { from: from.value });
  if (!replay.ok && replay.error.code === 'SNAPSHOT_FOREIGN') return;
  const same = replay.ok && Buffer.compare(replay.value.kernel.encodeState(), state) === 0;
  if (same && replay.value.firstDifference === undefined) return;
  throw new Violation('SNAPSHOT_DIFFERS', `${path} does not lead to the state of the process`);
}

/** Everything of every record but what names session and segment, which is drawn anew for each. */
function addRecords(hash: Hash, stream: string): void {
  const reader = readJournal(stream);
  if (!reader.ok) throw new Violation('SESSION_LOST', reader.error.detail);
  const records = new JournalRecords();
  while (reader.value.next(records) > 0) {
    for (let row = 0; row < records.count; row += 1) {
      const { sequences, kinds, schemas, tsInitNanos } = records;
      hash.update(`${sequences[row]} ${kinds[row]} ${schemas[row]} ${tsInitNanos[row]} `);
      hash.update(records.payload(row));
    }
  }
}
