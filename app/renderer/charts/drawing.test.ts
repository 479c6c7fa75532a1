import { expect, test } from 'vitest';
import {
  drawnShape,
  gripAt,
  movedBy,
  withPoint,
  type Drawing,
  type DrawingKind,
  type DrawingPlace,
} from './drawing.ts';

/** A second is a pixel, and so is a unit of price, counted from the bottom at 0. */
const PLACE: DrawingPlace = {
  width: () => 400,
  x: (time) => time,
  y: (price) => 300 - price,
  priceText: (price) => String(Number(price.toFixed(2))),
  spanText: (from, to) => `${to.price - from.price} in ${to.time - from.time}`,
};

function drawing(kind: DrawingKind, text?: string): Drawing {
  const points = [
    { time: 100, price: 100 },
    { time: 200, price: 200 },
  ];
  const one = kind === 'level' || kind === 'text';
  return { id: 1, kind, points: one ? points.slice(0, 1) : points, ...(text && { text }) };
}

test('retracements go from the end of the move back to its beginning', () => {
  const shape = drawnShape(drawing('fib'), PLACE);
  expect(shape?.labels.map(({ text }) => text)).toEqual([
    '0 200',
    '0.236 176.4',
    '0.382 161.8',
    '0.5 150',
    '0.618 138.2',
    '0.786 121.4',
    '1 100',
  ]);
  expect(shape?.lines[3]).toEqual({ from: [100, 150], to: [200, 150] });
});

test('a measure says what lies between its points', () => {
  expect(drawnShape(drawing('measure'), PLACE)?.labels[0]?.text).toBe('100 in 100');
});

test.each([
  ['trend', 150, 150, 'body'],
  ['trend', 150, 170, undefined],
  ['trend', 202, 98, 1],
  ['level', 390, 203, 'body'],
  ['level', 390, 250, undefined],
  ['rectangle', 150, 199, 'body'],
  ['rectangle', 150, 150, undefined],
  ['text', 110, 202, 'body'],
  ['text', 190, 202, undefined],
] as const)('what is under the pointer of a %s at %i, %i', (kind, x, y, grip) => {
  const shape = drawnShape(drawing(kind, 'high'), PLACE);
  expect(shape && gripAt(shape, kind, x, y)).toBe(grip);
});

test('a drawing whose time has no place is not painted', () => {
  expect(drawnShape(drawing('trend'), { ...PLACE, x: () => undefined })).toBeUndefined();
});

test('a point is moved alone, a body as a whole', () => {
  const line = drawing('trend');
  expect(withPoint(line, 1, { time: 5, price: 6 }).points).toEqual([
    line.points[0],
    { time: 5, price: 6 },
  ]);
  const moved = movedBy(line, { time: 10, price: 10 }, { time: 13, price: 8 });
  expect(moved.points.map(({ time, price }) => [time, price])).toEqual([
    [103, 98],
    [203, 198],
  ]);
});
