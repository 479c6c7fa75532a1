import { joinBars, TimeBars } from '../bars/time-bars.ts';
import type { InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';
import { KIND_TRADE, MarketRecords } from '../native/compute/market-record.ts';

/** One-minute bars kept of each instrument: a week. */
const MOST_BARS = 10_080;

interface Minutes {
  readonly building: TimeBars;
  readonly closed: Bar[];
}

/** Bars of a replay, from the trades that were played. */
export class ReplayBars {
  readonly #minutes = new Map<InstrumentId, Minutes>();
  readonly #instruments: readonly Instrument[];

  /** In the order of their numbers in records. */
  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
    for (const { id } of instruments) {
      this.#minutes.set(id, { building: new TimeBars(INTERVAL_MICROS['1m']), closed: [] });
    }
  }

  /** Counts the trades among the first `count` records. */
  add(bytes: Uint8Array, count: number): void {
    const records = MarketRecords.over(bytes, count);
    for (let row = 0; row < count; row += 1) {
      if (records.kind(row) !== KIND_TRADE) continue;
      const instrument = this.#instruments[records.instrument(row)];
      const minutes = instrument && this.#minutes.get(instrument.id);
      if (minutes === undefined) continue;
      const { building, closed } = minutes;
      const at = records.tsEventMicros(row);
      building.add(price(records.price(row)), quantity(records.quantity(row)), at, (bar) => {
        closed.push(bar);
        if (closed.length > MOST_BARS) closed.shift();
      });
    }
  }

  /** As `MarketDataClient.loadBars`. */
  load(
    { id }: Instrument,
    interval: Interval,
    { endTime, limit }: { readonly endTime?: UnixMicros; readonly limit: number },
  ): readonly Bar[] {
    const minutes = this.#minutes.get(id);
    if (minutes === undefined) return [];
    const { closed, building } = minutes;
    const all = building.current === undefined ? closed : [...closed, building.current];
    const bars = joinBars(all, INTERVAL_MICROS[interval]);
    const before = endTime === undefined ? bars : bars.filter(({ openTime }) => openTime < endTime);
    return before.slice(-limit);
  }
}
