import { describe, expect, test } from 'vitest';
import { formatDecimal } from '../../domain/decimal.ts';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { Decoder } from '../../native/compute/decode.ts';
import {
  KIND_BBO,
  KIND_INDEX_PRICE,
  KIND_MARK_PRICE,
  KIND_OPEN_INTEREST,
  MarketRecords,
} from '../../native/compute/market-record.ts';
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
      byKind: {
        ticker: 70,
        markPrice: 70,
        indexPrice: 70,
        openInterest: 70,
        snapshot: 7,
        diff: 35,
      },
      warnings: [],
    });
  });

  test('marks, indices and open interest of its tickers are the numbers of plain JSON', async () => {
    const lines = (await recording()).filter(({ raw }) =>
      Buffer.from(raw).includes('"channel":"ticker.'),
    );
    expect(lines).toHaveLength(70);
    const out = new MarketRecords(8);
    for (const { raw } of lines) {
      const text = Buffer.from(raw).toString();
      const { params } = JSON.parse(text) as { params: { data: Record<string, number> } };
      const shapes = DERIBIT_RECORDED.discover(text, false);
      const decoder = new Decoder(
        shapes.map((shape) => ({ ...shape, index: 0 })),
        'deribit',
      );
      const status = new Int32Array(1);
      const ends = Uint32Array.of(raw.byteLength);
      const count = decoder.decode(raw, ends, 1, new BigInt64Array(1), out, status);
      expect(Array.from({ length: count }, (_, row) => out.kind(row))).toEqual([
        KIND_BBO,
        KIND_MARK_PRICE,
        KIND_INDEX_PRICE,
        KIND_OPEN_INTEREST,
      ]);
      const { mark_price, index_price, open_interest } = params.data;
      expect([
        Number(formatDecimal(out.price(1), out.price2(1))),
        Number(formatDecimal(out.price(2), out.price2(2))),
        Number(formatDecimal(out.quantity(3), out.quantity2(3))),
      ]).toEqual([mark_price, index_price, open_interest]);
    }
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
