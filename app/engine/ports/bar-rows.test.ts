import { expect, test } from 'vitest';
import type { VenueId } from '../domain/identifiers.ts';
import { unixMicros } from '../domain/time.ts';
import { readBars } from './bar-rows.ts';
import { instrumentFrom } from './instrument-terms.ts';

const INSTRUMENT = instrumentFrom(
  {
    ...{ symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', status: 'Trading' },
    ...{ tick: '0.01', step: '0.00001', minQuantity: '0', maxQuantity: '0', minNotional: '0' },
  },
  'KRAKEN' as VenueId,
);
const PRICES = { openMicros: 1_704_067_200_000_000, open: '2', high: '3', low: '1', close: '2' };
const read = (volume: string) =>
  readBars([{ ...PRICES, volume }], INSTRUMENT, '1m', unixMicros(1_704_067_260_000_000));

test('a volume that no quantity can hold is refused, found by the fuzzer', () => {
  expect(read('1.5')).toMatchObject({ ok: true, value: [{ volume: 150_000, closed: true }] });
  for (const volume of ['1700000000000', '-1', '1e400', 'x']) {
    expect(read(volume)).toMatchObject({
      error: { code: 'FIELD_MALFORMED', message: expect.stringContaining('volume') },
    });
  }
});
