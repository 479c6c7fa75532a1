import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../../../base/invariant.ts';
import { err, ok } from '../../../../base/result.ts';
import type { Xoshiro128 } from '../../../../base/rng.ts';
import type { Download, DownloadOrder } from '../../../../domain/download.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import { price, quantity } from '../../../../domain/price.ts';
import { INSTRUMENT } from '../../../../kernel/testing/desk.ts';
import { FLAG_AGGRESSOR_SELL, MarketRecords } from '../../../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../../../native/io/tick-segment.ts';
import type { MarketDataClient } from '../../../../ports/market-data-client.ts';
import type { PageOrder, PastTrade } from '../../../../ports/market-history.ts';
import { pageOf, placeOfTrade } from '../../../../ports/past-rows.ts';
import { MICROS_A_DAY } from '../../../../store/ticks/bar-store.ts';
import { dayName, segmentOfDay } from '../../../../store/ticks/tick-folders.ts';
import { CatalogueKeeper } from '../../catalogue-keeper.ts';
import { Downloads } from '../downloads.ts';

/** 2023-11-14 */
export const TODAY = 19_675;
/** Days before it that have a past. */
export const DAYS = 3;
export const OF = INSTRUMENT;

/** Trades of some days before today, several of one time, none on some days. */
export function pastOf(rng: Xoshiro128, perDay: number): readonly PastTrade[] {
  const trades: PastTrade[] = [];
  let tradeId = 1_000;
  for (let day = TODAY - DAYS; day < TODAY; day += 1) {
    const count = rng.nextBelow(4) === 0 ? 0 : perDay;
    const times = Array.from({ length: count }, () => rng.nextBelow(86_400) * 1000);
    for (const ms of times.toSorted((left, right) => left - right)) {
      tradeId += 1;
      trades.push({
        tradeId,
        tsNanos: BigInt(day * 86_400_000 + ms) * 1_000_000n,
        price: price(10_000 + rng.nextBelow(500)),
        quantity: quantity(1 + rng.nextBelow(1_000)),
        aggressor: rng.nextBelow(2) === 0 ? 'Buy' : 'Sell',
      });
    }
  }
  return trades;
}

/** A venue that tells these trades, and does not answer now and then. */
export function venueOf(
  trades: readonly PastTrade[],
  order: PageOrder,
  rng: Xoshiro128,
  failures: number,
): Pick<MarketDataClient, 'loadBars' | 'history'> {
  const told = order === 'OldestFirst' ? trades : trades.toReversed();
  return {
    loadBars: async () => ok([]),
    history: () => ({
      trades: {
        order,
        page: async (span) => {
          await Promise.resolve();
          if (rng.nextBelow(100) < failures) {
            return err({
              code: 'HTTP_TIMEOUT',
              kind: 'Retryable',
              message: 'no answer',
              retryAfterMs: 1,
            });
          }
          const ahead = order === 'OldestFirst';
          const [from, to] = [BigInt(span.from) * 1000n, BigInt(span.to) * 1000n];
          const { after } = span;
          const isNext = ({ tsNanos, tradeId }: PastTrade): boolean => {
            if (after === undefined) return ahead ? tsNanos >= from : tsNanos < to;
            return ahead ? tradeId > after.tradeId : tradeId < after.tradeId;
          };
          const first = told.findIndex(isNext);
          const size = 1 + rng.nextBelow(40);
          const rows = first < 0 ? [] : told.slice(first, first + size);
          return ok(pageOf({ rows, full: rows.length === size }, span, order, placeOfTrade));
        },
      },
    }),
  };
}

/** A data folder of a test, and downloads into it. */
export class DownloadRig implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'qd-downloads-'));
  readonly problems: string[] = [];
  readonly catalogue = new CatalogueKeeper({
    dataFolder: this.folder,
    nowNanos: () => BigInt(TODAY) * 86_400_000_000_000n,
    onProblem: (problem) => this.problems.push(problem),
  });

  async [Symbol.asyncDispose](): Promise<void> {
    await this.catalogue[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }

  open(
    client: Pick<MarketDataClient, 'loadBars' | 'history'>,
    find: (id: Instrument['id']) => Instrument | undefined = (id) =>
      id === OF.id ? OF : undefined,
    today = TODAY,
    remembers = true,
  ): Downloads {
    const nowMicros = (): number => today * MICROS_A_DAY + 1;
    return new Downloads({
      dataFolder: this.folder,
      client,
      clock: { nowMicros, nowNanos: () => BigInt(nowMicros()) * 1000n },
      remembers,
      find,
      storeDay: (told) => this.catalogue.storeDay(told),
      onProblem: (problem) => this.problems.push(problem),
    });
  }

  /** The rows of a stored day, as they stand there. */
  stored(id: Instrument['id'], kind: 'trades' | 'funding', day: number): MarketRecords | undefined {
    const place = segmentOfDay(join(this.folder, 'ticks'), id, day, kind);
    const opened = place && TickSegmentReader.open(place.path);
    if (opened?.ok !== true) return undefined;
    using reader = opened.value;
    const records = new MarketRecords(Math.max(1, reader.stats.rows));
    invariant(reader.next(records.bytes) === reader.stats.rows, 'a segment must be read whole');
    return records;
  }

  /** All trades that are stored. */
  storedTrades(): readonly PastTrade[] {
    return Array.from({ length: DAYS }, (_, day) =>
      this.stored(OF.id, 'trades', TODAY - DAYS + day),
    ).flatMap((records) =>
      records === undefined
        ? []
        : Array.from({ length: records.capacity }, (_, row) => ({
            tradeId: records.id(row),
            tsNanos: records.tsEventNanos(row),
            price: price(records.price(row)),
            quantity: quantity(records.quantity(row)),
            aggressor:
              (records.flags(row) & FLAG_AGGRESSOR_SELL) === 0
                ? ('Buy' as const)
                : ('Sell' as const),
          })),
    );
  }
}

/** Trades of those days. */
export function orderOf(changes: Partial<DownloadOrder> = {}): DownloadOrder {
  return {
    instrument: OF.id,
    kind: 'trades',
    from: dayName(TODAY - DAYS),
    to: dayName(TODAY - 1),
    replace: false,
    ...changes,
  };
}

/** The newest download. */
export function only(downloads: Downloads): Download {
  const [row] = downloads.rows();
  if (row === undefined) throw new Error('there is no download');
  return row;
}
