import { expect, test } from 'vitest';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { BinanceVerifier, type BinanceMarket } from './verify.ts';

type Script = readonly (object | string)[];

function verify(script: Script, market: BinanceMarket = 'binance', statesAt: number[] = []) {
  const verifier = new BinanceVerifier(market, statesAt);
  script.forEach((message, index) => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    const connected = text === 'connected';
    const line: WireLine = {
      file: 'a.txt',
      line: index + 1,
      kind: connected ? 'Connected' : 'Received',
      receivedNanos: BigInt(index),
      raw: Buffer.from(connected ? '' : text),
    };
    verifier.add(line);
  });
  return verifier.finish();
}

const diff = (U: number, u: number, b: string[][] = [], a: string[][] = []) => ({
  e: 'depthUpdate',
  E: 1,
  s: 'AB',
  U,
  u,
  b,
  a,
});
const snapshot = (lastUpdateId: number) => ({
  lastUpdateId,
  bids: [['1.00', '5.0']],
  asks: [['2.00', '5.0']],
});
const trade = (t: number) => ({
  e: 'trade',
  E: 1,
  s: 'AB',
  t,
  p: '1.50',
  q: '1.0',
  T: 1,
  m: true,
  M: true,
});

function counts({ gaps, resyncs, duplicates, outOfOrder, staleDiffs, crossedBooks }: FeedReport) {
  return [
    gaps.explained,
    gaps.unexplained,
    resyncs,
    duplicates,
    outOfOrder,
    staleDiffs,
    crossedBooks,
  ];
}

test('a joined book, its final levels and a state on the way', () => {
  const report = verify(
    [
      diff(1, 2),
      diff(3, 4),
      snapshot(3),
      diff(5, 6, [['1.10', '2.0']]),
      diff(7, 8, [['1.10', '0']]),
    ],
    'binance',
    [6],
  );
  expect(counts(report)).toEqual([0, 0, 0, 0, 0, 1, 0]);
  expect(report.books).toEqual([
    { instrument: 'AB.BINANCE', bids: [['1.00', '5.0']], asks: [['2.00', '5.0']] },
  ]);
  expect(report.states).toMatchObject([
    {
      at: 6,
      bids: [
        ['1.10', '2.0'],
        ['1.00', '5.0'],
      ],
    },
  ]);
  expect(hasFault(report)).toBe(false);
});

test.each<[string, Script, number[]]>([
  ['a lost diff', [diff(1, 2), snapshot(1), diff(5, 6)], [0, 1, 0, 0, 0, 0, 0]],
  ['a lost diff before the snapshot', [diff(1, 2), diff(5, 6)], [0, 1, 0, 0, 0, 0, 0]],
  ['a new connection', [diff(1, 2), snapshot(1), 'connected', diff(5, 6)], [1, 0, 0, 0, 0, 0, 0]],
  [
    'a gap that a snapshot mends',
    [diff(1, 2), snapshot(1), diff(5, 6), snapshot(5), diff(7, 8)],
    [0, 1, 1, 0, 0, 0, 0],
  ],
  ['a repeated diff', [diff(1, 2), snapshot(1), diff(3, 4), diff(3, 4)], [0, 0, 0, 1, 0, 0, 0]],
  [
    'an old diff',
    [diff(1, 2), snapshot(1), diff(3, 4), diff(5, 6), diff(3, 4)],
    [0, 0, 0, 0, 1, 0, 0],
  ],
  ['a repeated trade', [trade(1), trade(2), trade(2)], [0, 0, 0, 1, 0, 0, 0]],
  ['an old trade', [trade(2), trade(1)], [0, 0, 0, 0, 1, 0, 0]],
  [
    'a crossed book',
    [diff(1, 2), snapshot(1), diff(3, 4, [['2.00', '1.0']])],
    [0, 0, 0, 0, 0, 0, 1],
  ],
])('%s', (_name, script, expected) => {
  const report = verify(script);
  expect(counts(report)).toEqual(expected);
  if (expected[0] === 0) expect(hasFault(report)).toBe(true);
});

test('a gap names file, line and ids', () => {
  expect(verify([diff(1, 2), snapshot(1), diff(5, 6)]).warnings).toEqual([
    {
      code: 'GAP',
      file: 'a.txt',
      line: 3,
      message: 'after update 2 came 5..6 of AB: the book is dropped',
    },
  ]);
});

test('a snapshot older than the kept diffs is named and not used', () => {
  const report = verify([diff(5, 6), snapshot(2)]);
  expect(report.warnings).toMatchObject([{ code: 'SNAPSHOT_TOO_OLD', line: 2 }]);
  expect(report.books).toEqual([]);
});

test('what cannot be read, what nobody knows and what is no market data', () => {
  const report = verify([
    '{"e":"trade","s":"AB","p":"1',
    { e: 'newThing', E: 1, s: 'AB' },
    { result: null, id: 1 },
    { e: 'trade', E: 1, s: 'AB', t: 1, p: 'x', q: '1', T: 1, m: true },
  ]);
  expect(report).toMatchObject({
    messages: 4,
    parseErrors: 2,
    unknownMessages: 1,
    byKind: { malformed: 2, unknown: 1, control: 1 },
  });
  expect(report.warnings.map(({ line }) => line)).toEqual([1, 2, 4]);
});

test('futures join by the update before', () => {
  const usdm = (U: number, u: number, pu: number) => ({ ...diff(U, u), pu });
  const good = verify([usdm(80, 90, 70), snapshot(85), usdm(95, 99, 90)], 'binance-usdm');
  expect(counts(good)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  const bad = verify([usdm(80, 90, 70), snapshot(85), usdm(91, 99, 89)], 'binance-usdm');
  expect(bad.gaps.unexplained).toBe(1);
});
