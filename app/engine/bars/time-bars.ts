import { invariant } from '../base/invariant.ts';
import type { Bar } from '../domain/market.ts';
import { price, quantity, type Price, type Quantity } from '../domain/price.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';

/** Builds bars of one fixed length from trades. Bars open at whole multiples of the length since the epoch; a length without a trade gives a flat bar at the last close. */
export class TimeBars {
  readonly #intervalMicros: number;
  #current: Bar | undefined;

  /** `intervalMicros` > 0; `current` continues a bar begun elsewhere (the venue's unfinished one). */
  constructor(intervalMicros: number, current?: Bar) {
    invariant(intervalMicros > 0, `bar length must be positive, was ${intervalMicros}`);
    this.#intervalMicros = intervalMicros;
    this.#current = current;
  }

  /** The bar being built; absent before the first trade. */
  get current(): Bar | undefined {
    return this.#current;
  }

  /** Counts a trade; calls `onClosed` for each bar it ends, oldest first. A trade older than the bar counts into it, for it was printed now. */
  add(px: Price, qty: Quantity, at: UnixMicros, onClosed: (bar: Bar) => void): void {
    const openTime = unixMicros(at - (at % this.#intervalMicros));
    let bar = this.#current;
    while (bar !== undefined && bar.openTime < openTime) {
      onClosed({ ...bar, closed: true });
      bar = flatBar(unixMicros(bar.openTime + this.#intervalMicros), bar.close);
    }
    if (bar === undefined || bar.volume === 0) {
      const start = bar?.openTime ?? openTime;
      this.#current = {
        openTime: start,
        open: px,
        high: px,
        low: px,
        close: px,
        volume: qty,
        closed: false,
      };
      return;
    }
    this.#current = {
      ...bar,
      high: price(Math.max(bar.high, px)),
      low: price(Math.min(bar.low, px)),
      close: px,
      volume: quantity(bar.volume + qty),
    };
  }
}

function flatBar(openTime: UnixMicros, close: Price): Bar {
  return {
    openTime,
    open: close,
    high: close,
    low: close,
    close,
    volume: quantity(0),
    closed: false,
  };
}

/** Joins bars of one length into bars of a longer one, a multiple of it; the last may be unfinished. */
export function joinBars(bars: readonly Bar[], intervalMicros: number): Bar[] {
  const joined: Bar[] = [];
  for (const bar of bars) {
    const openTime = unixMicros(bar.openTime - (bar.openTime % intervalMicros));
    const last = joined.at(-1);
    if (last === undefined || last.openTime !== openTime) {
      joined.push({ ...bar, openTime });
      continue;
    }
    // A bar without a trade has prices only by courtesy: they are nobody's high or low.
    if (last.volume === 0 || bar.volume === 0) {
      const traded = bar.volume === 0 ? last : bar;
      joined[joined.length - 1] = { ...traded, openTime, closed: bar.closed };
      continue;
    }
    joined[joined.length - 1] = {
      openTime,
      open: last.open,
      high: price(Math.max(last.high, bar.high)),
      low: price(Math.min(last.low, bar.low)),
      close: bar.close,
      volume: quantity(last.volume + bar.volume),
      closed: bar.closed,
    };
  }
  return joined;
}
