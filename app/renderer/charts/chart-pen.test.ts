import { expect, test } from 'vitest';
import { ChartPen, type PenKey } from './chart-pen.ts';
import type { Drawing, DrawingPoint } from './drawing.ts';

const NEWEST = { time: 600, price: 50 };

/** A chart of bars of a minute with a tick of a half, and the pen on it. */
function onChart(...drawn: Drawing[]): {
  readonly press: (...keys: string[]) => readonly boolean[];
  readonly pen: ChartPen;
  readonly said: string[];
  readonly texts: DrawingPoint[];
  readonly toolEnds: () => number;
  readonly drawings: () => readonly Drawing[];
  readonly draft: () => Drawing | undefined;
  readonly choose: (id: number | undefined) => void;
} {
  let drawings: readonly Drawing[] = drawn;
  let selected: number | undefined;
  let draft: Drawing | undefined;
  let ends = 0;
  const said: string[] = [];
  const texts: DrawingPoint[] = [];
  const pen = new ChartPen({
    layer: {
      get drawings() {
        return drawings;
      },
      get selected() {
        return drawings.find(({ id }) => id === selected);
      },
      select: (id) => (selected = id),
      setDraft: (next) => (draft = next),
    },
    begin: () => NEWEST,
    step: ({ time, price }, bars, ticks) => ({
      time: time + bars * 60,
      price: price + ticks * 0.5,
    }),
    show: () => undefined,
    nameOf: (kind) => kind,
    pointText: ({ time, price }) => `${time}@${price}`,
    spanText: (from, to) => `span ${to.price - from.price}`,
    onDrawn: (drawing) => {
      drawings = [...drawings.filter(({ id }) => id !== drawing.id), drawing];
      selected = drawing.id;
    },
    onText: (point) => texts.push(point),
    onToolEnd: () => (ends += 1),
    onSay: (words) => said.push(words),
  });
  return {
    press: (...keys) => keys.map((key) => pen.press(pressOf(key))),
    pen,
    said,
    texts,
    toolEnds: () => ends,
    drawings: () => drawings,
    draft: () => draft,
    choose: (id) => (selected = id),
  };
}

function pressOf(chord: string): PenKey {
  const parts = chord.split('+');
  return {
    key: parts.at(-1) ?? '',
    shiftKey: parts.includes('Shift'),
    ctrlKey: parts.includes('Ctrl'),
    altKey: false,
    metaKey: false,
    repeat: parts.includes('held'),
  };
}

const LINE: Drawing = {
  id: 4,
  kind: 'trend',
  points: [
    { time: 60, price: 10 },
    { time: 120, price: 20 },
  ],
};

test('a line is placed bar by bar and tick by tick, with Shift by ten', () => {
  const chart = onChart();
  chart.pen.setTool('trend');
  chart.press('Shift+ArrowLeft', 'ArrowUp', 'ArrowUp', 'Enter');
  expect(chart.drawings()).toEqual([]);
  expect(chart.draft()?.points).toEqual([
    { time: 0, price: 51 },
    { time: 0, price: 51 },
  ]);
  chart.press('ArrowRight', 'Shift+ArrowDown', 'Enter');
  const points = [
    { time: 0, price: 51 },
    { time: 60, price: 46 },
  ];
  expect(chart.drawings()).toEqual([{ id: 1, kind: 'trend', points }]);
  expect(chart.draft()).toBeUndefined();
  expect(chart.toolEnds()).toBe(1);
  expect(chart.said.at(-1)).toBe('trend set, 0@51 to 60@46');
});

test('a line across has one point, a text is written where it is set', () => {
  const chart = onChart();
  chart.pen.setTool('level');
  chart.press('Enter');
  expect(chart.drawings()).toEqual([{ id: 1, kind: 'level', points: [NEWEST] }]);
  chart.pen.setTool('text');
  chart.press('ArrowDown', 'Enter');
  expect(chart.texts).toEqual([{ time: 600, price: 49.5 }]);
  expect(chart.drawings()).toHaveLength(1);
});

test('a measure says what lies between while it is placed', () => {
  const chart = onChart();
  chart.pen.setTool('measure');
  chart.press('Enter', 'ArrowUp');
  expect(chart.said.at(-1)).toBe('600@50.5, span 0.5');
});

test('points of the chosen drawing are taken one after the other, and each is kept when it is set', () => {
  const chart = onChart(LINE);
  chart.choose(4);
  expect(chart.press('Enter', 'ArrowUp', 'Enter')).toEqual([true, true, true]);
  expect(chart.drawings()[0]?.points).toEqual([
    { time: 60, price: 10.5 },
    { time: 120, price: 20 },
  ]);
  chart.press('ArrowRight', 'Escape');
  expect(chart.drawings()[0]?.points[1]).toEqual({ time: 120, price: 20 });
  expect(chart.said.at(-1)).toBe('Left as it was');
  expect(chart.draft()).toBeUndefined();
});

test('Escape puts a tool away, then lets go of the chosen drawing, then is not its own', () => {
  const chart = onChart(LINE);
  chart.pen.setTool('fib');
  expect(chart.press('ArrowUp', 'Escape')).toEqual([true, true]);
  expect(chart.toolEnds()).toBe(1);
  chart.choose(4);
  expect(chart.press('Escape', 'Escape')).toEqual([true, false]);
  expect(chart.drawings()).toEqual([LINE]);
});

test('without tool and choice, and with other modifiers, keys are not its own', () => {
  const chart = onChart(LINE);
  expect(chart.press('ArrowLeft', 'Enter', 'Shift+ArrowUp', 'x')).toEqual([
    false,
    false,
    false,
    false,
  ]);
  chart.pen.setTool('trend');
  expect(chart.press('Ctrl+ArrowLeft', 'Shift+Enter')).toEqual([false, false]);
});

test('a held Enter sets one point', () => {
  const chart = onChart();
  chart.pen.setTool('trend');
  chart.press('Enter', 'held+Enter', 'held+Enter');
  expect(chart.drawings()).toEqual([]);
  expect(chart.draft()?.points).toHaveLength(2);
});

test('which drawing is chosen is said', () => {
  const chart = onChart(LINE, { id: 5, kind: 'level', points: [NEWEST] });
  chart.choose(5);
  chart.pen.tellChosen();
  expect(chart.said).toEqual(['level, 2 of 2 drawings, 600@50: Enter moves it, Delete removes it']);
});
