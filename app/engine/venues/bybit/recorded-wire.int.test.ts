import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { BYBIT_RECORDED } from './recorded-wire.ts';

const FILE = 'bybit_v5/xrpusdt_ob500.zip';
const FIXTURES = join(import.meta.dirname, '../../../../../shared/data/fixtures/bybit');

interface PlainBook {
  readonly type: 'snapshot' | 'delta';
  readonly data: {
    readonly b: readonly (readonly [string, string])[];
    readonly a: readonly (readonly [string, string])[];
    readonly u: number;
  };
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(BYBIT_RECORDED, lines);
const lineOf = (text: string): WireLine => ({
  file: 'made',
  line: 1,
  kind: 'Received',
  receivedNanos: 0n,
  raw: Buffer.from(text),
});

/** The ten best levels of each side, by maps of text. */
function plainBook(lines: readonly WireLine[]): number[][][] {
  const maps = [new Map<string, string>(), new Map<string, string>()] as const;
  for (const { raw } of lines) {
    const { type, data } = JSON.parse(Buffer.from(raw).toString()) as PlainBook;
    for (const [side, changes] of [data.b, data.a].entries()) {
      const map = maps[side === 0 ? 0 : 1];
      if (type === 'snapshot') map.clear();
      for (const [price, size] of changes) {
        if (size === '0') map.delete(price);
        else map.set(price, size);
      }
    }
  }
  return maps.map((map, side) => {
    const sign = side === 0 ? -1 : 1;
    const levels = [...map].map((level) => level.map(Number));
    return levels.sort(([left = 0], [right = 0]) => sign * (left - right)).slice(0, 10);
  });
}

function bookOf({ books }: FeedReport): number[][][] {
  const [book] = books;
  return [book?.bids ?? [], book?.asks ?? []].map((side) => side.map((level) => level.map(Number)));
}

describe.skipIf(!isRecorded(FILE))("Bybit's recorded stream", () => {
  test('holds no fault, the ids of its changes are one by one', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({ messages: 50, snapshots: 1, diffs: 49, warnings: [] });
    expect(report.books.map(({ instrument }) => instrument)).toEqual(['XRPUSDT.BYBIT']);
  });

  test('its book is that of plain maps after every message, level by level', async () => {
    const lines = await recording();
    for (let count = 1; count <= lines.length; count += 1) {
      const part = lines.slice(0, count);
      expect([count, bookOf(verify(part))]).toEqual([count, plainBook(part)]);
    }
  });

  test('every change that is lost is found by the next, one that comes twice or late is not applied', async () => {
    const lines = await recording();
    const whole = verify(lines);
    for (let at = 1; at < lines.length - 1; at += 1) {
      const lost = verify(lines.toSpliced(at, 1));
      expect([at, lost.gaps.unexplained, lost.books]).toEqual([at, 1, []]);
    }
    const [line] = lines.slice(20, 21);
    if (line === undefined) throw new Error('the recording is too short');
    const twice = verify(lines.toSpliced(21, 0, line));
    expect(twice).toMatchObject({ duplicates: 1, gaps: { unexplained: 0 }, books: whole.books });
    const late = verify(lines.toSpliced(30, 0, line));
    expect(late).toMatchObject({ outOfOrder: 1, gaps: { unexplained: 0 }, books: whole.books });
  });

  test('a snapshot of a service that began again, with id 1, joins the book', async () => {
    const lines = await recording();
    const [first, second] = lines;
    if (first === undefined || second === undefined) throw new Error('the recording is too short');
    const from = (line: WireLine, id: number): WireLine =>
      lineOf(
        Buffer.from(line.raw)
          .toString()
          .replace(/"u":\d+/, `"u":${id}`),
      );
    const again = [from(first, 1), from(second, 2)];
    const report = verify([...lines, ...again]);
    expect(hasFault(report)).toBe(false);
    expect(bookOf(report)).toEqual(plainBook(again));
  });
});

describe.skipIf(!existsSync(FIXTURES))("Bybit's single messages", () => {
  test.each([
    ['ws_kline', ['kline']],
    ['ws_ticker_option', ['ticker', 'markPrice', 'indexPrice']],
    ['ws_ticker_linear', ['markPrice', 'indexPrice', 'fundingRate']],
    ['ws_subscription_ack', ['control']],
    ['ws_subscription_failure', ['control']],
    ['ws_auth_success', ['control']],
    ['ws_orderbook_snapshot', ['ticker']],
    ['ws_public_trade', ['trade']],
  ])('%s tells %j', (name, kinds) => {
    const text = readFileSync(join(FIXTURES, `${name}.json`), 'utf8');
    // The fixture has the topic of another version.
    const line = lineOf(JSON.stringify(JSON.parse(text)).replace('trade.linear.', 'publicTrade.'));
    const report = verify([line]);
    expect(report.byKind).toEqual(Object.fromEntries(kinds.map((kind) => [kind, 1])));
    expect(hasFault(report)).toBe(false);
  });
});
