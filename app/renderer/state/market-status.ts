import type { Instrument, InstrumentStatus } from '../../engine/domain/instrument.ts';

/** What to call a market that does not trade freely, and what it still takes. */
export interface MarketStatusWords {
  readonly word: string;
  /** For a narrow column. */
  readonly short: string;
  readonly text: string;
}

const WORDS: Readonly<Record<Exclude<InstrumentStatus, 'Trading'>, MarketStatusWords>> = {
  Halted: { word: 'HALTED', short: 'HALTED', text: 'is halted at the venue' },
  CancelOnly: { word: 'Cancel only', short: 'Cancels', text: 'takes cancels only' },
  Closed: { word: 'Closed', short: 'Closed', text: 'is closed at the venue' },
};

/** Words for an instrument that cannot be traded now; undefined for one that can. */
export function marketStatusWords({ status }: Instrument): MarketStatusWords | undefined {
  return status === 'Trading' ? undefined : WORDS[status];
}
