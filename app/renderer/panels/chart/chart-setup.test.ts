import { expect, test } from 'vitest';
import { standardStudy } from '../../../engine/domain/study.ts';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import {
  MOST_DRAWINGS,
  MOST_STUDIES,
  readSetup,
  withDrawings,
  withStudy,
  type ChartSetup,
} from './chart-setup.ts';

const NEW: ChartSetup = {
  interval: '1m',
  type: 'candles',
  scale: 'linear',
  studies: [standardStudy('Vwap')],
  compare: null,
  sessions: false,
  drawings: {},
};

test.each([undefined, null, 7, 'x', [], { type: 3, studies: 'many', drawings: 8 }])(
  'what cannot be read is a new chart: %j',
  (kept) => {
    expect(readSetup(kept)).toEqual(NEW);
  },
);

test('what was kept comes back, and of a newer form what is understood', () => {
  const studies = [standardStudy('Rsi'), { kind: 'Sma', parameters: [50] } as const];
  const kept = { form: 9, interval: '4h', type: 'renko', scale: 'log', glow: true };
  const odd = [{ kind: 'Sma', parameters: [0] }, { kind: 'Magic', parameters: [] }, 4];
  expect(readSetup({ ...kept, studies: [...odd, ...studies] })).toEqual({
    ...NEW,
    interval: '4h',
    scale: 'log',
    studies,
  });
});

test('a chart whose studies were taken off has none the next time', () => {
  expect(readSetup({ studies: [] }).studies).toEqual([]);
  expect(readSetup({ interval: '5m' }).studies).toEqual(NEW.studies);
});

test('a study is on a chart once, and a chart has a limit of them', () => {
  const one = withStudy([], standardStudy('Rsi'));
  expect(withStudy(one, standardStudy('Rsi'))).toBe(one);
  const lengths = Array.from({ length: MOST_STUDIES + 3 }, (_, index) => index + 2);
  const many = lengths.reduce(
    (all, length) => withStudy(all, { kind: 'Ema', parameters: [length] }),
    one,
  );
  expect(many).toHaveLength(MOST_STUDIES);
});

test('drawings come back as they were kept; one that is none is left out, the others stay', () => {
  const trend = {
    id: 1,
    kind: 'trend',
    points: [
      { time: 60, price: 1 },
      { time: 120, price: 2.5 },
    ],
  };
  const text = { id: 2, kind: 'text', points: [{ time: 60, price: 1 }], text: 'high' };
  const wrong = [
    { ...trend, points: trend.points.slice(1) },
    { ...trend, kind: 'spiral' },
    { ...text, text: 'x'.repeat(2000) },
    { ...text, points: [{ time: 'now', price: 1 }] },
    'line',
  ];
  const read = readSetup({ drawings: { A: [trend, text], B: wrong, C: 'none' } });
  expect(read.drawings).toEqual({ A: [trend, text] });
});

test('what a full chart keeps fits in what a panel may keep', () => {
  const points = [
    { time: 1_763_769_600, price: 123_456.12345678 },
    { time: 1_763_769_600, price: 123_456.12345678 },
  ];
  const own = Array.from({ length: MOST_DRAWINGS }, (_, index) => ({
    id: index + 1,
    kind: 'rectangle' as const,
    points,
  }));
  const drawings = withDrawings({}, 'BTCUSDT.BINANCE' as InstrumentId, own);
  const lengths = Array.from({ length: MOST_STUDIES }, (_, index) => index + 400);
  const studies = lengths.map((length) => ({
    kind: 'Ichimoku' as const,
    parameters: [length, length, length],
  }));
  const kept = JSON.stringify({ chart: { ...NEW, form: 1, studies, drawings } });
  expect(kept.length).toBeLessThan(16_384);
  expect(readSetup(JSON.parse(kept).chart).drawings).toEqual(drawings);
  const more = withDrawings(drawings, 'ETHUSDT.BINANCE' as InstrumentId, own.slice(0, 1));
  expect(more).toBe(drawings);
});

test('a drawing keeps its number, so that what was chosen stays chosen; equal ones get others', () => {
  const level = (id: unknown): object => ({ id, kind: 'level', points: [{ time: 60, price: 1 }] });
  const numbers = (...ids: unknown[]): number[] =>
    readSetup({ drawings: { A: ids.map(level) } }).drawings['A']?.map(({ id }) => id) ?? [];
  expect(numbers(7, 3, 9)).toEqual([7, 3, 9]);
  expect(numbers(7, 7, 9)).toEqual([1, 2, 3]);
  expect(numbers('x', -4)).toEqual([1, 2]);
});
