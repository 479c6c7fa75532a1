import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines, verifyStream } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { HYPERLIQUID_RECORDED } from './recorded-wire.ts';

const FILE = 'hyperliquid/btcusd_20250126.txt.gz';

interface PlainBook {
  readonly channel: string;
  readonly data: {
    readonly levels: readonly (readonly { readonly px: string; readonly sz: string }[])[];
  };
}

const recording = (): Promise<WireLine[]> => recordedLines(FILE);
const verify = (lines: readonly WireLine[]): FeedReport =>
  verifyStream(HYPERLIQUID_RECORDED, lines);

/** The ten best levels of each side of the last book. */
function plainBook(lines: readonly WireLine[]): number[][][] {
  const messages = lines.map(({ raw }) => JSON.parse(Buffer.from(raw).toString()) as PlainBook);
  const last = messages.findLast(({ channel }) => channel === 'l2Book');
  return (last?.data.levels ?? []).map((side) =>
    side.slice(0, 10).map(({ px, sz }) => [Number(px), Number(sz)]),
  );
}

describe.skipIf(!isRecorded(FILE))("Hyperliquid's recorded stream", () => {
  test('holds no fault', async () => {
    const report = verify(await recording());
    expect(hasFault(report)).toBe(false);
    expect(report).toMatchObject({
      messages: 55,
      byKind: { snapshot: 46, trade: 64 },
      resyncs: 0,
      warnings: [],
    });
  });

  test('its book is the last that came, also when one before was lost', async () => {
    const lines = await recording();
    for (let at = 0; at < lines.length; at += 1) {
      const rest = lines.toSpliced(at, 1);
      const { books, warnings } = verify(rest);
      const [book] = books;
      const sides = [book?.bids ?? [], book?.asks ?? []];
      const numbers = sides.map((side) => side.map((level) => level.map(Number)));
      expect([at, warnings, numbers]).toEqual([at, [], plainBook(rest)]);
    }
  });
});
