import { describe, expect, test } from 'vitest';
import type { FeedReport, RecordedWire, WireLine } from '../ports/feed-verification.ts';
import { StreamVerifier } from './stream-verifier.ts';

const shape = (symbol: string) => ({
  symbol,
  priceScale: 1,
  quantityScale: 1,
  priceZeros: 0,
  quantityZeros: 0,
});

/** Books whose changes are numbered one by one. */
const NUMBERED: RecordedWire = {
  venue: 'NUMBERED',
  wire: 'bybit',
  truncates: false,
  usualDepth: 10,
  discover: (text) => [shape(/"s":"([^"]+)"/.exec(text)?.[1] ?? 'X')],
  isControl: () => false,
  numbersChanges: true,
  numbersTrades: true,
};

/** Books that are cut to the depth that was subscribed. */
const CUT: RecordedWire = {
  venue: 'CUT',
  wire: 'kraken',
  truncates: true,
  usualDepth: 1,
  discover: () => [shape('X')],
  isControl: (text) => text.includes('"depth"'),
  subscribedDepth: (text) => {
    const depth = /"depth":(\d+)/.exec(text)?.[1];
    return depth === undefined ? undefined : { symbol: 'X', depth: Number(depth) };
  },
};

function line(kind: WireLine['kind'], text = ''): WireLine {
  return { file: 'made', line: 1, kind, receivedNanos: 0n, raw: Buffer.from(text) };
}

function verify(wire: RecordedWire, lines: readonly (string | WireLine)[]): FeedReport {
  const verifier = new StreamVerifier(wire);
  for (const one of lines) verifier.add(typeof one === 'string' ? line('Received', one) : one);
  return verifier.finish();
}

const book = (type: 'snapshot' | 'delta', u: number, b: string[][] = [], a: string[][] = []) =>
  JSON.stringify({ topic: 'orderbook.50.X', type, ts: 1, data: { s: 'X', b, a, u } });
const trade = (i: number) =>
  JSON.stringify({
    topic: 'publicTrade.X',
    type: 'snapshot',
    ts: 1,
    data: [{ T: 1, s: 'X', S: 'Buy', v: '1', p: '1', i: String(i) }],
  });
const START = book('snapshot', 7, [['1', '1']], [['2', '1']]);
const RECONNECTED = line('Connected');

describe('changes that are numbered', () => {
  test('one that is missing drops the book until the next snapshot, which is a resync', () => {
    const lost = [START, book('delta', 9), book('delta', 10)];
    expect(verify(NUMBERED, lost)).toMatchObject({
      gaps: { explained: 0, unexplained: 1 },
      staleDiffs: 1,
      resyncs: 0,
      books: [],
    });
    const again = verify(NUMBERED, [
      ...lost,
      book('snapshot', 20, [['1', '5']], []),
      book('delta', 21),
    ]);
    expect(again).toMatchObject({ gaps: { unexplained: 1 }, resyncs: 1, diffs: 3 });
    expect(again.books).toMatchObject([{ bids: [['1.0', '5.0']], asks: [] }]);
  });

  test('one that comes twice or late is not applied', () => {
    const last = book('delta', 8, [['1', '9']]);
    const later = book('delta', 9, [['1', '0']]);
    const report = verify(NUMBERED, [START, last, last, later, last]);
    expect(report).toMatchObject({ duplicates: 1, outOfOrder: 1, gaps: { unexplained: 0 } });
    expect(report.books).toMatchObject([{ bids: [] }]);
  });

  test('a new connection explains a gap, a snapshot of a book that lives on it is a resync', () => {
    const gap = verify(NUMBERED, [START, RECONNECTED, book('delta', 12)]);
    expect(gap.gaps).toEqual({ explained: 1, unexplained: 0 });
    const joined = verify(NUMBERED, [START, RECONNECTED, START]);
    expect(joined).toMatchObject({ resyncs: 1, gaps: { explained: 0, unexplained: 0 } });
    // Whole books, one after the other, are none.
    expect(verify(NUMBERED, [START, START])).toMatchObject({ resyncs: 0 });
  });
});

test('trades that are numbered show what is missing; a trade without a number shows nothing', () => {
  const { gaps, warnings } = verify(NUMBERED, [trade(5), trade(6), trade(9)]);
  expect(gaps.unexplained).toBe(1);
  expect(warnings.map(({ code }) => code)).toEqual(['GAP']);
  const unnumbered = trade(5).replace('"5"', '"a-b"');
  expect(verify(NUMBERED, [trade(5), unnumbered, unnumbered, trade(6)]).warnings).toEqual([]);
});

test('a depth that is told after the instrument is known counts for its book', () => {
  const known =
    '{"channel":"ticker","type":"update","data":[{"symbol":"X","bid":1.0,"bid_qty":1.0,"ask":2.0,"ask_qty":1.0}]}';
  const told = '{"method":"subscribe","result":{"channel":"book","depth":3}}';
  const levels = [5, 4, 3, 2].map((price) => `{"price":${price}.0,"qty":1.0}`).join(',');
  const snapshot = `{"channel":"book","type":"snapshot","data":[{"symbol":"X","bids":[${levels}],"asks":[],"checksum":null}]}`;
  expect(verify(CUT, [known, told, snapshot]).books[0]?.bids).toHaveLength(3);
  expect(verify(CUT, [known, snapshot]).books[0]?.bids).toHaveLength(1);
});

test('a message is read as what it is rewritten to; what it claims of levels is checked before', () => {
  const wire: RecordedWire = {
    ...NUMBERED,
    rewrite: (text) => (text === 'old' ? [START, book('delta', 8, [['1', '0']])] : [text]),
    claims: (text) =>
      text.includes('"delta"') ? [{ symbol: 'X', side: 'Bid', price: '1', stands: true }] : [],
  };
  const first = verify(wire, ['old']);
  expect(first).toMatchObject({ messages: 1, snapshots: 1, diffs: 1, warnings: [] });
  // The level is gone: a change that speaks of it came after one that is missing.
  const wrong = verify(wire, ['old', book('delta', 9, [['1', '3']])]);
  expect(wrong).toMatchObject({ gaps: { unexplained: 1 }, staleDiffs: 1, books: [] });
  expect(wrong.warnings[0]?.message).toContain('Bid 1 should stand and does not');
});

test.each([
  ['{"topic":"orderbook.50.X"', 'TRUNCATED'],
  ['{"topic":"orderbook.50.X","type":"delta","ts":1,"data":{}}', 'MALFORMED'],
  ['[1]', 'UNKNOWN_EVENT'],
  [book('delta', 8).replaceAll('X', 'X'.repeat(65)), 'UNKNOWN_INSTRUMENT'],
])('%s is named', (text, code) => {
  const report = verify(NUMBERED, [START, text]);
  expect(report.warnings.map((warning) => warning.code)).toEqual([code]);
  expect(report.parseErrors + report.unknownMessages).toBe(1);
});
