import type { JournalChanged } from '../../domain/input.ts';
import type { KernelContext } from '../context.ts';

/** A journal in trouble leaves only what reduces risk until a person unlocks again; while inputs are not on disk no order is sent. */
export function onJournalChanged(context: KernelContext, input: JournalChanged): void {
  const { state, detail } = input;
  context.state.journal = state === 'Ready' ? undefined : state;
  if (state === 'Ready') {
    context.alert('Info', 'JOURNAL_READY', 'the journal is written again: unlock to add risk');
    return;
  }
  for (const record of [...context.state.accounts.values()]) {
    if (record.tradingState !== 'Active') continue;
    context.saveAccount({ ...record, tradingState: 'Reducing' });
  }
  const left = state === 'Failed' ? 'only cancels leave' : 'only orders that reduce leave';
  const message = `the journal cannot be written: ${detail}; ${left} until there is room on the disk`;
  context.alert('Error', state === 'Failed' ? 'JOURNAL_FAILED' : 'JOURNAL_STARVED', message);
}
