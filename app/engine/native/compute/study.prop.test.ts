import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Xoshiro128 } from '../../base/rng.ts';
import { checkedStudy, standardStudy, STUDY_KINDS, studyDefinition } from '../../domain/study.ts';
import { StudyRun } from './study.ts';
import { REFERENCE_STUDIES, type PlainBar } from './testing/reference-studies.ts';

const DAY = 86_400;

/** Bars of a random walk in whole ticks, some without a trade, some flat for long. */
function walk(seed: number, count: number, seconds: number): PlainBar[] {
  const random = new Xoshiro128(seed);
  let at = 20_000 + random.nextBelow(5000);
  let still = 0;
  return Array.from({ length: count }, (_, index) => {
    const time = 20_000 * DAY + 17 * seconds + index * seconds;
    if (still === 0 && random.nextBelow(60) === 0) still = random.nextBelow(40);
    if (still > 0) {
      still -= 1;
      return { time, open: at, high: at, low: at, close: at, volume: 0 };
    }
    const open = at;
    at += random.nextBelow(81) - 40;
    const high = Math.max(open, at) + random.nextBelow(20);
    const low = Math.min(open, at) - random.nextBelow(20);
    return { time, open, high, low, close: at, volume: 1 + random.nextBelow(9000) };
  });
}

function rows(bars: readonly PlainBar[]): Float64Array {
  return Float64Array.from(
    bars.flatMap(({ time, open, high, low, close, volume }) => [
      time,
      open,
      high,
      low,
      close,
      volume,
    ]),
  );
}

const cases = fc.record({
  seed: fc.nat(),
  count: fc.integer({ min: 0, max: 260 }),
  seconds: fc.constantFrom(60, 900, 3600, DAY),
  stretch: fc.constantFrom(0.2, 0.5, 1, 1.7),
});

describe.each(STUDY_KINDS)('%s', (kind) => {
  const standard = standardStudy(kind).parameters;
  const fitted = (stretch: number): readonly number[] =>
    standard.map((value, index) => {
      const whole = studyDefinition(kind).parameters[index]?.whole === true;
      return whole ? Math.max(1, Math.round(value * stretch)) : value;
    });

  test('is what its definition gives over the whole, also on bars without trades', () => {
    fc.assert(
      fc.property(cases, ({ seed, count, seconds, stretch }) => {
        const parameters = fitted(stretch);
        fc.pre(checkedStudy({ kind, parameters }).ok);
        const bars = walk(seed, count, seconds);
        const run = new StudyRun({ kind, parameters });
        expect(run.outputs).toBe(studyDefinition(kind).outputs.length);
        const values = run.commit(rows(bars));
        for (const [output, column] of REFERENCE_STUDIES[kind](bars, parameters).entries()) {
          for (const [at, wanted] of column.entries()) {
            const value = values[at * run.outputs + output] ?? Number.POSITIVE_INFINITY;
            const near = Math.abs(value - wanted) <= 1e-7 * Math.max(1, Math.abs(wanted));
            if (near || (Number.isNaN(value) && Number.isNaN(wanted))) continue;
            throw new Error(`output ${output} of bar ${at} was ${value}, not ${wanted}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('bar by bar, with looks at the one being built, it is bit by bit what it is in one batch', () => {
    fc.assert(
      fc.property(cases, ({ seed, count, seconds, stretch }) => {
        const parameters = fitted(stretch);
        fc.pre(checkedStudy({ kind, parameters }).ok);
        const bars = walk(seed, count, seconds);
        const whole = new StudyRun({ kind, parameters }).commit(rows(bars));
        const run = new StudyRun({ kind, parameters });
        const single = bars.flatMap((bar) => {
          run.peek(rows([{ ...bar, close: bar.close + 3, high: bar.high + 4 }]));
          const peeked = run.peek(rows([bar]));
          const counted = run.commit(rows([bar]));
          expect(counted).toEqual(peeked);
          return [...counted];
        });
        expect(Float64Array.from(single)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });
});

test('a moving average lies between the lowest and the highest close it is made of', () => {
  fc.assert(
    fc.property(
      cases,
      fc.constantFrom('Sma', 'Wma'),
      fc.integer({ min: 1, max: 40 }),
      ({ seed, count, seconds }, kind: 'Sma' | 'Wma', length) => {
        const bars = walk(seed, count, seconds);
        const values = new StudyRun({ kind, parameters: [length] }).commit(rows(bars));
        for (const [at, value] of values.entries()) {
          if (at < length - 1) {
            expect(value).toBeNaN();
            continue;
          }
          const part = bars.slice(at + 1 - length, at + 1).map(({ close }) => close);
          expect(value).toBeGreaterThanOrEqual(Math.min(...part) * (1 - 1e-12));
          expect(value).toBeLessThanOrEqual(Math.max(...part) * (1 + 1e-12));
        }
      },
    ),
  );
});
