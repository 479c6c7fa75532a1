import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { COINBASE_RECORDED } from './recorded-wire.ts';

const FILE = 'derived/coinbase_advanced_l2.tsv.gz';

/** One message in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 701;

interface PlainEvent {
  readonly type: 'snapshot' | 'update';
  readonly product_id: string;
  readonly updates: readonly {
    readonly side: 'bid' | 'offer';
    readonly price_level: string;
    readonly new_quantity: string;
  }[];
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(COINBASE_RECORDED, lines);

describe.skipIf(!isRecorded(FILE))("Coinbase's stream, rewritten from a recording", () => {
  test('holds no fault, its messages are numbered without a gap', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({ messages: 6765, snapshots: 6, diffs: 6759, warnings: [] });
  });

  test('its books are those of plain maps, level by level', async () => {
    const lines = await recording();
    const held = new Map<string, readonly [Map<string, string>, Map<string, string>]>();
    for (const { raw } of lines) {
      const { events } = JSON.parse(Buffer.from(raw).toString()) as { events: PlainEvent[] };
      for (const { type, product_id: product, updates } of events) {
        const known = type === 'update' ? held.get(product) : undefined;
        const books = known ?? [new Map<string, string>(), new Map<string, string>()];
        held.set(product, books);
        for (const { side, price_level: price, new_quantity: quantity } of updates) {
          const map = books[side === 'bid' ? 0 : 1];
          if (Number(quantity) === 0) map.delete(price);
          else map.set(price, quantity);
        }
      }
    }
    const { books } = verify(lines);
    expect(books).toHaveLength(held.size);
    for (const { instrument, bids, asks } of books) {
      const [bidMap, askMap] = held.get(instrument.replace('.COINBASE', '')) ?? [];
      const best = (map: Map<string, string> | undefined, sign: number): number[][] =>
        [...(map ?? [])]
          .map((level) => level.map(Number))
          .sort(([left = 0], [right = 0]) => sign * (left - right))
          .slice(0, 10);
      const numbers = (levels: typeof bids): number[][] => levels.map((one) => one.map(Number));
      expect([numbers(bids), numbers(asks)]).toEqual([best(bidMap, -1), best(askMap, 1)]);
    }
  });

  test('a message that is lost drops every book, one that comes twice or late is not counted', async () => {
    const lines = await recording();
    for (let at = 10; at < lines.length - 1; at += STEP) {
      const lost = verify(lines.toSpliced(at, 1));
      expect([at, lost.gaps.unexplained, lost.books]).toEqual([at, 1, []]);
    }
    const whole = verify(lines);
    const [line] = lines.slice(100, 101);
    if (line === undefined) throw new Error('the recording is too short');
    const twice = verify(lines.toSpliced(101, 0, line));
    expect(twice).toMatchObject({ duplicates: 1, books: whole.books });
    const late = verify(lines.toSpliced(140, 0, line));
    expect(late).toMatchObject({ outOfOrder: 1, books: whole.books });
  });
});
