import { join } from 'node:path';
import { present } from '../../../base/invariant.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { DownloadKind } from '../../../domain/download.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { Bar } from '../../../domain/market.ts';
import { price, quantity } from '../../../domain/price.ts';
import { unixMicros, type UnixMicros } from '../../../domain/time.ts';
import {
  FLAG_AGGRESSOR_SELL,
  FLAG_AGGRESSOR_UNKNOWN,
  FLAG_LAST,
  KIND_FUNDING_RATE,
  KIND_TRADE,
  MarketRecords,
} from '../../../native/compute/market-record.ts';
import type { MarketDataClient, VenueError } from '../../../ports/market-data-client.ts';
import type {
  PagedHistory,
  PageOrder,
  PastFunding,
  PastTrade,
} from '../../../ports/market-history.ts';
import { MICROS_A_DAY, STORED_INTERVAL } from '../../../store/ticks/bar-store.ts';
import { DayPart, PART } from '../../../store/ticks/day-part.ts';
import type { DownloadedDay } from '../../../store/ticks/downloaded-day.ts';
import { dayName } from '../../../store/ticks/tick-folders.ts';

const MOST_BARS = 1_000;
const MINUTES_A_DAY = 1_440;

/** What a day's download is made of. */
export interface DayDownloaderParts {
  readonly client: Pick<MarketDataClient, 'loadBars' | 'history'>;
  /** Where days lie that are not whole yet. */
  readonly folder: string;
  storeDay(told: DownloadedDay): Promise<Result<number, string>>;
}

/** One day of an instrument. */
export interface WantedDay {
  readonly instrument: Instrument;
  readonly kind: DownloadKind;
  readonly day: number;
  readonly signal: AbortSignal;
  /** A page was taken: how much of the day is there, 0 to 1. */
  onProgress(withinDay: number): void;
}

/** Why a day is not there: the venue's error, or our own. */
export type DayError = Pick<VenueError, 'code' | 'kind' | 'message' | 'retryAfterMs'>;

const STOPPED: DayError = { code: 'DOWNLOAD_STOPPED', kind: 'Refused', message: 'it was stopped' };

/** Asks a venue for one day after the other, page by page, and has each kept as a whole. A day of trades that was broken off goes on behind the last trade that came. */
export class DayDownloader {
  readonly #parts: DayDownloaderParts;

  constructor(parts: DayDownloaderParts) {
    this.#parts = parts;
  }

  /** Why a kind of an instrument cannot be had at all; undefined when it can. */
  refusal(instrument: Instrument, kind: DownloadKind): string | undefined {
    if (kind === 'bars') return undefined;
    const history = this.#parts.client.history?.(instrument) ?? {};
    if (history[kind] !== undefined) return undefined;
    return `${instrument.venue} does not tell ${kind} of the past of ${instrument.symbol}`;
  }

  /** Downloads and keeps a day: how many rows. */
  async download(wanted: WantedDay): Promise<Result<number, DayError>> {
    try {
      switch (wanted.kind) {
        case 'bars':
          return await this.#bars(wanted);
        case 'funding':
          return await this.#funding(wanted);
        case 'trades':
          return await this.#trades(wanted);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return err({ code: 'DOWNLOAD_NOT_KEPT', kind: 'Refused', message });
    }
  }

  /** Removes what lies of all days that are not whole. Throws the system's error. */
  forgetAll(): void {
    DayPart.removeAll(this.#parts.folder);
  }

  /** Removes what lies of a day that is not whole. */
  async forget(instrument: Instrument['id'], day: number): Promise<void> {
    await DayPart.remove(this.#partOf(instrument, day));
  }

  async #bars({
    instrument,
    day,
    signal,
    onProgress,
  }: WantedDay): Promise<Result<number, DayError>> {
    const { from, to } = spanOf(day);
    let bars: readonly Bar[] = [];
    for (let endTime = to; endTime > from;) {
      if (signal.aborted) return err(STOPPED);
      const limit = Math.min(MOST_BARS, MINUTES_A_DAY - bars.length);
      const asked = this.#parts.client.loadBars(instrument, STORED_INTERVAL, {
        endTime,
        limit: Math.max(1, limit),
      });
      const page = await unlessStopped(signal, asked);
      if (!page.ok) return page;
      const own = page.value.filter(({ openTime }) => openTime >= from && openTime < endTime);
      const [first] = own;
      if (first === undefined) break;
      bars = [...own, ...bars];
      endTime = first.openTime;
      onProgress((to - endTime) / MICROS_A_DAY);
    }
    return this.#keep({ instrument, kind: 'bars', day, rows: { of: 'Bars', bars } });
  }

  async #funding({ instrument, day, signal }: WantedDay): Promise<Result<number, DayError>> {
    const history = present(this.#parts.client.history?.(instrument).funding, 'funding');
    const rows: PastFunding[] = [];
    for (let last = false; !last;) {
      if (signal.aborted) return err(STOPPED);
      const page = await unlessStopped(signal, nextPage(history, day, rows.at(-1)));
      if (!page.ok) return page;
      rows.push(...page.value.rows);
      ({ last } = page.value);
    }
    if (rows.length === 0) return ok(0);
    const ordered = history.order === 'OldestFirst' ? rows : rows.toReversed();
    const { bytes } = fundingRecords(ordered);
    return this.#keep({ instrument, kind: 'funding', day, rows: { of: 'Records', bytes } });
  }

  async #trades({
    instrument,
    day,
    signal,
    onProgress,
  }: WantedDay): Promise<Result<number, DayError>> {
    const history = present(this.#parts.client.history?.(instrument).trades, 'trades');
    const path = this.#partOf(instrument.id, day);
    let rows = 0;
    {
      await using part = await DayPart.open(path);
      const kept = await part.last();
      let after = kept && tradeOf(kept);
      for (let last = false; !last;) {
        if (signal.aborted) return err(STOPPED);
        const page = await unlessStopped(signal, nextPage(history, day, after));
        if (!page.ok) return page;
        const { rows: trades } = page.value;
        if (trades.length > 0) await part.append(tradeRecords(trades), trades.length);
        after = trades.at(-1) ?? after;
        if (after !== undefined) onProgress(partOf(day, after.tsNanos, history.order));
        ({ last } = page.value);
      }
      ({ rows } = part);
    }
    const stored =
      rows === 0
        ? ok(0)
        : await this.#keep({
            instrument,
            kind: 'trades',
            day,
            rows: { of: 'Part', path, order: history.order },
          });
    if (stored.ok) await DayPart.remove(path);
    return stored;
  }

  async #keep(told: DownloadedDay): Promise<Result<number, DayError>> {
    const stored = await this.#parts.storeDay(told);
    if (stored.ok) return stored;
    return err({ code: 'DOWNLOAD_NOT_KEPT', kind: 'Refused', message: stored.error });
  }

  #partOf(instrument: Instrument['id'], day: number): string {
    const name = `${instrument} ${dayName(day)} trades`.replaceAll(/[^A-Za-z0-9@._ -]/g, '_');
    return join(this.#parts.folder, `${name}${PART}`);
  }
}

