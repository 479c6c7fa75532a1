import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENVIRONMENTS, venueId } from '../../../domain/identifiers.ts';
import { instrumentOf, streamsOf, symbolOf } from './symbols.ts';

test('symbol to instrument and back is the same in every environment', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Z0-9]{1,20}$/),
      fc.constantFrom(...ENVIRONMENTS),
      (symbol, environment) => {
        const venue = venueId('BINANCE', environment);
        expect(symbolOf(instrumentOf(symbol, venue), venue)).toBe(symbol);
      },
    ),
  );
});

test('an instrument of another venue or environment has no symbol here', () => {
  const sandbox = venueId('BINANCE', 'sandbox');
  expect(symbolOf(instrumentOf('BTCUSDT', venueId('BINANCE', 'live')), sandbox)).toBeUndefined();
});

test('stream names are lower case', () => {
  expect(streamsOf('BTCUSDT')).toEqual([
    'btcusdt@trade',
    'btcusdt@bookTicker',
    'btcusdt@depth@100ms',
    'btcusdt@kline_1m',
  ]);
});
