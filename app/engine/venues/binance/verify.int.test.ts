import { describe, expect, test } from 'vitest';
import { isRecorded, recordedLines } from '../../market-data/testing/recorded.ts';
import { hasFault, type FeedReport, type WireLine } from '../../ports/feed-verification.ts';
import { BinanceVerifier, type BinanceMarket } from './verify.ts';

const present = isRecorded('binance_spot');
const linesOf = (files: readonly string[]): Promise<WireLine[]> => recordedLines(...files);

function verify(market: BinanceMarket, lines: readonly WireLine[], at: number[] = []): FeedReport {
  const verifier = new BinanceVerifier(market, at);
  for (const line of lines) verifier.add(line);
  return verifier.finish();
}

/** Fields of a recorded message by plain JSON: the second opinion. */
function plain({ raw }: WireLine): Record<string, unknown> {
  const message = JSON.parse(Buffer.from(raw).toString()) as { data?: Record<string, unknown> };
  return message.data ?? { ...message };
}

const BTC = ['binance_spot/btcusdt_20240808.txt.gz', 'binance_spot/btcusdt_20240809.txt.gz'];

describe.skipIf(!present)('recorded streams', () => {
  test.each<[BinanceMarket, readonly string[], number, number]>([
    ['binance', BTC, 99_574, 1],
    ['binance', ['binance_spot/ethusdt_20240808.txt.gz'], 33_618, 1],
    ['binance-usdm', ['binance_usdm/btcusdt_20240808.txt.gz'], 93_954, 1],
    ['binance-coinm', ['binance_coinm/btcusd_perp_20240808.txt.gz'], 48_270, 1],
    [
      'binance',
      ['binance/http.txt.gz', 'binance/reference_rest.txt.gz', 'binance/ws_1.txt.gz'],
      267,
      3,
    ],
    ['binance', ['binance/ws_1.txt.gz', 'binance/http.txt.gz'], 266, 3],
    ['binance-usdm', ['binance_futures/http.txt.gz', 'binance_futures/ws_1.txt.gz'], 1_138, 3],
  ])('%s %j holds no fault', async (market, files, messages, books) => {
    const report = verify(market, await linesOf(files));
    expect(report).toMatchObject({
      messages,
      parseErrors: 0,
      unknownMessages: 0,
      gaps: { explained: 0, unexplained: 0 },
      duplicates: 0,
      outOfOrder: 0,
      crossedBooks: 0,
      warnings: [],
    });
    expect(hasFault(report)).toBe(false);
    expect(report.books).toHaveLength(books);
    const total = Object.values(report.byKind).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(messages);
  });

  test.each<[BinanceMarket, readonly string[], number]>([
    ['binance', BTC, 1_000],
    ['binance', ['binance_spot/ethusdt_20240808.txt.gz'], 100],
  ])(
    '%s %j: the rebuilt top is the quoted one at every common update',
    async (market, files, least) => {
      const lines = await linesOf(files);
      const quotes = new Map<number, Record<string, unknown>>();
      const updates = new Set<number>();
      for (const line of lines) {
        const message = plain(line);
        if (message['e'] === 'depthUpdate') updates.add(Number(message['u']));
        else if ('B' in message) quotes.set(Number(message['u']), message);
      }
      const common = [...quotes.keys()].filter((id) => updates.has(id));
      const { states } = verify(market, lines, common);
      expect(states.length).toBeGreaterThan(least);
      for (const { at, bids, asks } of states) {
        const quote = quotes.get(at);
        expect([at, ...(bids[0] ?? []), ...(asks[0] ?? [])]).toEqual([
          at,
          quote?.['b'],
          quote?.['B'],
          quote?.['a'],
          quote?.['A'],
        ]);
      }
    },
  );

  test('the final ten levels are those of a plain book built by hand', async () => {
    const lines = await linesOf(['binance_usdm/btcusdt_20240808.txt.gz']);
    const sides = { b: new Map<string, string>(), a: new Map<string, string>() };
    let snapshotId = -1;
    const held: Record<string, unknown>[] = [];
    const apply = (levels: unknown, side: Map<string, string>): void => {
      for (const [price = '', quantity = ''] of levels as string[][]) {
        if (Number(quantity) === 0) side.delete(price);
        else side.set(price, quantity);
      }
    };
    const update = (message: Record<string, unknown>): void => {
      if (Number(message['u']) < snapshotId) return;
      apply(message['b'], sides.b);
      apply(message['a'], sides.a);
    };
    for (const line of lines) {
      const message = plain(line);
      if ('lastUpdateId' in message) {
        snapshotId = Number(message['lastUpdateId']);
        apply(message['bids'], sides.b);
        apply(message['asks'], sides.a);
        held.forEach(update);
      } else if (message['e'] === 'depthUpdate') {
        if (snapshotId < 0) held.push(message);
        else update(message);
      }
    }
    const best = (side: Map<string, string>, sign: number) =>
      [...side].toSorted(([left], [right]) => sign * (Number(left) - Number(right))).slice(0, 10);
    const [book] = verify('binance-usdm', lines).books;
    expect(book?.bids).toEqual(best(sides.b, -1));
    expect(book?.asks).toEqual(best(sides.a, 1));
  });

  test('a line taken out, repeated or swapped is found', async () => {
    const lines = await linesOf(['binance_spot/ethusdt_20240808.txt.gz']);
    const diffs = lines.flatMap((line, index) =>
      plain(line)['e'] === 'depthUpdate' ? [index] : [],
    );
    const place = diffs[1_000] ?? 0;
    const next = diffs[1_001] ?? 0;
    const without = verify('binance', lines.toSpliced(place, 1));
    expect(without.gaps).toEqual({ explained: 0, unexplained: 1 });
    const repeated = verify('binance', lines.toSpliced(place, 0, ...lines.slice(place, place + 1)));
    expect(repeated).toMatchObject({ duplicates: 1, gaps: { unexplained: 0 } });
    const swapped = [...lines];
    [swapped[place], swapped[next]] = [swapped[next], swapped[place]] as [WireLine, WireLine];
    expect(verify('binance', swapped)).toMatchObject({ outOfOrder: 1, gaps: { unexplained: 1 } });
  });
});
