import { z } from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import type { SessionKind } from '../domain/session.ts';
import { DAY_SECONDS, type TradingCalendar, type TradingHours } from './trading-calendar.ts';
import { weekday } from './zone-time.ts';

/** Why a file of hours cannot be used. */
export interface HoursError {
  readonly code: 'HOURS_MALFORMED' | 'HOURS_UNKNOWN_MARKET';
  readonly message: string;
}

const TIME = /^(?:(1)\.)?(\d\d):(\d\d):(\d\d)$/;
const DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const DAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
const KINDS: Readonly<Record<string, SessionKind>> = {
  premarket: 'Pre',
  market: 'Regular',
  postmarket: 'Post',
};

const timeSchema = z.string().regex(TIME);
const pieceSchema = z.object({
  start: timeSchema,
  end: timeSchema,
  state: z.enum(['premarket', 'market', 'postmarket']),
});
const piecesSchema = z.array(pieceSchema).default([]);
const byDaySchema = z.record(z.string().regex(DAY), timeSchema).default({});
const marketSchema = z.object({
  exchangeTimeZone: z.string(),
  ...(Object.fromEntries(DAYS.map((day) => [day, piecesSchema])) as Record<
    (typeof DAYS)[number],
    typeof piecesSchema
  >),
  holidays: z.array(z.string().regex(DAY)).default([]),
  earlyCloses: byDaySchema,
  lateOpens: byDaySchema,
});
const fileSchema = z.object({ entries: z.record(z.string(), z.unknown()) });

function seconds(time: string): number {
  const [, nextDay, hours, minutes, rest] = TIME.exec(time) ?? [];
  if (nextDay !== undefined) return DAY_SECONDS;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

function dayOf(text: string): string {
  const [, month = '', day = '', year = ''] = DAY.exec(text) ?? [];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function byDay(times: Readonly<Record<string, string>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(times).map(([day, time]) => [dayOf(day), seconds(time)]));
}

/** Hours without those between `from` and `to`. */
function without(hours: readonly TradingHours[], from: number, to: number): TradingHours[] {
  return hours.flatMap((one) => {
    const before = { ...one, to: Math.min(one.to, from) };
    const behind = { ...one, from: Math.max(one.from, to) };
    return [before, behind].filter((part) => part.from < part.to);
  });
}

/**
 * The calendar of one market of a `market-hours-database.json` as LEAN has it, such as `Future-cme-ES`. A holiday on which the
 * market opens late has its hours from then on; one that closes early and opens late is closed between.
 */
export function leanCalendar(text: string, market: string): Result<TradingCalendar, HoursError> {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return err({ code: 'HOURS_MALFORMED', message: 'the file of hours is no JSON' });
  }
  const file = fileSchema.safeParse(read);
  if (!file.success) {
    return err({ code: 'HOURS_MALFORMED', message: 'the file of hours must hold "entries"' });
  }
  const entry = file.data.entries[market];
  if (entry === undefined) {
    const message = `the file of hours has no ${market}; a market is written such as Future-cme-ES or Equity-usa-[*]`;
    return err({ code: 'HOURS_UNKNOWN_MARKET', message });
  }
  const parsed = marketSchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = `${market}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    return err({ code: 'HOURS_MALFORMED', message });
  }
  return ok(calendarOf(market, parsed.data));
}

function calendarOf(name: string, market: z.infer<typeof marketSchema>): TradingCalendar {
  const week = DAYS.map((day) =>
    market[day].map(({ start, end, state }): TradingHours => ({
      from: seconds(start),
      to: seconds(end),
      kind: KINDS[state] ?? 'Regular',
    })),
  );
  const holidays = new Set(market.holidays.map(dayOf));
  const earlyCloses = byDay(market.earlyCloses);
  const lateOpens = byDay(market.lateOpens);
  const hoursOf = (day: string): readonly TradingHours[] => {
    const early = earlyCloses.get(day);
    const late = lateOpens.get(day);
    const whole = week[weekday(day)] ?? [];
    if (holidays.has(day)) return late === undefined ? [] : without(whole, 0, late);
    if (early === undefined && late === undefined) return whole;
    if (early === undefined || (late !== undefined && late < early)) {
      const open = without(whole, 0, late ?? 0);
      return early === undefined ? open : without(open, early, DAY_SECONDS);
    }
    return without(whole, early, late ?? DAY_SECONDS);
  };
  return { name, zone: market.exchangeTimeZone, hoursOf };
}
