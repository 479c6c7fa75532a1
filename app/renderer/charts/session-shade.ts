import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import { token } from '../ui/theme.ts';

const DAY_SECONDS = 86_400;

/** Shades every other session: of a market that never closes, the days of UTC. */
export class SessionShade implements ISeriesPrimitive<Time> {
  readonly #x: (time: number) => number | undefined;
  readonly #span: () => { readonly from: number; readonly to: number } | undefined;
  readonly #view: IPrimitivePaneView;
  #request: (() => void) | undefined;
  #shown = false;

  /** `span` gives the times of the first and the last bar in sight. */
  constructor(
    x: (time: number) => number | undefined,
    span: () => { readonly from: number; readonly to: number } | undefined,
  ) {
    this.#x = x;
    this.#span = span;
    const renderer: IPrimitivePaneRenderer = {
      draw: () => undefined,
      drawBackground: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize }) =>
          this.#draw(context, mediaSize.height),
        ),
    };
    this.#view = { zOrder: () => 'bottom', renderer: () => renderer };
  }

  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#request = parameter.requestUpdate;
  }

  detached(): void {
    this.#request = undefined;
  }

  setShown(shown: boolean): void {
    this.#shown = shown;
    this.#request?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  #draw(context: CanvasRenderingContext2D, height: number): void {
    const span = this.#shown ? this.#span() : undefined;
    if (span === undefined) return;
    context.fillStyle = token('row-stripe');
    for (const day of shadedDays(span.from, span.to)) {
      const [left, right] = [this.#x(day), this.#x(day + DAY_SECONDS)];
      if (left !== undefined && right !== undefined)
        context.fillRect(left, 0, right - left, height);
    }
  }
}

/** Openings of the days between two times that are shaded: every other one since the epoch. */
export function shadedDays(from: number, to: number): readonly number[] {
  const days: number[] = [];
  for (let day = Math.floor(from / DAY_SECONDS); day * DAY_SECONDS <= to; day += 1) {
    if (day % 2 === 0) days.push(day * DAY_SECONDS);
  }
  return days;
}
