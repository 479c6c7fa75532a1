import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { BYBIT_V2_RECORDED } from './recorded-v2.ts';

const FILES = ['bybit_v2_legacy/ws_25.txt.gz', 'bybit_v2_legacy/ws_26.txt.gz'] as const;

interface PlainLevel {
  readonly price: string;
  readonly id: string | number;
  readonly side: 'Buy' | 'Sell';
  readonly size: number;
}

interface PlainMessage {
  readonly topic?: string;
  readonly type: 'snapshot' | 'delta';
  readonly data:
    | readonly PlainLevel[]
    | { readonly order_book: readonly PlainLevel[] }
    | Readonly<Record<'delete' | 'update' | 'insert', readonly PlainLevel[]>>;
}

/** One change in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 401;

const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(BYBIT_V2_RECORDED, lines);

/** The levels of each book by the venue's own ids of them. */
function plainBooks(lines: readonly WireLine[]): ReadonlyMap<string, readonly PlainLevel[]> {
  const books = new Map<string, Map<string, PlainLevel>>();
  for (const { kind, raw } of lines) {
    if (kind !== 'Received') continue;
    const { topic, data } = JSON.parse(Buffer.from(raw).toString()) as PlainMessage;
    const symbol = /^orderBookL2_25\.(.+)$/.exec(topic ?? '')?.[1];
    if (symbol === undefined) continue;
    if ('delete' in data) {
      const book = books.get(symbol);
      for (const { id } of data.delete) book?.delete(String(id));
      for (const level of [...data.update, ...data.insert]) book?.set(String(level.id), level);
      continue;
    }
    const levels = 'order_book' in data ? data.order_book : data;
    books.set(symbol, new Map(levels.map((level) => [String(level.id), level])));
  }
  return new Map([...books].map(([symbol, book]) => [symbol, [...book.values()]]));
}

/** The topic of a change of a book, and whether a level came or went with it. */
function plainChange({ kind, raw }: WireLine): {
  readonly topic?: string;
  readonly moved: boolean;
} {
  if (kind !== 'Received') return { moved: false };
  const { topic, data } = JSON.parse(Buffer.from(raw).toString()) as PlainMessage;
  if (topic?.startsWith('orderBookL2_25.') !== true || !('delete' in data)) return { moved: false };
  return { topic, moved: data.delete.length + data.insert.length > 0 };
}

describe.skipIf(!FILES.every(isRecorded))("Bybit's recorded streams of version 2", () => {
  test('hold no fault', async () => {
    const report = verify(await recordedLines(...FILES));
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      messages: 4440,
      byKind: { trade: 251, snapshot: 10, diff: 4268, control: 20 },
      warnings: [],
    });
  });

  test('their books are those of plain maps, level by level', async () => {
    const lines = await recordedLines(...FILES);
    const plain = plainBooks(lines);
    const { books } = verify(lines);
    expect(books).toHaveLength(plain.size);
    for (const { instrument, bids, asks } of books) {
      const levels = plain.get(instrument.replace('.BYBIT', '')) ?? [];
      const best = (side: string, sign: number): number[][] =>
        levels
          .filter((level) => level.side === side)
          .map(({ price, size }) => [Number(price), size])
          .sort(([left = 0], [right = 0]) => sign * (left - right))
          .slice(0, 10);
      const numbers = (side: typeof bids): number[][] => side.map((one) => one.map(Number));
      expect([numbers(bids), numbers(asks)]).toEqual([best('Buy', -1), best('Sell', 1)]);
    }
  });

  test('a change that is lost is found when a level came or went with it; of sizes alone no trace is left', async () => {
    const lines = await recordedLines(...FILES);
    const changes = lines.flatMap((line, at) => {
      const { topic, moved } = plainChange(line);
      return topic === undefined ? [] : [{ at, topic, moved }];
    });
    let found = 0;
    let tried = 0;
    for (let pick = 0; pick < changes.length; pick += STEP) {
      const { at = 0, moved = false } = changes[pick] ?? {};
      const { gaps, parseErrors } = verify(lines.toSpliced(at, 1));
      expect([at, parseErrors]).toEqual([at, 0]);
      if (!moved) expect([at, gaps.unexplained]).toEqual([at, 0]);
      if (moved) tried += 1;
      if (gaps.unexplained > 0) found += 1;
    }
    console.log(`${tried} changes lost that moved a level, ${found} found by a later one`);
    // The last that moved a level in a book has none after it.
    expect(found).toBeGreaterThan(tried * 0.9);
  });
});
