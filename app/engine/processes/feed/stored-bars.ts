import { ok, type Result } from '../../base/result.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type { MarketDataClient, VenueError } from '../../ports/market-data-client.ts';
import { MICROS_A_DAY, STORED_INTERVAL, type BarStore } from '../../store/ticks/bar-store.ts';
import { BarPages } from './bar-pages.ts';

/** Days read before others have their turn. */
const DAYS_AT_ONCE = 16;
/** Bars a venue is asked for at once. */
const MOST_ASKED = 1000;

/** Where bars come from. */
export type BarSource = Pick<MarketDataClient, 'loadBars'>;

/** How many bars, ending before when. */
interface BarRange {
  readonly endTime?: UnixMicros;
  readonly limit: number;
}

/** What stored bars are made of. */
export interface StoredBarsParts {
  readonly client: BarSource;
  readonly store: BarStore;
  readonly nowMicros: () => number;
  /** Keep what the venue tells of days that are over. */
  readonly keep: boolean;
  readonly onProblem: (message: string) => void;
}

/** Bars of days that are kept from the disk, all others from the venue: one question may be answered by both. */
export class StoredBars implements BarSource {
  readonly #parts: StoredBarsParts;
  readonly #pages = new Map<string, BarPages>();

  constructor(parts: StoredBarsParts) {
    this.#parts = parts;
  }

  /** As `MarketDataClient.loadBars`; an error when nothing could be had and the venue failed. */
  async loadBars(
    instrument: Instrument,
    interval: Interval,
    { endTime, limit }: BarRange,
  ): Promise<Result<readonly Bar[], VenueError>> {
    let found: readonly Bar[] = [];
    let until: number | undefined = endTime;
    while (found.length < limit) {
      const kept = await this.#keptUntil(instrument, interval, until, limit - found.length);
      if (kept.days > 0) {
        found = [...kept.bars, ...found];
        until = kept.from;
        continue;
      }
      const gap = this.#gap(instrument, interval, until, limit - found.length);
      const range = {
        limit: gap.limit,
        ...(until !== undefined && { endTime: unixMicros(until) }),
      };
      const told = await this.#parts.client.loadBars(instrument, interval, range);
      if (!told.ok) return found.length === 0 ? told : ok(found);
      this.#take(instrument, interval, range, told.value);
      const { from = Number.NEGATIVE_INFINITY } = gap;
      const inside = told.value.filter(({ openTime }) => openTime >= from);
      found = [...inside, ...found];
      const [first] = inside;
      const more = told.value.length >= gap.limit && first !== undefined && first.openTime > from;
      if (!more && gap.from === undefined) break;
      until = more ? first.openTime : from;
    }
    return ok(found.slice(-limit));
  }

  /** The bars that the store has without a break back from a time. */
  async #keptUntil(
    instrument: Instrument,
    interval: Interval,
    until: number | undefined,
    limit: number,
  ): Promise<{ readonly bars: readonly Bar[]; readonly days: number; readonly from: number }> {
    const days: (readonly Bar[])[] = [];
    let from = until ?? this.#parts.nowMicros();
    let count = 0;
    while (count < limit) {
      const day = Math.ceil(from / MICROS_A_DAY) - 1;
      const bars = this.#parts.store.has(instrument, day)
        ? this.#parts.store.readDay(instrument, day, interval)
        : undefined;
      if (bars === undefined) break;
      const end = from;
      const before = bars.filter(({ openTime }) => openTime < end);
      days.push(before);
      count += before.length;
      from = day * MICROS_A_DAY;
      if (days.length % DAYS_AT_ONCE === 0) {
        await new Promise<void>((resolve) => {
          setImmediate(resolve);
        });
      }
    }
    return { bars: days.toReversed().flat(), days: days.length, from };
  }

  /** How many bars to ask the venue for, and where the store ends before them. */
  #gap(
    instrument: Instrument,
    interval: Interval,
    until: number | undefined,
    limit: number,
  ): { readonly limit: number; readonly from?: number } {
    const length = INTERVAL_MICROS[interval];
    const end = until ?? Math.floor(this.#parts.nowMicros() / length) * length + length;
    const reach = end - limit * length;
    // The day that `end` closes or cuts is not kept, or damaged.
    for (let day = Math.ceil(end / MICROS_A_DAY) - 2; (day + 1) * MICROS_A_DAY > reach; day -= 1) {
      if (!this.#parts.store.has(instrument, day)) continue;
      const from = (day + 1) * MICROS_A_DAY;
      // One more: the venue's clock may be a bar ahead of ours.
      return { limit: Math.min(MOST_ASKED, Math.ceil((end - from) / length) + 1), from };
    }
    return { limit: Math.min(MOST_ASKED, limit) };
  }

  #take(instrument: Instrument, interval: Interval, range: BarRange, bars: readonly Bar[]): void {
    if (!this.#parts.keep || interval !== STORED_INTERVAL) return;
    const pages = this.#pages.get(instrument.id) ?? new BarPages();
    this.#pages.set(instrument.id, pages);
    const today = Math.floor(this.#parts.nowMicros() / MICROS_A_DAY);
    try {
      for (const { day, minutes } of pages.add(bars, range.endTime, today)) {
        this.#parts.store.keepDay(instrument, day, minutes);
      }
    } catch (error) {
      this.#parts.onProblem(error instanceof Error ? error.message : String(error));
    }
  }
}
