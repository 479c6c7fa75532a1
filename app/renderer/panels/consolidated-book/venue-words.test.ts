import { expect, test } from 'vitest';
import type { InstrumentId, VenueId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { ConsolidatedMessage } from '../../state/market-store.ts';
import { venueWords } from './venue-words.ts';

function listed(venue: string, quote: string): Instrument {
  const id = `BTC${quote}.${venue}@sandbox` as InstrumentId;
  return { id, venue: `${venue}@sandbox` as VenueId, quote } as Instrument;
}

const LISTED = [
  listed('BINANCE', 'USDT'),
  listed('KRAKEN', 'USD'),
  listed('OKX', 'USDT'),
  listed('BYBIT', 'USDC'),
];

function notes(fees: boolean): readonly (readonly [string, boolean, string])[] {
  const venues = LISTED.map(({ id }, at): ConsolidatedMessage['venues'][number] => {
    if (at === 1) {
      const rate = 'USDTUSD.KRAKEN@sandbox' as InstrumentId;
      return { instrument: id, rate, ...(fees && { feeMillionths: 2550 }) };
    }
    if (at === 2) return { instrument: id, leftOut: 'Stale' };
    return at === 3 ? { instrument: id, leftOut: 'NoConversion' } : { instrument: id };
  });
  return venueWords(venues, LISTED, fees).map(({ name, joined, note }) => [name, joined, note]);
}

test('a venue says what its prices are changed by, or why it is left out', () => {
  expect(notes(false)).toEqual([
    ['BINANCE', true, ''],
    ['KRAKEN', true, 'USD at USDTUSD.KRAKEN'],
    ['OKX', false, 'nothing comes from it'],
    ['BYBIT', false, 'no price that converts its currency is watched'],
  ]);
  expect(notes(true).slice(0, 2)).toEqual([
    ['BINANCE', true, 'fee not set'],
    ['KRAKEN', true, 'USD at USDTUSD.KRAKEN, fee 25.5 bp'],
  ]);
});
