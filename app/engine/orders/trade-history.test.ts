import { describe, expect, it } from 'vitest';
import type { InstrumentId, TradeId } from '../domain/identifiers.ts';
import { advanceHistory } from './trade-history.ts';

function mark(instrument: string, tradeId: string) {
  return { instrument: instrument as InstrumentId, tradeId: tradeId as TradeId };
}

describe('history marks', () => {
  it('move to the highest id, by number, of each instrument', () => {
    const trades = [mark('B', '9'), mark('A', '10'), mark('A', '9'), mark('B', '100')];
    expect(advanceHistory([mark('A', '2')], trades)).toEqual([mark('A', '10'), mark('B', '100')]);
  });

  it('never go back', () => {
    expect(advanceHistory([mark('A', '11')], [mark('A', '9')])).toEqual([mark('A', '11')]);
  });
});
