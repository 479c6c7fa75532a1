import type { InstrumentId } from '../../domain/identifiers.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../../domain/market.ts';
import { price, quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import {
  FLAG_CLOSED,
  FLAG_LAST,
  KIND_KLINE_PRICES,
  KIND_KLINE_VOLUMES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { BAR_FIELDS, TickSegmentReader } from '../../native/io/tick-segment.ts';
import { ASKED_SOURCE, type Steps } from './lineage.ts';
import { SegmentReplacement } from './segment-replacement.ts';
import { hasSegment, segmentOfDay, type TickDefinition } from './tick-folders.ts';

/** The length of the bars that are kept. */
export const STORED_INTERVAL: Interval = '1m';
export const MICROS_A_DAY = 86_400_000_000;
const MINUTES_A_DAY = 1440;
/** What a venue did not tell. */
const NOT_KNOWN = -1;
/** Joined bars held ready for those who ask again. */
const MOST_HELD_BARS = 100_000;

/** Bars of one minute on disk, a segment of each UTC day that is over and was told as a whole; a minute that is missing in it was missing at the venue. Longer bars are joined from them. */
export class BarStore {
  readonly #ticks: string;
  readonly #writtenBy: string;
  readonly #held = new Map<string, readonly Bar[]>();
  readonly #rows = new Float64Array(MINUTES_A_DAY * BAR_FIELDS);
  #heldBars = 0;

  /** `ticksFolder` is the one of all ticks, `writtenBy` the program and its version. */
  constructor(ticksFolder: string, writtenBy: string) {
    this.#ticks = ticksFolder;
    this.#writtenBy = writtenBy;
  }

  /** True when this UTC day (days since the epoch) was kept; whether it can be read is known when it is. */
  has({ id }: TickDefinition, day: number): boolean {
    return hasSegment(this.#ticks, id, day, 'bars');
  }

  /** The bars of a kept day, oldest first; undefined when it is not kept or damaged. */
  readDay(instrument: TickDefinition, day: number, interval: Interval): readonly Bar[] | undefined {
    const key = `${instrument.id} ${day} ${interval}`;
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const place = this.#place(instrument, day);
    if (place === undefined) return undefined;
    const opened = TickSegmentReader.open(place);
    if (!opened.ok) return undefined;
    using reader = opened.value;
    const count = reader.joinBars(INTERVAL_MICROS[interval] / 1000, this.#rows);
    // A file that lost its only block has none and no damage to show for it.
    if (count <= 0 || reader.stats.damages.length > 0) return undefined;
    const bars = Array.from({ length: count }, (_, row) => this.#bar(row));
    this.#hold(key, bars);
    return bars;
  }

  /** Keeps the minutes of a day that is over, all the venue has of it; what was kept of that day before is replaced. Throws the system's error. */
  keepDay(
    instrument: TickDefinition & Partial<Steps>,
    day: number,
    bars: readonly Bar[],
    source = ASKED_SOURCE,
  ): void {
    const records = barRecords(bars);
    const origin = { source, writtenBy: this.#writtenBy };
    using segment = new SegmentReplacement(this.#ticks, instrument, day, 'bars');
    segment.append(records, bars.length * 2);
    segment.commit(origin);
    this.#forget(instrument.id, day);
  }

  #place(instrument: TickDefinition, day: number): string | undefined {
    const place = segmentOfDay(this.#ticks, instrument.id, day, 'bars');
    if (place === undefined) return undefined;
    const { priceScale, quantityScale } = place.definition;
    const same = priceScale === instrument.priceScale && quantityScale === instrument.quantityScale;
    return same ? place.path : undefined;
  }

  #bar(row: number): Bar {
    const at = row * BAR_FIELDS;
    const number = (field: number): number => this.#rows[at + field] ?? 0;
    return {
      openTime: unixMicros(number(0) * 1000),
      open: price(number(1)),
      high: price(number(2)),
      low: price(number(3)),
      close: price(number(4)),
      volume: quantity(number(5)),
      closed: true,
    };
  }

  #hold(key: string, bars: readonly Bar[]): void {
    this.#held.set(key, bars);
    this.#heldBars += bars.length;
    for (const [oldest, { length }] of this.#held) {
      if (this.#heldBars <= MOST_HELD_BARS) return;
      this.#held.delete(oldest);
      this.#heldBars -= length;
    }
  }

  #forget(instrument: InstrumentId, day: number): void {
    for (const [key, { length }] of this.#held) {
      if (!key.startsWith(`${instrument} ${day} `)) continue;
      this.#held.delete(key);
      this.#heldBars -= length;
    }
  }
}

function barRecords(bars: readonly Bar[]): MarketRecords {
  const records = new MarketRecords(Math.max(1, bars.length * 2));
  const lengthMs = INTERVAL_MICROS[STORED_INTERVAL] / 1000;
  for (const [index, bar] of bars.entries()) {
    const openMs = bar.openTime / 1000;
    const at = BigInt(bar.openTime) * 1000n;
    const { open, high, low, close, volume } = bar;
    const row = index * 2;
    records.set(row, KIND_KLINE_PRICES, FLAG_CLOSED, 0, at, at, open, high, low, close, openMs);
    const flags = FLAG_CLOSED | FLAG_LAST;
    const end = openMs + lengthMs - 1;
    const taker = NOT_KNOWN;
    const trades = NOT_KNOWN;
    records.set(
      row + 1,
      KIND_KLINE_VOLUMES,
      flags,
      0,
      at,
      at,
      volume,
      taker,
      trades,
      lengthMs,
      end,
    );
  }
  return records;
}
