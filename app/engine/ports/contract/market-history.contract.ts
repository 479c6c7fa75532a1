import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { MarketDataClient } from '../market-data-client.ts';
import type { HistorySpan, PagedHistory, PastFunding, PastTrade } from '../market-history.ts';
import type { MarketDataSetup } from './market-data.contract.ts';

const DAY = 86_400_000_000;
const MINUTE = 60_000_000;
const SPAN_MINUTES = 4;
const FUNDED_DAYS = 20;

/** What a venue tells of the past. */
export interface ToldPast {
  readonly trades: boolean;
  readonly funding: boolean;
  /** False where trades have no aggressor. */
  readonly aggressors?: boolean;
  /** Periods of funding a day. */
  readonly periods?: number;
}

/** All rows of a span, oldest first, and what each page brought. */
async function all<T>(
  history: PagedHistory<T>,
  span: HistorySpan<T>,
): Promise<{ readonly rows: readonly T[]; readonly pages: readonly number[] }> {
  const rows: T[] = [];
  const pages: number[] = [];
  for (let last = false; !last;) {
    const after = rows.at(-1) ?? span.after;
    const page = await history.page({ ...span, ...(after === undefined ? {} : { after }) });
    if (!page.ok) throw new Error(page.error.message);
    rows.push(...page.value.rows);
    pages.push(page.value.rows.length);
    ({ last } = page.value);
    if (pages.length > 500) throw new Error('the pages do not end');
  }
  return { rows: history.order === 'OldestFirst' ? rows : rows.toReversed(), pages };
}

/** What every venue must tell of its past, and how it is paged. */
export function describeMarketHistory(
  name: string,
  open: () => Promise<MarketDataSetup>,
  told: ToldPast,
): void {
  describe(`the past of ${name}`, () => {
    let setup: MarketDataSetup;
    let client: MarketDataClient;
    let instrument: Instrument;
    let from: UnixMicros;
    let to: UnixMicros;
    let midnight: number;

    beforeAll(async () => {
      setup = await open();
      client = setup.client({
        onRecords: () => undefined,
        onHealth: () => undefined,
        onUnknownMessage: () => undefined,
      });
      const loaded = await client.loadInstruments();
      if (!loaded.ok) throw new Error(loaded.error.message);
      const found = loaded.value.find(({ symbol }) => symbol === setup.symbol);
      instrument = present(found, setup.symbol);
      const newest = await client.loadBars(instrument, '1d', { limit: 1 });
      midnight = present(newest.ok ? newest.value[0] : undefined, 'a day').openTime;
      from = unixMicros(midnight - DAY / 2);
      to = unixMicros(from + SPAN_MINUTES * MINUTE);
    }, 30_000);

    afterAll(async () => {
      await client[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    });

    test('says what it tells', () => {
      const { trades, funding } =
        client.history?.({ ...instrument, derivative: 'Perpetual' }) ?? {};
      expect({ trades: trades !== undefined, funding: funding !== undefined }).toEqual({
        trades: told.trades,
        funding: told.funding,
      });
      expect(client.history?.({ ...instrument, derivative: 'Future' }).funding).toBeUndefined();
    });

    test.runIf(told.trades)(
      'trades of a span: all of them, each once, in order, and no others',
      async () => {
        const history = present(client.history?.(instrument).trades, 'trades');
        const { rows, pages } = await all(history, { from, to });
        expect(pages.length).toBeGreaterThan(1);
        const ids = rows.map(({ tradeId }) => tradeId);
        const [first = 0] = ids;
        expect(ids).toEqual(ids.map((_, row) => first + row));
        for (const { tsNanos } of rows) {
          expect(tsNanos >= BigInt(from) * 1000n && tsNanos < BigInt(to) * 1000n).toBe(true);
        }
        // What lies just outside is another span's.
        const before = await all(history, { from: unixMicros(from - MINUTE), to: from });
        expect(before.rows.at(-1)?.tradeId).toBe(first - 1);
        const bars = await client.loadBars(instrument, '1m', { endTime: to, limit: SPAN_MINUTES });
        if (!bars.ok) throw new Error(bars.error.message);
        for (const bar of bars.value) {
          const own = rows.filter(({ tsNanos }) => minuteOf(tsNanos) === bar.openTime);
          const prices = own.map(({ price }) => price);
          const sum = own.reduce((total, { quantity }) => total + quantity, 0);
          expect([prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1), sum]).toEqual(
            [bar.open, bar.high, bar.low, bar.close, bar.volume],
          );
          const sides = told.aggressors === false ? [undefined] : ['Buy', 'Sell'];
          expect(new Set(own.map(({ aggressor }) => aggressor))).toEqual(new Set(sides));
        }
      },
      60_000,
    );

    test.runIf(told.trades)(
      'trades go on behind any that was had',
      async () => {
        const history = present(client.history?.(instrument).trades, 'trades');
        const short = { from, to: unixMicros(from + MINUTE) };
        const { rows } = await all(history, short);
        const order = (some: readonly PastTrade[]): readonly PastTrade[] =>
          history.order === 'OldestFirst' ? some : some.toReversed();
        const told = order(rows);
        for (const at of [0, Math.floor(told.length / 2), told.length - 1]) {
          const rest = await all(history, { ...short, after: present(told[at], 'a trade') });
          expect(order(rest.rows)).toEqual(told.slice(at + 1));
        }
      },
      60_000,
    );

    test.runIf(told.trades)('a span without trades is empty', async () => {
      const history = present(client.history?.(instrument).trades, 'trades');
      const future = unixMicros(midnight + 3 * DAY);
      expect(await all(history, { from: future, to: unixMicros(future + MINUTE) })).toEqual({
        rows: [],
        pages: [0],
      });
    });

    test.runIf(told.funding)('funding: what was settled in a span, each period once', async () => {
      const history = present(
        client.history?.({ ...instrument, derivative: 'Perpetual' }).funding,
        'funding',
      );
      const span = { from: unixMicros(midnight - FUNDED_DAYS * DAY), to: unixMicros(midnight) };
      const { rows } = await all<PastFunding>(history, span);
      const { periods = 3 } = told;
      expect(rows).toHaveLength(FUNDED_DAYS * periods);
      const times = rows.map(({ tsNanos }) => Number(tsNanos / 1000n));
      expect(times).toEqual(times.map((_, row) => span.from + (row * DAY) / periods));
      expect(rows.every(({ rate }) => Math.abs(rate) < 10 ** 12 / 100)).toBe(true);
      expect(new Set(rows.map(({ rate }) => rate)).size).toBeGreaterThan(10);
      const after = history.order === 'OldestFirst' ? rows[4] : rows.at(-5);
      const rest = await all(history, { ...span, after: present(after, 'a period') });
      expect(rest.rows).toHaveLength(rows.length - 5);
    });
  });
}

function minuteOf(nanos: bigint): number {
  return Math.floor(Number(nanos / 1000n) / MINUTE) * MINUTE;
}
