import { expect, test } from 'vitest';
import { readInstruments } from './instruments-file.ts';

const GOLD = {
  symbol: 'GOLDEUR',
  base: 'GOLD',
  quote: 'EUR',
  price: '2034.35',
  tickSize: '0.05',
  stepSize: '0.5',
};

function problemsOf(text: string): readonly string[] {
  const read = readInstruments('coins.json', text);
  return read.ok ? [] : read.error;
}

/** The only problem of a file with the gold changed by `part`, without its place. */
function problemOf(part: object, rest: object = {}): string | undefined {
  const [problem, ...more] = problemsOf(
    JSON.stringify({ instruments: [{ ...GOLD, ...part }], ...rest }),
  );
  expect(more).toEqual([]);
  return problem?.replace('coins.json:1 ', '');
}

test('scales come from tick and step, the rest has defaults', () => {
  const dust = {
    symbol: 'DUSTGBP',
    base: 'DUST',
    quote: 'GBP',
    price: '0.00001234',
    tickSize: '0.00000001',
    stepSize: '1',
    minNotional: '2.5',
    volatility: 1.5,
    tradesPerSecond: 9,
    tradeNotional: 50,
    touchNotional: 800,
  };
  const text = `{
    // two metals
    "instruments": [${JSON.stringify(GOLD)}, ${JSON.stringify(dust)}],
    "correlation": 0.3,
    "balances": {"EUR": 7}
  }`;
  expect(readInstruments('coins.json', text)).toEqual({
    ok: true,
    value: {
      market: {
        instruments: [
          {
            symbol: 'GOLDEUR',
            base: 'GOLD',
            quote: 'EUR',
            priceScale: 2,
            quantityScale: 1,
            tickSize: 5,
            stepSize: 5,
            startPrice: 203_435,
            annualVolatility: 0.6,
            tradesPerSecond: 4,
            tradeNotional: 500,
            touchNotional: 9000,
          },
          {
            symbol: 'DUSTGBP',
            base: 'DUST',
            quote: 'GBP',
            priceScale: 8,
            quantityScale: 0,
            tickSize: 1,
            stepSize: 1,
            startPrice: 1234,
            annualVolatility: 1.5,
            tradesPerSecond: 9,
            tradeNotional: 50,
            touchNotional: 800,
            minNotional: 250_000_000n,
          },
        ],
        correlations: [
          [1, 0.3],
          [0.3, 1],
        ],
      },
      balances: { GOLD: 25, DUST: 4_051_863_858, EUR: 7, GBP: 100_000 },
    },
  });
});

test('every problem is told at once, with file, line, field, value and what is expected', () => {
  const text = `{"instruments": [
    {"symbol": "goldeur", "base": "GOLD", "quote": "EUR", "price": "2000", "tickSize": 0.05, "stepSize": "1"},
    {"symbol": "AB", "base": "A", "quote": "B", "price": "10", "tickSize": "0.01"},
    {"symbol": "CD", "base": "C", "quote": "D", "price": "10", "tickSize": "0.01", "stepSize": "1", "colour": "red"}],
    "correlation": 1,
    "balances": {"EUR": -1}}`;
  expect(problemsOf(text)).toEqual([
    'coins.json:2 symbol "goldeur", expected 2 to 20 capitals and digits',
    'coins.json:2 tickSize 0.05, expected a decimal above 0 as text, with at most 8 decimals',
    expect.stringMatching(
      /^coins\.json:3 stepSize \{"symbol": "AB".*, expected a decimal above 0 .*, is missing$/,
    ),
    expect.stringMatching(/^coins\.json:4 colour "colour", expected one of symbol, base, quote/),
    'coins.json:5 correlation 1, expected a number from 0 to 0.95',
    'coins.json:6 EUR -1, expected whole units from 0 to 1000000000',
  ]);
});

test.each([
  [{ quote: 'GOLD' }, 'quote "GOLD", expected another asset than the base'],
  [
    { price: '2034.33' },
    'price "2034.33", expected a multiple of tickSize, of 1000 to 100000000 ticks',
  ],
  [
    { price: '49.95' },
    'price "49.95", expected a multiple of tickSize, of 1000 to 100000000 ticks',
  ],
  [{ price: '0' }, 'price "0", expected a decimal above 0 as text, with at most 8 decimals'],
  [
    { tickSize: '1e-3' },
    'tickSize "1e-3", expected a decimal above 0 as text, with at most 8 decimals',
  ],
  [
    { tickSize: '0.00005', stepSize: '0.0001' },
    'stepSize "0.0001", expected at most 3 decimals beside a tickSize of 5',
  ],
  [
    { minNotional: '0.0001' },
    'minNotional "0.0001", expected at most 3 decimals, those of tick and step',
  ],
  [{ volatility: '0.5' }, 'volatility "0.5", expected a number from 0.01 to 5'],
  [{ tradesPerSecond: 0 }, 'tradesPerSecond 0, expected a number from 0.1 to 50'],
  [{ touchNotional: null }, 'touchNotional null, expected a number from 0.000001 to 1000000000'],
])('%o is refused', (part, problem) => {
  expect(problemOf(part)).toBe(problem);
});

test.each([
  ['', /^coins\.json:1 \(file\) is not JSON here, expected/],
  ['{"instruments": [', /^coins\.json:1 \(file\) is not JSON here/],
  ['[]', /^coins\.json:1 instruments \[\], expected 1 to 50 instruments in/],
  ['{"instruments": []}', /^coins\.json:1 instruments .*, expected 1 to 50 instruments/],
  ['{"instruments": {"a": 1}}', /^coins\.json:1 instruments/],
])('%j is no file of instruments', (text, problem) => {
  expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
});

test('one symbol stands once, and balances are an object of assets', () => {
  const twice = JSON.stringify({ instruments: [GOLD, GOLD] });
  expect(problemsOf(twice)).toEqual([
    'coins.json:1 symbol "GOLDEUR", expected a symbol of its own',
  ]);
  expect(problemOf({}, { balances: 5 })).toBe('balances 5, expected {"USDT": 100000}');
  expect(problemOf({}, { balances: { usdt: 5 } })).toBe(
    'balances "usdt", expected 1 to 12 capitals and digits',
  );
  expect(problemOf({}, { balances: { EUR: 0.5 } })).toBe(
    'EUR 0.5, expected whole units from 0 to 1000000000',
  );
});
