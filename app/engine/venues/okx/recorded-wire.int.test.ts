import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { OKX_RECORDED } from './recorded-wire.ts';

const FILE = 'okx/ws_1.txt.gz';

/** One frame in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 8;

type Levels = readonly (readonly [price: string, size: string])[];

interface PlainBook {
  readonly asks: Levels;
  readonly bids: Levels;
  readonly checksum: number;
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(OKX_RECORDED, lines);

/** A message's book as JSON has it: OKX writes its numbers as strings. */
function plain({ kind, raw }: WireLine): (PlainBook & { readonly symbol: string }) | undefined {
  if (kind !== 'Received') return undefined;
  const message = JSON.parse(Buffer.from(raw).toString()) as {
    arg?: { channel: string; instId: string };
    data?: PlainBook[];
  };
  const [book] = message.data ?? [];
  if (message.arg?.channel !== 'books' || book === undefined) return undefined;
  return { ...book, symbol: message.arg.instId };
}

/** The best 25 levels after each message, by maps of text, and how many checksums are not those of the venue. */
function plainBooks(lines: readonly WireLine[]): {
  readonly books: ReadonlyMap<string, readonly [Levels, Levels]>;
  readonly wrong: number;
} {
  const held = new Map<string, readonly [Map<string, string>, Map<string, string>]>();
  const books = new Map<string, readonly [Levels, Levels]>();
  let wrong = 0;
  for (const line of lines) {
    const entry = plain(line);
    if (entry === undefined) continue;
    const [bidMap, askMap] = held.get(entry.symbol) ?? [new Map(), new Map()];
    held.set(entry.symbol, [bidMap, askMap]);
    const side = (map: Map<string, string>, changes: Levels, sign: number): Levels => {
      for (const [price, size] of changes) {
        if (size === '0') map.delete(price);
        else map.set(price, size);
      }
      return [...map].sort(([left], [right]) => sign * (Number(left) - Number(right))).slice(0, 25);
    };
    const bids = side(bidMap, entry.bids, -1);
    const asks = side(askMap, entry.asks, 1);
    const parts = bids.flatMap((bid, at) => [...bid, ...(asks[at] ?? [])]);
    if ((crc32(parts.join(':')) | 0) !== entry.checksum) wrong += 1;
    books.set(entry.symbol, [bids, asks]);
  }
  return { books, wrong };
}

describe.skipIf(!isRecorded(FILE))("OKX's recorded stream", () => {
  test('holds no fault, and every checksum is right', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      trades: 73,
      snapshots: 2,
      diffs: 195,
      checksums: { verified: 197, failed: 0 },
      warnings: [],
    });
  });

  test('its books are those of plain text, level by level', async () => {
    const lines = await recording();
    const { books, wrong } = plainBooks(lines);
    expect(wrong).toBe(0);
    const numbers = (levels: Levels): number[][] =>
      levels.slice(0, 10).map((one) => one.map(Number));
    const found = verify(lines).books;
    expect(found).toHaveLength(books.size);
    for (const { instrument, bids, asks } of found) {
      const [plainBids, plainAsks] = books.get(instrument.replace('.OKX', '')) ?? [[], []];
      expect([numbers(bids), numbers(asks)]).toEqual([numbers(plainBids), numbers(plainAsks)]);
    }
  });

  test('a frame that is lost is found by a checksum, or changed no level that counts', async () => {
    const lines = await recording();
    for (const [at, line] of lines.entries()) {
      if (at % STEP !== 0 || plain(line) === undefined) continue;
      const rest = lines.toSpliced(at, 1);
      const { checksums, staleDiffs } = verify(rest);
      expect([at, checksums.failed + staleDiffs > 0]).toEqual([at, plainBooks(rest).wrong > 0]);
    }
  });
});