/** An answer, or that nobody waits for it any more: a venue may keep one waiting for long. */
async function unlessStopped<T>(
  signal: AbortSignal,
  asked: Promise<Result<T, VenueError>>,
): Promise<Result<T, DayError>> {
  const { promise, resolve } = Promise.withResolvers<Result<T, DayError>>();
  const stop = (): void => resolve(err(STOPPED));
  signal.addEventListener('abort', stop, { once: true });
  void asked.then(resolve);
  const answer = await promise;
  signal.removeEventListener('abort', stop);
  return answer;
}

/** The page behind a row; one that brings nothing and is not the last would be asked for again for ever. */
async function nextPage<T>(
  history: PagedHistory<T>,
  day: number,
  after: T | undefined,
): ReturnType<PagedHistory<T>['page']> {
  const page = await history.page({ ...spanOf(day), ...(after === undefined ? {} : { after }) });
  if (!page.ok || page.value.last || page.value.rows.length > 0) return page;
  const message = `the venue tells nothing new of ${dayName(day)} and says that there is more`;
  return err({ code: 'HISTORY_STUCK', kind: 'Refused', message });
}

function spanOf(day: number): { readonly from: UnixMicros; readonly to: UnixMicros } {
  return { from: unixMicros(day * MICROS_A_DAY), to: unixMicros((day + 1) * MICROS_A_DAY) };
}

/** How much of a day lies before a row of it, in the order in which it is told. */
function partOf(day: number, nanos: bigint, order: PageOrder): number {
  const passed = Number(nanos / 1000n) / MICROS_A_DAY - day;
  return order === 'OldestFirst' ? passed : 1 - passed;
}

/** What is told of the past was never received as it happened: both times are the venue's. */
function tradeRecords(trades: readonly PastTrade[]): MarketRecords {
  const records = new MarketRecords(trades.length);
  for (const [row, trade] of trades.entries()) {
    const { tsNanos, aggressor, tradeId } = trade;
    const sold = aggressor === 'Sell' ? FLAG_AGGRESSOR_SELL : 0;
    const flags = FLAG_LAST | (aggressor === undefined ? FLAG_AGGRESSOR_UNKNOWN : sold);
    const { price: at, quantity: size } = trade;
    records.set(row, KIND_TRADE, flags, 0, tsNanos, tsNanos, at, size, 0, 0, tradeId);
  }
  return records;
}

function tradeOf(records: MarketRecords): PastTrade {
  return {
    tradeId: records.id(0),
    tsNanos: records.tsEventNanos(0),
    price: price(records.price(0)),
    quantity: quantity(records.quantity(0)),
  };
}

function fundingRecords(rows: readonly PastFunding[]): MarketRecords {
  const records = new MarketRecords(rows.length);
  for (const [row, { tsNanos, rate, periodMs = 0 }] of rows.entries()) {
    const endMs = Number(tsNanos / 1_000_000n);
    const flags = FLAG_LAST;
    records.set(row, KIND_FUNDING_RATE, flags, 0, tsNanos, tsNanos, rate, periodMs, 0, 0, endMs);
  }
  return records;
}
