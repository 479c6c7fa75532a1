import type { TradingCalendar, TradingHours } from './trading-calendar.ts';
import { dayAfter, weekday } from './zone-time.ts';

const HOUR = 3600;
const [SUNDAY, MONDAY, THURSDAY, FRIDAY, SATURDAY] = [0, 1, 4, 5, 6];

const PRE: TradingHours = { from: 4 * HOUR, to: 9.5 * HOUR, kind: 'Pre' };
const WHOLE: readonly TradingHours[] = [
  PRE,
  { from: 9.5 * HOUR, to: 16 * HOUR, kind: 'Regular' },
  { from: 16 * HOUR, to: 20 * HOUR, kind: 'Post' },
];
const HALF: readonly TradingHours[] = [
  PRE,
  { from: 9.5 * HOUR, to: 13 * HOUR, kind: 'Regular' },
  { from: 13 * HOUR, to: 17 * HOUR, kind: 'Post' },
];

/** Days on which the exchange stayed closed for a reason of their own: 11 September 2001 and after, days of mourning, a hurricane. */
const CLOSED = new Set([
  ...['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14'],
  ...['2004-06-11', '2007-01-02', '2018-12-05', '2025-01-09'],
  ...['2012-10-29', '2012-10-30'],
]);

/** Early closes that no rule gives. */
const HALF_DAYS = new Set(['2002-07-05', '2003-12-26']);

/** Early closes that the rules give and that were none. */
const WHOLE_DAYS = new Set(['2002-07-03']);

const FIRST_JUNETEENTH = 2022;

function of(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** The nth such weekday of a month. */
function nth(year: number, month: number, day: number, count: number): string {
  const first = of(year, month, 1);
  return dayAfter(first, ((day - weekday(first) + 7) % 7) + 7 * (count - 1));
}

function lastMonday(year: number, month: number): string {
  const last = of(year, month + 1, 0);
  return dayAfter(last, -((weekday(last) - MONDAY + 7) % 7));
}

/** A holiday of a date is kept on the Friday before a Saturday and the Monday after a Sunday. */
function observed(day: string): string {
  if (weekday(day) === SATURDAY) return dayAfter(day, -1);
  return weekday(day) === SUNDAY ? dayAfter(day) : day;
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher). */
function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return of(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}

/** The holidays of a year by the rules of the exchange as they stand since 1998. */
function holidays(year: number): ReadonlySet<string> {
  const newYear = of(year, 1, 1);
  return new Set([
    // Of a Saturday it is kept on no day: the Friday before ends the books of a year.
    ...(weekday(newYear) === SATURDAY ? [] : [observed(newYear)]),
    nth(year, 1, MONDAY, 3),
    nth(year, 2, MONDAY, 3),
    dayAfter(easter(year), -2),
    lastMonday(year, 5),
    ...(year < FIRST_JUNETEENTH ? [] : [observed(of(year, 6, 19))]),
    observed(of(year, 7, 4)),
    nth(year, 9, MONDAY, 1),
    nth(year, 11, THURSDAY, 4),
    observed(of(year, 12, 25)),
  ]);
}

function closesEarly(day: string, closed: ReadonlySet<string>): boolean {
  if (WHOLE_DAYS.has(day) || closed.has(day)) return false;
  if (HALF_DAYS.has(day)) return true;
  const year = Number(day.slice(0, 4));
  const beforeFriday = weekday(day) >= MONDAY && weekday(day) < FRIDAY;
  if (day === of(year, 7, 3) || day === of(year, 12, 24)) return beforeFriday;
  return day === dayAfter(nth(year, 11, THURSDAY, 4));
}

let kept: { readonly year: number; readonly days: ReadonlySet<string> } | undefined;

function holidaysOf(year: number): ReadonlySet<string> {
  if (kept?.year !== year) kept = { year, days: holidays(year) };
  return kept.days;
}

/** Stocks of the United States (XNYS, XNAS) from 1998 on, with the hours before and after the market that consolidated data has. */
export const US_EQUITIES: TradingCalendar = {
  name: 'XNYS',
  zone: 'America/New_York',
  hoursOf: (day) => {
    const onWeekend = weekday(day) === SATURDAY || weekday(day) === SUNDAY;
    const closed = holidaysOf(Number(day.slice(0, 4)));
    if (onWeekend || closed.has(day) || CLOSED.has(day)) return [];
    return closesEarly(day, closed) ? HALF : WHOLE;
  },
};
