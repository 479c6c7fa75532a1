import { afterEach, expect, test } from 'vitest';
import {
  ageText,
  clockMillis,
  dateClock,
  durationMicros,
  durationNanos,
  offsetMillis,
  setTimeZone,
  zoneName,
} from './time-text.ts';

afterEach(() => setTimeZone('UTC'));

test.each([
  [0, '0\u2009ns'],
  [38_000, '38\u2009µs'],
  [18_600_000, '18.6\u2009ms'],
  [412_000_000, '412\u2009ms'],
  [4_200_000_000, '4.2\u2009s'],
  [83_000_000_000, '1:23'],
  [19_072_000_000_000, '5:17:52'],
])('%i ns is %s', (nanos, text) => {
  expect(durationNanos(nanos)).toBe(text);
});

test('times are UTC to the millisecond', () => {
  expect(clockMillis(Date.UTC(2026, 10, 20, 18, 42, 7, 318) * 1000 + 999)).toBe('18:42:07.318');
  expect(durationMicros(1_500)).toBe('1.5\u2009ms');
});

test.each([
  [400, '+0.4'],
  [-1_100, '\u22121.1'],
  [20, '0.0'],
])('an offset of %i µs is %s', (micros, text) => {
  expect(offsetMillis(micros)).toBe(text);
});

test('times of the local zone are those of its clock, named by their distance from UTC', () => {
  const millis = Date.UTC(2026, 10, 20, 18, 42, 7, 318);
  setTimeZone('local');
  const here = new Date(millis);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(here.getHours())}:${two(here.getMinutes())}:${two(here.getSeconds())}`;
  expect(clockMillis(millis * 1000)).toBe(`${clock}.318`);
  expect(dateClock(millis)).toContain(` ${zoneName(millis)}`);
  expect(zoneName(millis)).toMatch(/^UTC[+\u2212]\d{1,2}(?::\d\d)?$/);
});

test.each([
  [-1_500_000, 'not known'],
  [-400_000, 'under 1\u2009s'],
  [0, 'under 1\u2009s'],
  [1_000_000, '1.0\u2009s'],
  [65_000_000, '1:05'],
])('what is %d microseconds old has the age %s', (micros, shown) => {
  expect(ageText(micros)).toBe(shown);
});
