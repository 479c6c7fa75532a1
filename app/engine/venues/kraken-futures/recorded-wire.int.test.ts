import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { KRAKEN_FUTURES_RECORDED } from './recorded-wire.ts';

const FILE = 'kraken_futures/ws_1.txt.gz';

/** One frame in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 401;

interface PlainLevel {
  readonly price: number;
  readonly qty: number;
}

interface PlainMessage extends PlainLevel {
  readonly event?: string;
  readonly feed?: string;
  readonly product_id: string;
  readonly side: 'buy' | 'sell';
  readonly bids: readonly PlainLevel[];
  readonly asks: readonly PlainLevel[];
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport =>
  verifyStream(KRAKEN_FUTURES_RECORDED, lines);

/** What is no answer to a request. */
function plain({ kind, raw }: WireLine): PlainMessage | undefined {
  if (kind !== 'Received') return undefined;
  const message = JSON.parse(Buffer.from(raw).toString()) as PlainMessage;
  return message.event === undefined ? message : undefined;
}

describe.skipIf(!isRecorded(FILE))("Kraken Futures' recorded stream", () => {
  test('holds no fault, changes and trades of a product are numbered one by one', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      messages: 7175,
      byKind: { snapshot: 10, diff: 7014, trade: 1003, control: 138 },
      warnings: [],
    });
  });

  test('its books are those of plain maps, level by level', async () => {
    const lines = await recording();
    const held = new Map<string, readonly [Map<number, number>, Map<number, number>]>();
    for (const line of lines) {
      const message = plain(line);
      if (message?.feed === 'book_snapshot') {
        const [bids, asks] = [message.bids, message.asks].map(
          (side) => new Map(side.map(({ price, qty }) => [price, qty])),
        );
        held.set(message.product_id, [bids ?? new Map(), asks ?? new Map()]);
      }
      if (message?.feed !== 'book') continue;
      const map = held.get(message.product_id)?.[message.side === 'buy' ? 0 : 1];
      if (message.qty === 0) map?.delete(message.price);
      else map?.set(message.price, message.qty);
    }
    const { books } = verify(lines);
    expect(books).toHaveLength(held.size);
    for (const { instrument, bids, asks } of books) {
      const [bidMap, askMap] = held.get(instrument.replace('.KRAKEN_FUTURES', '')) ?? [];
      const best = (map: Map<number, number> | undefined, sign: number): number[][] =>
        [...(map ?? [])]
          .map(([price, qty]) => [price, qty])
          .sort(([left = 0], [right = 0]) => sign * (left - right))
          .slice(0, 10);
      const numbers = (levels: typeof bids): number[][] => levels.map((one) => one.map(Number));
      expect([numbers(bids), numbers(asks)]).toEqual([best(bidMap, -1), best(askMap, 1)]);
    }
  });

  test('a change that is lost is found by the next of its product, which drops the book', async () => {
    const lines = await recording();
    const changes = lines.flatMap((line, at) => {
      const message = plain(line);
      return message?.feed === 'book' ? [{ at, product: message.product_id }] : [];
    });
    const last = new Map(changes.map(({ at, product }) => [product, at]));
    for (let pick = 0; pick < changes.length; pick += STEP) {
      const { at = 0, product = '' } = changes[pick] ?? {};
      const { gaps, books } = verify(lines.toSpliced(at, 1));
      const isLast = last.get(product) === at;
      expect([at, gaps.unexplained]).toEqual([at, isLast ? 0 : 1]);
      const shown = books.some(({ instrument }) => instrument === `${product}.KRAKEN_FUTURES`);
      expect([at, shown]).toEqual([at, isLast]);
    }
  });

  test('a trade that is lost is found by the next', async () => {
    const lines = await recording();
    const at = lines.findIndex((line) => plain(line)?.feed === 'trade');
    const line = lines[at];
    if (line === undefined) throw new Error('the recording has no trade');
    const text = Buffer.from(line.raw).toString();
    const next = text.replace(/"seq":(\d+)/, (_, seq: string) => `"seq":${Number(seq) + 2}`);
    const report = verify(lines.toSpliced(at + 1, 0, { ...line, raw: Buffer.from(next) }));
    expect(report.gaps.unexplained).toBe(1);
  });
});
