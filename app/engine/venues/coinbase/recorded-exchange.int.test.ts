import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { COINBASE_EXCHANGE_RECORDED } from './recorded-exchange.ts';

const FILE = 'coinbase/ws_28.txt.gz';

/** One trade in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 9;

type PlainLevel = readonly [price: string, size: string];

interface PlainMessage {
  readonly type: string;
  readonly product_id: string;
  readonly bids: readonly PlainLevel[];
  readonly asks: readonly PlainLevel[];
  readonly changes: readonly (readonly [side: 'buy' | 'sell', ...PlainLevel])[];
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport =>
  verifyStream(COINBASE_EXCHANGE_RECORDED, lines);

function plain({ kind, raw }: WireLine): PlainMessage | undefined {
  return kind === 'Received'
    ? (JSON.parse(Buffer.from(raw).toString()) as PlainMessage)
    : undefined;
}

describe.skipIf(!isRecorded(FILE))("Coinbase Exchange's recorded stream", () => {
  test('holds no fault, its trades are numbered one by one', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      messages: 6937,
      byKind: { snapshot: 6, diff: 6759, trade: 86, control: 86 },
      warnings: [],
    });
  });

  test('its books are those of plain maps, level by level', async () => {
    const lines = await recording();
    const held = new Map<string, readonly [Map<string, string>, Map<string, string>]>();
    for (const line of lines) {
      const message = plain(line);
      if (message?.type === 'snapshot') {
        held.set(message.product_id, [new Map(message.bids), new Map(message.asks)]);
      }
      if (message?.type !== 'l2update') continue;
      const books = held.get(message.product_id);
      for (const [side, price, size] of message.changes) {
        const map = books?.[side === 'buy' ? 0 : 1];
        if (Number(size) === 0) map?.delete(price);
        else map?.set(price, size);
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

  test('a trade that is lost is found by the next of its product; a change of a book leaves no trace', async () => {
    const lines = await recording();
    const matches = lines.flatMap((line, at) => {
      const message = plain(line);
      return message?.type === 'match' ? [{ at, product: message.product_id }] : [];
    });
    expect(matches).toHaveLength(80);
    for (const [index, { at, product }] of matches.entries()) {
      if (index % STEP !== 0) continue;
      const isLast = !matches.slice(index + 1).some((later) => later.product === product);
      const { gaps } = verify(lines.toSpliced(at, 1));
      expect([at, gaps.unexplained]).toEqual([at, isLast ? 0 : 1]);
    }
    const change = lines.findIndex((line) => plain(line)?.type === 'l2update');
    expect(verify(lines.toSpliced(change, 1)).warnings).toEqual([]);
  });
});
