import type { AccountState } from '../../engine/domain/account.ts';

/** An account that does not agree with the venue, in words. */
export interface DifferenceWords {
  readonly account: string;
  readonly title: string;
  readonly text: string;
  /** What differs, one line each. */
  readonly lines: readonly string[];
}

/** What to say of every connected account that differs from the venue for sure; one that is still being compared says nothing. */
export function differenceWords(accounts: readonly AccountState[]): DifferenceWords[] {
  return accounts
    .filter(({ connected, reconciliation }) => connected && reconciliation.state === 'Differs')
    .map(({ account, tradingState, reconciliation }) => ({
      account,
      title: `${account} differs from the venue`,
      text:
        tradingState === 'Reducing'
          ? 'Only orders that make a position smaller go out.'
          : 'It cannot be unlocked.',
      lines: reconciliation.differences,
    }));
}
