import type { JournalSummary } from '../../native/io/journal-binding.ts';
import { JournalRecords, journalSegments, readJournal } from '../../native/io/journal-reader.ts';
import { droppedMarket } from './market-retention.ts';
import { streamFolders } from './session-journal.ts';

/** How the market stream of a session compares with what is written of it elsewhere. */
export interface MarketCheck {
  /** What is wrong, with its file; undefined when nothing is. */
  readonly damage?: string;
  /** Blocks whose hash the order stream states and that were found so. */
  readonly blocks: number;
  /** What reading it saw. */
  readonly summary: JournalSummary;
}

const NOTHING_READ: Pick<MarketCheck, 'blocks' | 'summary'> = {
  blocks: 0,
  summary: {
    records: 0,
    lastSequence: 0,
    segments: 0,
    tornBytes: 0,
    endOffset: 0,
    chain: '',
    osError: 0,
    damages: [],
  },
};

/** Checks the market stream against the hashes the order stream states of its blocks (by the sequence they end at) and against the note of retention. */
export function checkMarket(
  sessionFolder: string,
  stated: ReadonlyMap<number, string>,
): MarketCheck {
  const { market } = streamFolders(sessionFolder);
  const dropped = droppedMarket(sessionFolder);
  const segments = journalSegments(market);
  const reader = readJournal(market);
  if (!segments.ok) return { ...NOTHING_READ, damage: segments.error.detail };
  if (!reader.ok) return { ...NOTHING_READ, damage: reader.error.detail };
  const records = new JournalRecords();
  while (reader.value.next(records) > 0);
  const { summary } = reader.value;
  const [first] = segments.value;
  const expected = (dropped?.segment ?? 0) + 1;
  if (first !== undefined && first.number > expected) {
    const damage = `${first.path}: segments ${expected}..${first.number - 1} are missing and no retention took them`;
    return { blocks: 0, damage, summary };
  }
  if (dropped !== undefined && first?.number === expected && first.chain !== dropped.chain) {
    return { blocks: 0, summary, damage: `${first.path}: does not follow what retention dropped` };
  }
  let blocks = 0;
  for (const [sequence, chain] of stated) {
    if (sequence < (first?.firstSequence ?? 0)) continue;
    if (reader.value.chainAt(sequence) !== chain) {
      const damage = `${market}: the order stream states another block up to record ${sequence}`;
      return { blocks, damage, summary };
    }
    blocks += 1;
  }
  return { blocks, summary };
}
