import { describe, expect, it } from 'vitest';
import type { MeasuresMessage } from '../../state/market-store.ts';
import { measureRows } from './measure-rows.ts';

const MEASURES: MeasuresMessage = {
  priceScale: 2,
  quantityScale: 3,
  midFine: 1_562_050,
  micropriceFine: 1_562_061,
  spreadBps: -1.925,
  imbalances: [0.694, -0.155, 0, null],
  flows: [-33_527, null],
  bid: { slope: 1234.6, reachBps: 8, within: [1_000_000, 2_500_000, 2_500_000] },
  ask: { slope: 500, reachBps: 40, within: [0, 12_345_678, 20_000_000] },
};

function shown(measures: MeasuresMessage | undefined): Record<string, string | undefined> {
  const rows = measureRows([{ measures, decimals: 2 }]);
  return Object.fromEntries(rows.map(({ label, texts }) => [label, texts[0]]));
}

describe('the measures of a book', () => {
  it('have a spread with decimals enough for a tick of a dear instrument', () => {
    const spread = (spreadBps: number) => shown({ ...MEASURES, spreadBps })['Spread, bp'];
    expect([0.0031, 0.0999, 0.1, 12.345].map(spread)).toEqual([
      '0.0031',
      '0.0999',
      '0.10',
      '12.35',
    ]);
  });

  it('are printed with their units and signs; depth beyond the last known level is said to be at least that', () => {
    expect(shown(MEASURES)).toEqual({
      Mid: '156.205',
      Microprice: '156.2061',
      'Spread, bp': '−1.93',
      'Imbalance, best': '+69 %',
      'Imbalance, 5 levels': '−15 %',
      'Imbalance, 10 levels': '0 %',
      'Imbalance, 20 levels': '–',
      'Flow, 1 s': '−33.527',
      'Flow, 10 s': '–',
      'Bids | asks in 5 bp': '1,000 | 0',
      'Bids | asks in 10 bp': '≥2,500 | 12.3k',
      'Bids | asks in 25 bp': '≥2,500 | 20.0k',
      'Slope, bids | asks': '1.235 | 0.5',
    });
  });

  it('are not known of a venue that is left out', () => {
    expect(new Set(Object.values(shown(undefined)))).toEqual(new Set(['–']));
  });

  it('lean to the side that has more, and to none at zero', () => {
    const leans = measureRows([{ measures: MEASURES, decimals: 2 }]).flatMap((row) => row.leans);
    expect(leans).toEqual(['', '', '', 'buy', 'sell', '', '', 'sell', '', '', '', '', '']);
  });
});
