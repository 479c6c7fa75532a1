import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { DERIBIT_RECORDED } from './recorded-wire.ts';

const FILE = 'deribit/ws_1.txt.gz';

interface PlainBook {
  readonly type: 'snapshot' | 'change';
  readonly instrument_name: string;
  readonly prev_change_id?: number;
  readonly bids: readonly (readonly [string, number, number])[];
  readonly asks: readonly (readonly [string, number, number])[];
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(DERIBIT_RECORDED, lines);

function plain({ kind, raw }: WireLine): PlainBook | undefined {
  if (kind !== 'Received') return undefined;
  const message = JSON.parse(Buffer.from(raw).toString()) as {
    params?: { channel: string; data: PlainBook };
  };
  const { channel, data } = message.params ?? {};
  return channel?.startsWith('book.') === true ? data : undefined;
}

describe.skipIf(!isRecorded(FILE))("Deribit's recorded stream", () => {
  test('holds no fault, each change follows the one before', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      messages: 112,
      byKind: { ticker: 70, snapshot: 7, diff: 35 },
      warnings: [],
    });
  });

  test('its books are those of plain maps, level by level', async () => {
    const lines = await recording();
    const held = new Map<string, readonly [Map<number, number>, Map<number, number>]>();
    for (const line of lines) {
      const data = plain(line);
      if (data === undefined) continue;
      const books = held.get(data.instrument_name) ?? [new Map(), new Map()];
      held.set(data.instrument_name, books);
      for (const [side, changes] of [data.bids, data.asks].entries()) {
        const map = books[side === 0 ? 0 : 1];
        if (data.type === 'snapshot') map.clear();
        for (const [action, price, amount] of changes) {
          if (action === 'delete') map.delete(price);
          else map.set(price, amount);
        }
      }
    }
    const { books } = verify(lines);
    expect(books).toHaveLength(held.size);
    for (const { instrument, bids, asks } of books) {
      const [bidMap, askMap] = held.get(instrument.replace('.DERIBIT', '')) ?? [];
      const best = (map: Map<number, number> | undefined, sign: number): number[][] =>
        [...(map ?? [])].sort(([left], [right]) => sign * (left - right)).slice(0, 10);
      const numbers = (levels: typeof bids): number[][] => levels.map((one) => one.map(Number));
      expect([numbers(bids), numbers(asks)]).toEqual([best(bidMap, -1), best(askMap, 1)]);
    }
  });

  test('each change that is lost is a gap, and its book is not shown, unless it was the last', async () => {
    const lines = await recording();
    const names = lines.map((line) => plain(line)?.instrument_name);
    for (const [at, line] of lines.entries()) {
      if (plain(line)?.type !== 'change') continue;
      const isLast = names.lastIndexOf(names[at]) === at;
      const { gaps, books } = verify(lines.toSpliced(at, 1));
      expect([at, gaps.unexplained]).toEqual([at, isLast ? 0 : 1]);
      const shown = books.some(({ instrument }) => instrument === `${names[at]}.DERIBIT`);
      expect([at, shown]).toEqual([at, isLast]);
    }
  });
});
