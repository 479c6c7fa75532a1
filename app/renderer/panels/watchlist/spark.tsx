import type { ReactNode } from 'react';

const WIDTH = 48;
const HEIGHT = 14;

/** The points of a sparkline in its box, left to right; empty with fewer than two values. */
export function sparkPoints(values: readonly number[]): readonly (readonly [number, number])[] {
  if (values.length < 2) return [];
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  return values.map((value, index) => [
    (index / (values.length - 1)) * (WIDTH - 4) + 1,
    HEIGHT - 1.5 - ((value - low) / range) * (HEIGHT - 3),
  ]);
}

/** The course of a day as a line with its end marked; decoration beside the change in figures. */
export function Spark({ values }: { readonly values: readonly number[] }): ReactNode {
  const points = sparkPoints(values);
  const end = points.at(-1);
  const start = points[0];
  if (end === undefined || start === undefined) return <span className="spark" />;
  const direction = end[1] <= start[1] ? 'up' : 'down';
  return (
    <svg
      className={`spark ${direction}`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <line x1="0" x2={WIDTH} y1={start[1]} y2={start[1]} />
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      <circle cx={end[0]} cy={end[1]} r="1.5" />
    </svg>
  );
}
