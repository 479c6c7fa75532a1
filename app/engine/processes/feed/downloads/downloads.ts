import { join } from 'node:path';
import type { Clock } from '../../../base/clock.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { DownloadAction } from '../../../api/downloads.ts';
import {
  MOST_DOWNLOAD_DAYS,
  MOST_DOWNLOADS,
  type Download,
  type DownloadOrder,
} from '../../../domain/download.ts';
import type { InstrumentId } from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { MarketDataClient } from '../../../ports/market-data-client.ts';
import { MICROS_A_DAY } from '../../../store/ticks/bar-store.ts';
import { DownloadList, type KeptDownload } from '../../../store/ticks/download-list.ts';
import type { DownloadedDay } from '../../../store/ticks/downloaded-day.ts';
import { dayName, dayOfName, hasSegment } from '../../../store/ticks/tick-folders.ts';
import { DayDownloader, type DayError } from './day-downloader.ts';

/** Pause before a venue that did not answer is asked again, when it named none. */
const ASK_AGAIN_MS = 5_000;

/** What downloads are made of. */
export interface DownloadsParts {
  readonly dataFolder: string;
  readonly client: Pick<MarketDataClient, 'loadBars' | 'history'>;
  readonly clock: Clock;
  /** False of a simulated venue, whose past is another one at each start: a day that was begun begins anew then. */
  readonly remembers: boolean;
  find(instrument: InstrumentId): Instrument | undefined;
  storeDay(told: DownloadedDay): Promise<Result<number, string>>;
  /** A download began, ended or cannot go on; in words. */
  onChange?(download: Download): void;
  onProblem(message: string): void;
}

/** Why a download is not taken. */
export interface DownloadRefusal {
  readonly code:
    | 'INSTRUMENT_UNKNOWN'
    | 'DOWNLOAD_SPAN'
    | 'DOWNLOAD_NOT_TOLD'
    | 'TOO_MANY_DOWNLOADS'
    | 'DOWNLOAD_UNKNOWN';
  readonly message: string;
}

/** One that is in the list; what changes of it. */
interface Listed {
  readonly order: DownloadOrder;
  readonly id: number;
  readonly firstDay: number;
  readonly days: number;
  state: Download['state'];
  doneDays: number;
  skippedDays: number;
  rows: number;
  withinDay: number | undefined;
  message: string | undefined;
}

