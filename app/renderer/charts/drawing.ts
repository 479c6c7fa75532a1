/** What can be drawn on a chart, in the order of its keys. */
export const DRAWING_KINDS = ['trend', 'level', 'rectangle', 'fib', 'measure', 'text'] as const;
export type DrawingKind = (typeof DRAWING_KINDS)[number];

/** A place in time (seconds) and price: a drawing stays there whatever is seen. */
export interface DrawingPoint {
  readonly time: number;
  readonly price: number;
}

/** Something a person drew. */
export interface Drawing {
  /** Among those of an instrument. */
  readonly id: number;
  readonly kind: DrawingKind;
  /** As many as its kind has. */
  readonly points: readonly DrawingPoint[];
  /** Of a text. */
  readonly text?: string;
}

/** Points that a kind of drawing has. */
export function pointsOf(kind: DrawingKind): 1 | 2 {
  return kind === 'level' || kind === 'text' ? 1 : 2;
}

/** Retracements of Fibonacci, as parts of the way back from the end to the beginning. */
const RETRACEMENTS = [0, 0.236, 0.382, 0.5, 0.618, 0.786, 1];

/** Where times and prices are on the screen, in pixels. */
export interface DrawingPlace {
  readonly width: () => number;
  readonly x: (time: number) => number | undefined;
  readonly y: (price: number) => number | undefined;
  readonly priceText: (price: number) => string;
  /** What lies between two points, in words. */
  readonly spanText: (from: DrawingPoint, to: DrawingPoint) => string;
}

/** Line from one place to another. */
export interface DrawnLine {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

/** A drawing as it is painted. */
export interface DrawnShape {
  readonly lines: readonly DrawnLine[];
  readonly box?: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Text begins there; its middle is at that height. */
  readonly labels: readonly { readonly x: number; readonly y: number; readonly text: string }[];
  /** Where its points are. */
  readonly handles: readonly (readonly [x: number, y: number])[];
}

/** How a drawing is painted; undefined while a point of it has no place. */
export function drawnShape(drawing: Drawing, place: DrawingPlace): DrawnShape | undefined {
  const handles = drawing.points.flatMap(({ time, price }) => {
    const [x, y] = [place.x(time), place.y(price)];
    return x === undefined || y === undefined ? [] : [[x, y] as const];
  });
  const [first, second = first] = handles;
  const [from, to = from] = drawing.points;
  if (first === undefined || second === undefined || from === undefined || to === undefined) {
    return undefined;
  }
  if (handles.length < drawing.points.length) return undefined;
  const none = { lines: [], labels: [], handles };
  const box = {
    left: Math.min(first[0], second[0]),
    top: Math.min(first[1], second[1]),
    width: Math.abs(first[0] - second[0]),
    height: Math.abs(first[1] - second[1]),
  };
  switch (drawing.kind) {
    case 'trend':
      return { ...none, lines: [{ from: first, to: second }] };
    case 'level': {
      const across = { from: [0, first[1]], to: [place.width(), first[1]] } as const;
      const label = { x: 6, y: first[1] - 8, text: place.priceText(from.price) };
      return { ...none, lines: [across], labels: [label] };
    }
    case 'rectangle':
      return { ...none, lines: edges(box), box };
    case 'fib':
      return { ...none, ...retracements(from, to, box, place) };
    case 'measure': {
      const label = { x: box.left + 6, y: box.top - 10, text: place.spanText(from, to) };
      return { ...none, lines: [...edges(box), { from: first, to: second }], box, labels: [label] };
    }
    case 'text':
      return { ...none, labels: [{ x: first[0], y: first[1], text: drawing.text ?? '' }] };
  }
}

function edges(box: NonNullable<DrawnShape['box']>): readonly DrawnLine[] {
  const { left, top, width, height } = box;
  const [right, bottom] = [left + width, top + height];
  return [
    { from: [left, top], to: [right, top] },
    { from: [right, top], to: [right, bottom] },
    { from: [right, bottom], to: [left, bottom] },
    { from: [left, bottom], to: [left, top] },
  ];
}

function retracements(
  from: DrawingPoint,
  to: DrawingPoint,
  box: NonNullable<DrawnShape['box']>,
  place: DrawingPlace,
): Pick<DrawnShape, 'lines' | 'labels'> {
  const levels = RETRACEMENTS.flatMap((part) => {
    const price = to.price + (from.price - to.price) * part;
    const y = place.y(price);
    return y === undefined ? [] : [{ y, text: `${part} ${place.priceText(price)}` }];
  });
  const right = box.left + box.width;
  return {
    lines: levels.map(({ y }) => ({ from: [box.left, y], to: [right, y] })),
    labels: levels.map(({ y, text }) => ({ x: box.left + 4, y: y - 7, text })),
  };
}

/** Pixels around a line or a point that count as it. */
const REACH = 6;
/** Pixels of a letter, about: enough to press a text. */
const LETTER = 6.5;

/** What of a drawing is under the pointer: a point of it (from 0), its body, or nothing. */
export function gripAt(
  shape: DrawnShape,
  kind: DrawingKind,
  x: number,
  y: number,
): number | 'body' | undefined {
  const handle = shape.handles.findIndex(([hx, hy]) => Math.hypot(hx - x, hy - y) <= REACH);
  if (handle >= 0 && pointsOf(kind) > 1) return handle;
  if (shape.lines.some((line) => distance(line, x, y) <= REACH)) return 'body';
  const pressed = shape.labels.some(
    (label) =>
      x >= label.x - REACH &&
      x <= label.x + label.text.length * LETTER + REACH &&
      Math.abs(label.y - y) <= REACH + 2,
  );
  return pressed ? 'body' : undefined;
}

function distance({ from, to }: DrawnLine, x: number, y: number): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from[0]) * dx + (y - from[1]) * dy) / length;
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(from[0] + part * dx - x, from[1] + part * dy - y);
}

/** The drawing with one of its points elsewhere. */
export function withPoint(drawing: Drawing, index: number, point: DrawingPoint): Drawing {
  return { ...drawing, points: drawing.points.with(index, point) };
}

/** The drawing moved as a whole, by what lies between two places. */
export function movedBy(drawing: Drawing, from: DrawingPoint, to: DrawingPoint): Drawing {
  const [seconds, step] = [to.time - from.time, to.price - from.price];
  return {
    ...drawing,
    points: drawing.points.map(({ time, price }) => ({
      time: time + seconds,
      price: price + step,
    })),
  };
}
