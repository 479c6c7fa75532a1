import type { ChartScale, ChartType } from '../../charts/chart-bar.ts';
import type { DrawingKind, DrawingPoint } from '../../charts/drawing.ts';
import { groupThousands, MINUS, percentText } from '../../format/number-text.ts';

/** The ways to draw bars, as they are offered. */
export const TYPE_CHOICES: readonly { readonly value: ChartType; readonly label: string }[] = [
  { value: 'candles', label: 'Candles' },
  { value: 'heikin-ashi', label: 'Heikin-Ashi' },
  { value: 'bars', label: 'Bars' },
  { value: 'line', label: 'Line' },
  { value: 'area', label: 'Area' },
];

/** The scales of prices, as they are offered. */
export const SCALE_CHOICES: readonly { readonly value: ChartScale; readonly label: string }[] = [
  { value: 'linear', label: 'Linear' },
  { value: 'log', label: 'Log' },
  { value: 'percent', label: 'Percent' },
];

/** What can be drawn, with its key. */
export const TOOL_CHOICES: readonly {
  readonly kind: DrawingKind;
  readonly label: string;
  readonly key: string;
}[] = [
  { kind: 'trend', label: 'Trend line', key: 'T' },
  { kind: 'level', label: 'Horizontal line', key: 'H' },
  { kind: 'rectangle', label: 'Rectangle', key: 'R' },
  { kind: 'fib', label: 'Fibonacci retracement', key: 'F' },
  { kind: 'measure', label: 'Measure', key: 'M' },
  { kind: 'text', label: 'Text', key: 'X' },
];

/** What a kind of drawing is called. */
export function toolLabel(kind: DrawingKind): string {
  return TOOL_CHOICES.find((tool) => tool.kind === kind)?.label ?? kind;
}

/** What lies between two points: `+1.24 (+0.66 %), 12 bars, 1 h`. */
export function spanWords(
  from: DrawingPoint,
  to: DrawingPoint,
  barSeconds: number,
  decimals: number,
): string {
  const step = to.price - from.price;
  const size = groupThousands(Math.abs(step).toFixed(decimals));
  const sign = step < 0 ? MINUS : '+';
  const share = from.price === 0 ? '' : ` (${percentText((step / from.price) * 100)})`;
  const seconds = to.time - from.time;
  const bars = Math.round(seconds / barSeconds);
  return `${sign}${size}${share}, ${bars < 0 ? MINUS : ''}${Math.abs(bars)} ${Math.abs(bars) === 1 ? 'bar' : 'bars'}, ${timeWords(Math.abs(seconds))}`;
}

function timeWords(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const parts: string[] = [];
  let rest = seconds;
  for (const [length, name] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.slice(0, 2).join(' ') || '0 min';
}
