import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  SeriesType,
  Time,
} from 'lightweight-charts';
import { percentText } from '../format/number-text.ts';
import { token } from '../ui/theme.ts';

/** Least pixels between two marks. */
const APART = 44;
/** What the axis leaves before its texts, pixels. */
const INDENT = 5;
/** Percent are written with two decimals: a finer step would write the same text twice. */
const FINEST_STEP = 0.01;
const STEPS = [1, 2, 5] as const;

/** The multiples of the smallest round step (1, 2 or 5 times a power of ten) between two percent, at most `most` of them. */
export function roundPercents(from: number, to: number, most: number): readonly number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span) || most < 1) return [];
  const step = roundStep(Math.max(FINEST_STEP, span / most));
  const marks: number[] = [];
  for (let place = Math.ceil(from / step); place * step <= to; place += 1) {
    // A multiple of a decimal step is written with its error: 3 x 0.1.
    marks.push(Number((place * step).toFixed(2)));
  }
  return marks.slice(0, most);
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  // A step that is meant may be a bit less than what asks for it.
  const factor = STEPS.find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Marks an axis of prices at round percent of a base price: lines across the pane and texts on the axis. */
export class PercentMarks implements ISeriesPrimitive<Time> {
  readonly #base: () => number;
  readonly #paneView: IPrimitivePaneView;
  readonly #axisView: IPrimitivePaneView;
  #series: ISeriesApi<SeriesType> | undefined;
  #request: (() => void) | undefined;
  #shown = false;

  /** `base` is the price of no change; not a number while there is none. */
  constructor(base: () => number) {
    this.#base = base;
    const lines: IPrimitivePaneRenderer = {
      draw: () => undefined,
      drawBackground: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize: { width, height } }) => {
          context.fillStyle = token('chart-grid');
          for (const { y } of this.#marks(height)) context.fillRect(0, Math.round(y), width, 1);
        }),
    };
    const texts: IPrimitivePaneRenderer = {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize: { height } }) => {
          context.font = `11px ${token('font-ui')}`;
          context.textBaseline = 'middle';
          context.fillStyle = token('chart-axis');
          for (const { y, percent } of this.#marks(height)) {
            context.fillText(percentText(percent), INDENT, y);
          }
        }),
    };
    this.#paneView = { zOrder: () => 'bottom', renderer: () => lines };
    this.#axisView = { zOrder: () => 'bottom', renderer: () => texts };
  }

  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#series = parameter.series;
    this.#request = parameter.requestUpdate;
  }

  detached(): void {
    this.#series = undefined;
    this.#request = undefined;
  }

  setShown(shown: boolean): void {
    this.#shown = shown;
    this.#request?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#paneView];
  }

  priceAxisPaneViews(): readonly IPrimitivePaneView[] {
    return [this.#axisView];
  }

  #marks(height: number): readonly { readonly y: number; readonly percent: number }[] {
    const base = this.#base();
    const top = this.#series?.coordinateToPrice(0) ?? null;
    const bottom = this.#series?.coordinateToPrice(height) ?? null;
    if (!this.#shown || Number.isNaN(base) || top === null || bottom === null) return [];
    const percent = (price: number): number => (price / base - 1) * 100;
    const most = Math.max(1, Math.floor(height / APART));
    return roundPercents(percent(bottom), percent(top), most).flatMap((mark) => {
      const y = this.#series?.priceToCoordinate(base * (1 + mark / 100)) ?? null;
      return y === null ? [] : [{ y, percent: mark }];
    });
  }
}
