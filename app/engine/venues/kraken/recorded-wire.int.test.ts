import { describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { KRAKEN_RECORDED } from './recorded-wire.ts';

const FILE = 'derived/kraken_v2_book1000.tsv.gz';

/** One frame in so many is lost; the long run loses every one. */
const STEP = process.env['QD_LONG'] === '1' ? 1 : 397;

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport => verifyStream(KRAKEN_RECORDED, lines);

interface PlainEntry {
  readonly symbol: string;
  readonly checksum: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** A message's book by text alone: numbers stay as they are written. */
function plain({ raw }: WireLine): PlainEntry | undefined {
  const text = Buffer.from(raw).toString();
  if (!text.startsWith('{"channel":"book"')) return undefined;
  const levels = (side: string): (readonly [string, string])[] =>
    [
      ...(new RegExp(`"${side}":\\[(.*?)\\]`).exec(text)?.[1] ?? '').matchAll(
        /"price":([\d.]+),"qty":([\d.]+)/g,
      ),
    ].map(([, price = '', quantity = '']) => [price, quantity]);
  return {
    symbol: /"symbol":"([^"]+)"/.exec(text)?.[1] ?? '',
    checksum: Number(/"checksum":(\d+)/.exec(text)?.[1]),
    bids: levels('bids'),
    asks: levels('asks'),
  };
}

/** The books of a recording as maps of text, cut to 1,000 levels and checked as the venue's documentation says. */
function plainBooks(lines: readonly WireLine[]): {
  readonly books: ReadonlyMap<string, readonly [string, string][][]>;
  readonly wrong: number;
} {
  const sides = new Map<string, [Map<string, string>, Map<string, string>]>();
  const books = new Map<string, [string, string][][]>();
  let wrong = 0;
  for (const line of lines) {
    const entry = plain(line);
    if (entry === undefined) continue;
    const held = sides.get(entry.symbol) ?? [new Map<string, string>(), new Map<string, string>()];
    sides.set(entry.symbol, held);
    const sorted = [entry.bids, entry.asks].map((changes, side) => {
      const map = held[side === 0 ? 0 : 1];
      for (const [price, quantity] of changes) {
        if (Number(quantity) === 0) map.delete(price);
        else map.set(price, quantity);
      }
      const rows = [...map].sort(([left], [right]) =>
        side === 0 ? Number(right) - Number(left) : Number(left) - Number(right),
      );
      for (const [price] of rows.slice(1000)) map.delete(price);
      return rows.slice(0, 10);
    });
    const digits = (text: string): string => text.replace('.', '').replace(/^0+/, '');
    const text = [...(sorted[1] ?? []), ...(sorted[0] ?? [])].flat().map(digits).join('');
    if (crc32(text) !== entry.checksum) wrong += 1;
    books.set(entry.symbol, sorted);
  }
  return { books, wrong };
}

describe.skipIf(!isRecorded(FILE))("Kraken's recorded stream", () => {
  test('holds no fault, and every checksum is right', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      messages: 3080,
      snapshots: 6,
      diffs: 3037,
      checksums: { verified: 3043, failed: 0 },
      staleDiffs: 0,
      warnings: [],
    });
  });

  test('its books are those of plain text, level by level', async () => {
    const lines = await recording();
    const { books, wrong } = plainBooks(lines);
    expect(wrong).toBe(0);
    const report = verify(lines);
    expect(report.books).toHaveLength(books.size);
    const number = ([price, quantity]: readonly [string, string]): number[] => [
      Number(price),
      Number(quantity),
    ];
    for (const { instrument, bids, asks } of report.books) {
      const [plainBids, plainAsks] = books.get(instrument.replace('.KRAKEN', '')) ?? [];
      expect([bids.map(number), asks.map(number)]).toEqual([
        plainBids?.map(number),
        plainAsks?.map(number),
      ]);
    }
  });

  test('a frame that is lost is found by a checksum, or changed no level that counts', async () => {
    const lines = await recording();
    const changed = lines.flatMap((line, at) => (plain(line) === undefined ? [] : [at]));
    let found = 0;
    let tried = 0;
    for (let pick = 0; pick < changed.length; pick += STEP) {
      const at = changed[pick] ?? 0;
      const rest = lines.toSpliced(at, 1);
      const report = verify(rest);
      tried += 1;
      const told = report.checksums.failed > 0 || report.staleDiffs > 0;
      // The second opinion: the books without that frame, by plain text.
      expect([at, told]).toEqual([at, plainBooks(rest).wrong > 0]);
      if (told) found += 1;
    }
    console.log(`${tried} frames lost, ${found} found by a checksum`);
    expect(found).toBeGreaterThan(0);
  });
});
