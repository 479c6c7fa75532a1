import { invariant } from '../../base/invariant.ts';
import type { Effect, Input } from '../../domain/input.ts';
import { createKernel, type Kernel } from '../../kernel/kernel.ts';
import { INSTRUMENT } from '../../kernel/testing/desk.ts';
import { FLAG_LAST, KIND_BBO, MarketRecords } from '../../native/compute/market-record.ts';
import { JournalFile } from '../../native/io/journal-file.ts';
import { SessionJournal } from '../../store/journal/session-journal.ts';
import { marketEventOf } from '../trade/market-input.ts';

/** How a session of a test is recorded. */
export interface JournalledOptions {
  /** Inputs between two state hashes, each with a snapshot. */
  readonly hashEvery: number;
  readonly segmentBytes: number;
  readonly snapshotsKept: number;
}

/** A kernel whose inputs and intents go through a journal in `folder` before they count, as the trading process does it. */
export function journalledKernel(
  folder: string,
  { hashEvery, segmentBytes, snapshotsKept }: JournalledOptions,
): { readonly kernel: Kernel; readonly journal: SessionJournal } {
  const opened = SessionJournal.open(
    folder,
    0,
    (path) => JournalFile.open(path, { segmentBytes, groupMs: 1000 }),
    { snapshotEvery: 1, snapshotsKept },
  );
  if (!opened.ok) throw new Error(opened.error.detail);
  const journal = opened.value;
  const kernel = createKernel();
  const records = new MarketRecords(1);
  let inputs = 0;
  const apply = (input: Input): readonly Effect[] => {
    const nanos = BigInt(input.at) * 1000n;
    inputs += 1;
    if (inputs % hashEvery === 0) journal.appendStateHash(kernel.encodeState(), nanos);
    if (input.type !== 'Market') {
      journal.appendInput(input, nanos);
      const effects = kernel.apply(input);
      for (const effect of effects) {
        if (effect.type !== 'Publish' && effect.type !== 'SetTimer') {
          journal.appendIntent(effect, nanos);
        }
      }
      return effects;
    }
    const { event } = input;
    invariant(event.type === 'QuoteChanged', `the desk quotes only, was ${event.type}`);
    records.set(0, KIND_BBO, FLAG_LAST, 0, nanos, nanos, event.bid ?? 0, 10, event.ask ?? 0, 20, 0);
    journal.appendMarket(records, 1);
    const taken = marketEventOf(records, 0, [INSTRUMENT]);
    invariant(taken !== undefined, 'a quote of the desk must be one of its instrument');
    return kernel.apply({ type: 'Market', at: records.tsInitMicros(0), event: taken });
  };
  return { kernel: { ...kernel, apply }, journal };
}
