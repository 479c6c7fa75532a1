import type { SessionKind, SessionPlace } from '../domain/session.ts';
import type { UnixMicros } from '../domain/time.ts';
import { dayAfter, ZoneClock } from './zone-time.ts';

/** A part of a local day in which is traded; seconds since midnight, `to` not within, 86,400 at most. */
export interface TradingHours {
  readonly from: number;
  readonly to: number;
  readonly kind: SessionKind;
}

/** When a market is open. */
export interface TradingCalendar {
  readonly name: string;
  /** IANA's name of its time zone. */
  readonly zone: string;
  /** The hours of a local day `YYYY-MM-DD` in their order; none on a holiday. */
  readonly hoursOf: (day: string) => readonly TradingHours[];
}

/** Seconds of a day. */
export const DAY_SECONDS = 86_400;

/** Open at all times; a session is a day of UTC. */
export const ALWAYS: TradingCalendar = {
  name: '24x7',
  zone: 'UTC',
  hoursOf: () => [{ from: 0, to: DAY_SECONDS, kind: 'Regular' }],
};

/** Says of times which session of a calendar they belong to. */
export class Sessions {
  readonly #calendar: TradingCalendar;
  readonly #clock: ZoneClock;

  /** Throws a RangeError for a zone that is none. */
  constructor(calendar: TradingCalendar) {
    this.#calendar = calendar;
    this.#clock = new ZoneClock(calendar.zone);
  }

  /** Undefined while the market is closed. */
  at(micros: UnixMicros): SessionPlace | undefined {
    const { day, seconds } = this.#clock.at(micros);
    const hours = this.#calendar.hoursOf(day);
    const found = hours.findIndex(({ from, to }) => seconds >= from && seconds < to);
    const own = hours[found];
    if (own === undefined) return undefined;
    return { tradeDate: this.#tradeDate(day, hours.slice(found)), kind: own.kind };
  }

  /** A session that goes on over midnight is the next day's; one that never ends is each day's own. */
  #tradeDate(day: string, left: readonly TradingHours[]): string {
    let end = left[0]?.to ?? 0;
    for (const { from, to } of left) if (from === end) end = to;
    const fromMidnight = this.#calendar.hoursOf(day)[0]?.from === 0;
    if (end < DAY_SECONDS || (fromMidnight && this.#isUnbroken(day))) return day;
    const next = dayAfter(day);
    return this.#calendar.hoursOf(next)[0]?.from === 0 ? next : day;
  }

  #isUnbroken(day: string): boolean {
    let end = 0;
    for (const { from, to } of this.#calendar.hoursOf(day)) {
      if (from !== end) return false;
      end = to;
    }
    return end === DAY_SECONDS;
  }
}