/** Downloads of the past: of each venue one at a time, day after day. They are kept on disk and go on by themselves after a start. */
export class Downloads implements AsyncDisposable {
  /** Another number: something changed. */
  version = 0;
  readonly #parts: DownloadsParts;
  readonly #downloader: DayDownloader;
  readonly #list: DownloadList;
  readonly #listed = new Map<number, Listed>();
  /** What runs, by venue. */
  readonly #running = new Map<string, { readonly stop: AbortController; readonly id: number }>();
  readonly #ends = new Set<Promise<void>>();
  #closed = false;

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
    const folder = join(parts.dataFolder, 'downloads');
    this.#downloader = new DayDownloader({
      client: parts.client,
      folder,
      storeDay: (told) => parts.storeDay(told),
    });
    this.#list = new DownloadList(join(folder, 'downloads.json'), parts.onProblem);
  }

  /** The downloads, newest first. */
  rows(): readonly Download[] {
    return [...this.#listed.values()].map(rowOf).toReversed();
  }

  /** Goes on with what is kept. */
  resume(): void {
    if (!this.#parts.remembers) this.#downloader.forgetAll();
    for (const kept of this.#list.read()) {
      const { id, state, doneDays, skippedDays, rows, message, ...order } = kept;
      const span = this.#spanOf(order);
      if (!span.ok) {
        this.#parts.onProblem(`download ${id} is left out: ${span.error.message}`);
        continue;
      }
      const ended = state === 'Done' || state === 'Failed' || state === 'Paused';
      this.#listed.set(id, {
        order,
        id,
        ...span.value,
        state: ended ? state : 'Queued',
        doneDays,
        skippedDays,
        rows,
        withinDay: undefined,
        message,
      });
    }
    this.version += 1;
    this.#next();
  }

  /** Takes a download; its number. */
  start(order: DownloadOrder): Result<number, DownloadRefusal> {
    const instrument = this.#parts.find(order.instrument);
    if (instrument === undefined) {
      const message = `instrument must be one the feed follows, was ${order.instrument}`;
      return err({ code: 'INSTRUMENT_UNKNOWN', message });
    }
    const span = this.#spanOf(order);
    if (!span.ok) return span;
    const refusal = this.#downloader.refusal(instrument, order.kind);
    if (refusal !== undefined) return err({ code: 'DOWNLOAD_NOT_TOLD', message: refusal });
    if (this.#listed.size >= MOST_DOWNLOADS) {
      const message = `the list holds ${MOST_DOWNLOADS} downloads; remove some that are done`;
      return err({ code: 'TOO_MANY_DOWNLOADS', message });
    }
    const id = Math.max(0, ...this.#listed.keys()) + 1;
    const listed: Listed = {
      order,
      id,
      ...span.value,
      state: 'Queued',
      doneDays: 0,
      skippedDays: 0,
      rows: 0,
      withinDay: undefined,
      message: undefined,
    };
    this.#listed.set(id, listed);
    this.#changed();
    this.#next();
    return ok(id);
  }

  /** Pauses, goes on with or removes a download. One that failed goes on at the day that failed. */
  control(id: number, action: DownloadAction): Result<number, DownloadRefusal> {
    const listed = this.#listed.get(id);
    if (listed === undefined) {
      return err({ code: 'DOWNLOAD_UNKNOWN', message: `no download has the number ${id}` });
    }
    const ended = listed.state === 'Done';
    if (action === 'Resume' && (listed.state === 'Paused' || listed.state === 'Failed')) {
      this.#set(listed, 'Queued');
    }
    if (action === 'Pause' && !ended && listed.state !== 'Failed') this.#set(listed, 'Paused');
    if (action === 'Remove') {
      this.#listed.delete(id);
      const day = listed.firstDay + listed.doneDays;
      if (!ended) void this.#stopped(id).then(() => this.#forget(listed, day));
      this.#changed();
    }
    if (action !== 'Resume') this.#stop(id);
    this.#next();
    return ok(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { stop } of this.#running.values()) stop.abort();
    await Promise.all(this.#ends);
    await this.#list.written();
  }

  #spanOf({ from, to }: DownloadOrder): Result<Pick<Listed, 'firstDay' | 'days'>, DownloadRefusal> {
    const [first, last] = [dayOfName(from), dayOfName(to)];
    const yesterday = Math.floor(this.#parts.clock.nowMicros() / MICROS_A_DAY) - 1;
    const problem = (message: string): Result<never, DownloadRefusal> =>
      err({ code: 'DOWNLOAD_SPAN', message });
    if (first === undefined) return problem(`from must be a day like 2026-01-31, was ${from}`);
    if (last === undefined) return problem(`to must be a day like 2026-01-31, was ${to}`);
    if (last < first) return problem(`to must not be before from (${from}), was ${to}`);
    if (last > yesterday) {
      return problem(`to must be a day that is over, ${dayName(yesterday)} or before, was ${to}`);
    }
    const days = last - first + 1;
    if (days <= MOST_DOWNLOAD_DAYS) return ok({ firstDay: first, days });
    return problem(`a download may have ${MOST_DOWNLOAD_DAYS} days, these are ${days}`);
  }

  /** Begins what waits where nothing of its venue runs. */
  #next(): void {
    if (this.#closed) return;
    for (const listed of this.#listed.values()) {
      if (listed.state !== 'Queued') continue;
      const instrument = this.#parts.find(listed.order.instrument);
      if (instrument === undefined) {
        this.#fail(listed, `the feed does not follow ${listed.order.instrument} now`);
        continue;
      }
      if (this.#running.has(instrument.venue)) continue;
      const stop = new AbortController();
      this.#running.set(instrument.venue, { stop, id: listed.id });
      const end = this.#run(listed, instrument, stop.signal).finally(() => {
        this.#running.delete(instrument.venue);
        this.#ends.delete(end);
        this.#next();
      });
      this.#ends.add(end);
    }
  }

  async #run(listed: Listed, instrument: Instrument, signal: AbortSignal): Promise<void> {
    this.#set(listed, 'Running');
    while (listed.doneDays < listed.days) {
      const day = listed.firstDay + listed.doneDays;
      const { kind, replace } = listed.order;
      const there = hasSegment(join(this.#parts.dataFolder, 'ticks'), instrument.id, day, kind);
      const done =
        there && !replace
          ? undefined
          : await this.#downloader.download({
              instrument,
              kind,
              day,
              signal,
              onProgress: (withinDay) => this.#reached(listed, withinDay),
            });
      if (done?.ok === false) {
        if (signal.aborted) return;
        if (done.error.kind !== 'Retryable') return this.#fail(listed, done.error.message);
        await this.#wait(listed, done.error, signal);
        if (signal.aborted) return;
        continue;
      }
      // A day that is there takes no time at all: others have their turn between.
      if (done === undefined) await nextTurn();
      listed.doneDays += 1;
      if (done === undefined) listed.skippedDays += 1;
      else listed.rows += done.value;
      listed.withinDay = undefined;
      this.#changed();
      if (signal.aborted) return;
    }
    this.#set(listed, 'Done');
  }

  /** Until the venue may be asked again. */
  async #wait(listed: Listed, error: DayError, signal: AbortSignal): Promise<void> {
    this.#set(listed, 'Waiting', error.message);
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    const timer = setTimeout(end, error.retryAfterMs ?? ASK_AGAIN_MS);
    signal.addEventListener('abort', end, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    if (!signal.aborted) this.#set(listed, 'Running');
  }

  #reached(listed: Listed, withinDay: number): void {
    listed.withinDay = withinDay;
    this.version += 1;
  }

  #fail(listed: Listed, message: string): void {
    this.#set(listed, 'Failed', message);
  }

  #set(listed: Listed, state: Download['state'], message?: string): void {
    listed.state = state;
    listed.message = message;
    this.#changed();
    if (state !== 'Queued') this.#parts.onChange?.(rowOf(listed));
  }

  #stop(id: number): void {
    for (const running of this.#running.values()) {
      if (running.id === id) running.stop.abort();
    }
  }

  /** Nothing of a download runs any more. */
  async #stopped(id: number): Promise<void> {
    if ([...this.#running.values()].some((running) => running.id === id)) {
      await Promise.all(this.#ends);
    }
  }

  async #forget({ order }: Listed, day: number): Promise<void> {
    if (order.kind === 'trades') await this.#downloader.forget(order.instrument, day);
  }

  #changed(): void {
    this.version += 1;
    this.#list.write([...this.#listed.values()].map(keptOf));
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function rowOf(listed: Listed): Download {
  const { order, id, days, state, doneDays, skippedDays, rows, withinDay, message } = listed;
  return {
    ...order,
    id,
    state,
    days,
    doneDays,
    skippedDays,
    rows,
    ...(withinDay === undefined ? {} : { withinDay }),
    ...(message === undefined ? {} : { message }),
  };
}

function keptOf(listed: Listed): KeptDownload {
  const { order, id, state, doneDays, skippedDays, rows, message } = listed;
  const kept = { ...order, id, state, doneDays, skippedDays, rows };
  return message === undefined ? kept : { ...kept, message };
}
