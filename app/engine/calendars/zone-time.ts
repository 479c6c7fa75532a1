import type { UnixMicros } from '../domain/time.ts';

/** A time as clocks of a place show it. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Seconds since its midnight by the clock; a day on which clocks are set has an hour twice or not at all. */
  readonly seconds: number;
}

/** No zone changes its clocks at other times than whole quarters of an hour. */
const QUARTER_SECONDS = 900;
const DAY_SECONDS = 86_400;
/** Quarters that are kept: some hours of a chart. */
const MOST_KEPT = 1024;

/** What clocks of one time zone show. */
export class ZoneClock {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** Throws a RangeError for a zone that is none of the IANA's. */
  constructor(zone: string) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  at(micros: UnixMicros): LocalTime {
    const seconds = Math.floor(micros / 1_000_000);
    const local = seconds + this.#offset(Math.floor(seconds / QUARTER_SECONDS));
    const midnight = Math.floor(local / DAY_SECONDS) * DAY_SECONDS;
    const day = new Date(midnight * 1000).toISOString().slice(0, 10);
    return { day, seconds: local - midnight };
  }

  /** Seconds that clocks are ahead of UTC in a quarter of an hour. */
  #offset(quarter: number): number {
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const at = quarter * QUARTER_SECONDS;
    const parts = new Map(
      this.#format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    const offset = shown / 1000 - at;
    if (this.#offsets.size >= MOST_KEPT) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

/** The day after, or so many before and behind; days as `YYYY-MM-DD`. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * DAY_SECONDS * 1000).toISOString().slice(0, 10);
}

/** 0 for a Sunday to 6 for a Saturday. */
export function weekday(day: string): number {
  return new Date(Date.parse(day)).getUTCDay();
}
