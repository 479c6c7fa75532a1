import { present } from '../../base/invariant.ts';
import { JournalFile } from './journal-file.ts';

const opened = JournalFile.open(present(process.argv[2], 'folder'), { segmentBytes: 65_536 });
if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail}`);
const journal = opened.value;
const payload = new Uint8Array(64);

/** Appends without end; tells the last sequence whose append returned, until it is killed. */
function storm(): void {
  let sequence = 0;
  for (let i = 0; i < 100; i += 1) {
    payload.fill(journal.status.lastSequence % 251);
    sequence = journal.append(7, 1, BigInt(i), payload);
  }
  process.send?.(sequence, () => setImmediate(storm));
}
storm();
