import type { Bar } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import type { SessionOf } from '../domain/session.ts';
import { unixMicros } from '../domain/time.ts';

/** The bars of one session together. `openTime` is that of its first bar. */
export interface SessionBar extends Bar {
  /** The day it is counted to, `YYYY-MM-DD`. */
  readonly tradeDate: string;
}

/** A bar that is there, or one that a view put where nothing traded. */
export interface FilledBar extends Bar {
  readonly filled: boolean;
}

/** True for a time that counts: the market's own hours, with `extended` those before and after too. */
export function isOpen(
  sessionOf: SessionOf,
  bar: Pick<Bar, 'openTime'>,
  extended: boolean,
): boolean {
  const place = sessionOf(bar.openTime);
  return place !== undefined && (extended || place.kind === 'Regular');
}

/** Joins bars, oldest first, into one a session; those of a closed market have no part in it. The last is as far as the bars reach. */
export function* joinSessions(
  bars: Iterable<Bar>,
  sessionOf: SessionOf,
  extended: boolean,
): Generator<SessionBar> {
  let current: SessionBar | undefined;
  for (const bar of bars) {
    const place = sessionOf(bar.openTime);
    if (place === undefined || !(extended || place.kind === 'Regular')) continue;
    if (current?.tradeDate === place.tradeDate) {
      current = {
        ...current,
        high: price(Math.max(current.high, bar.high)),
        low: price(Math.min(current.low, bar.low)),
        close: bar.close,
        volume: quantity(current.volume + bar.volume),
        closed: bar.closed,
      };
      continue;
    }
    if (current !== undefined) yield current;
    current = { ...bar, tradeDate: place.tradeDate };
  }
  if (current !== undefined) yield current;
}

/** Puts bars without volume, at the close before, where an open market had none between two bars of `intervalMicros`; before the first and after the last nothing. */
export function* fillBars(
  bars: Iterable<Bar>,
  intervalMicros: number,
  sessionOf: SessionOf,
  extended: boolean,
): Generator<FilledBar> {
  let before: Bar | undefined;
  for (const bar of bars) {
    if (before !== undefined) {
      const { close } = before;
      for (
        let at = before.openTime + intervalMicros;
        at < bar.openTime;
        at = unixMicros(at + intervalMicros)
      ) {
        const openTime = unixMicros(at);
        const flat = { open: close, high: close, low: close, close, volume: quantity(0) };
        const empty = { openTime, ...flat, closed: true, filled: true };
        if (isOpen(sessionOf, empty, extended)) yield empty;
      }
    }
    yield { ...bar, filled: false };
    before = bar;
  }
}
