import type { Instrument } from '../../domain/instrument.ts';
import type { TickKind } from '../../domain/market.ts';
import { MARKET_RECORD_BYTES, MarketRecords } from '../../native/compute/market-record.ts';
import { TickSegmentReader } from '../../native/io/tick-segment.ts';
import type { TickOrigin } from './lineage.ts';
import { SegmentReplacement } from './segment-replacement.ts';
import { dayName, dayOf, segmentOfDay } from './tick-folders.ts';

/** A bar is two records. */
const BAR_BYTES = MARKET_RECORD_BYTES * 2;

/** Bars of a file on their way to the store, in whatever order they come. What it has of a period is all there is of it; only of daily bars, a segment a year, those of before that the file has not are kept. */
export class BarImport {
  readonly #ticks: string;
  readonly #kind: TickKind;
  readonly #bars = new Map<bigint, Uint8Array>();

  constructor(ticks: string, kind: TickKind) {
    this.#ticks = ticks;
    this.#kind = kind;
  }

  /** Takes bars, two records each. A second bar of one time is answered with it; it is not taken. */
  add(records: MarketRecords, count: number): bigint | undefined {
    for (let row = 0; row < count; row += 2) {
      const at = records.tsInitNanos(row);
      if (this.#bars.has(at)) return at;
      const from = row * MARKET_RECORD_BYTES;
      this.#bars.set(at, records.bytes.slice(from, from + BAR_BYTES));
    }
    return undefined;
  }

  /** Writes what was taken. Throws the system's error, or when a day began with other scales. */
  write(instrument: Instrument, origin: TickOrigin): void {
    const times = [...this.#bars.keys()].toSorted((a, b) => (a < b ? -1 : 1));
    for (const [day, own] of Map.groupBy(times, (at) => periodOf(this.#kind, at))) {
      const bars = new Map(this.#before(instrument, day));
      for (const at of own) bars.set(at, this.#bars.get(at) ?? new Uint8Array());
      const ordered = [...bars.keys()].toSorted((a, b) => (a < b ? -1 : 1));
      const records = new MarketRecords(ordered.length * 2);
      for (const [place, at] of ordered.entries()) {
        records.bytes.set(bars.get(at) ?? [], place * BAR_BYTES);
      }
      using segment = new SegmentReplacement(this.#ticks, instrument, day, this.#kind);
      segment.append(records, records.capacity);
      segment.commit(origin);
    }
  }

  #before(instrument: Instrument, day: number): readonly (readonly [bigint, Uint8Array])[] {
    if (this.#kind !== 'bars-1d') return [];
    const place = segmentOfDay(this.#ticks, instrument.id, day, this.#kind);
    const opened = place && TickSegmentReader.open(place.path);
    if (opened?.ok !== true) return [];
    using reader = opened.value;
    const { rows } = reader.stats;
    if (rows === 0) return [];
    const records = new MarketRecords(rows);
    const count = reader.next(records.bytes);
    return Array.from({ length: Math.floor(Math.max(0, count) / 2) }, (_, bar) => {
      const from = bar * BAR_BYTES;
      return [records.tsInitNanos(bar * 2), records.bytes.slice(from, from + BAR_BYTES)] as const;
    });
  }
}

/** The first day of the period a segment holds. */
function periodOf(kind: TickKind, at: bigint): number {
  const day = dayOf(at);
  return kind === 'bars-1d' ? Date.parse(`${dayName(day).slice(0, 4)}-01-01`) / 86_400_000 : day;
}
