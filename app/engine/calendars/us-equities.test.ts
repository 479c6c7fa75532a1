import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unixMicros } from '../domain/time.ts';
import { leanCalendar } from './lean-hours.ts';
import { ALWAYS, Sessions, type TradingCalendar } from './trading-calendar.ts';
import { US_EQUITIES } from './us-equities.ts';
import { dayAfter, weekday, ZoneClock } from './zone-time.ts';

const HOURS = join(
  import.meta.dirname,
  '../../../../shared/data/reference/market-hours-database.json.gz',
);
const there = existsSync(HOURS);

function lean(market: string): TradingCalendar {
  const found = leanCalendar(gunzipSync(readFileSync(HOURS)).toString('utf8'), market);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

function at(text: string): ReturnType<typeof unixMicros> {
  return unixMicros(Date.parse(text) * 1000);
}

test.skipIf(!there)(
  'the rules of the exchange give the holidays and early closes of 27 years as LEAN lists them',
  () => {
    const listed = lean('Equity-usa-[*]');
    const other: string[] = [];
    for (let day = '2000-01-01'; day < '2027-01-01'; day = dayAfter(day)) {
      if (weekday(day) === 0 || weekday(day) === 6) continue;
      const regular = (calendar: TradingCalendar): string => {
        const found = calendar.hoursOf(day).find(({ kind }) => kind === 'Regular');
        return found === undefined ? 'closed' : `${found.from} to ${found.to}`;
      };
      if (regular(US_EQUITIES) !== regular(listed)) {
        other.push(`${day} ${regular(US_EQUITIES)}, listed ${regular(listed)}`);
      }
    }
    expect(other).toEqual([]);
  },
);

test('clocks of New York by the second, over both changes of a year', () => {
  const clock = new ZoneClock('America/New_York');
  const shown = (text: string): string => {
    const { day, seconds } = clock.at(at(text));
    return `${day} ${seconds / 3600}`;
  };
  expect(shown('2026-03-08T06:59:59Z')).toBe(`2026-03-08 ${1 + 3599 / 3600}`);
  expect(shown('2026-03-08T07:00:00Z')).toBe('2026-03-08 3');
  expect(shown('2026-11-01T05:30:00Z')).toBe('2026-11-01 1.5');
  expect(shown('2026-11-01T06:30:00Z')).toBe('2026-11-01 1.5');
  expect(shown('2026-01-01T03:00:00Z')).toBe('2025-12-31 22');
  expect(() => new ZoneClock('Mars/Olympus')).toThrow(RangeError);
});

test('a session of stocks is its day’s, by the clocks of the exchange', () => {
  const sessions = new Sessions(US_EQUITIES);
  // 09:30 in New York is 13:30 in summer and 14:30 in winter.
  expect(sessions.at(at('2026-07-06T13:29:59Z'))).toEqual({ tradeDate: '2026-07-06', kind: 'Pre' });
  expect(sessions.at(at('2026-07-06T13:30:00Z'))?.kind).toBe('Regular');
  expect(sessions.at(at('2026-12-07T14:29:59Z'))?.kind).toBe('Pre');
  expect(sessions.at(at('2026-12-07T14:30:00Z'))?.kind).toBe('Regular');
  expect(sessions.at(at('2026-07-07T00:00:00Z'))).toBeUndefined();
  expect(sessions.at(at('2026-07-03T15:00:00Z'))).toBeUndefined();
  // The day after Thanksgiving ends at 13:00.
  expect(sessions.at(at('2026-11-27T17:59:59Z'))?.kind).toBe('Regular');
  expect(sessions.at(at('2026-11-27T18:00:00Z'))?.kind).toBe('Post');
});

test('what is open at all times has a session a day of UTC', () => {
  const sessions = new Sessions(ALWAYS);
  const found = sessions.at(at('2026-11-27T23:59:59Z'));
  expect(found).toEqual({ tradeDate: '2026-11-27', kind: 'Regular' });
});

test.skipIf(!there)('a session over midnight is the next day’s; a half day has a gap', () => {
  const sessions = new Sessions(lean('Future-cme-ES'));
  const dateOf = (text: string): string | undefined => sessions.at(at(text))?.tradeDate;
  // Sunday 18:00 in New York to Monday 17:00.
  expect(dateOf('2013-10-06T21:59:59Z')).toBeUndefined();
  expect(dateOf('2013-10-06T22:00:00Z')).toBe('2013-10-07');
  expect(dateOf('2013-10-07T20:59:59Z')).toBe('2013-10-07');
  expect(dateOf('2013-10-07T21:30:00Z')).toBeUndefined();
  expect(dateOf('2013-10-07T22:00:00Z')).toBe('2013-10-08');
  // Thanksgiving: until 13:00, and again from 18:00.
  expect(dateOf('2024-11-28T17:59:59Z')).toBe('2024-11-28');
  expect(dateOf('2024-11-28T18:00:00Z')).toBeUndefined();
  expect(dateOf('2024-11-28T23:00:00Z')).toBe('2024-11-29');
});

test('a file of hours that is none, and a market it has not, are said', () => {
  const codeOf = (text: string, market: string): string | undefined => {
    const found = leanCalendar(text, market);
    return found.ok ? undefined : found.error.code;
  };
  expect(codeOf('no', 'A')).toBe('HOURS_MALFORMED');
  expect(codeOf('{}', 'A')).toBe('HOURS_MALFORMED');
  expect(codeOf('{"entries":{}}', 'A')).toBe('HOURS_UNKNOWN_MARKET');
  const wrong = {
    exchangeTimeZone: 'UTC',
    monday: [{ start: '9', end: '10:00:00', state: 'market' }],
  };
  expect(codeOf(JSON.stringify({ entries: { A: wrong } }), 'A')).toBe('HOURS_MALFORMED');
});
