import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  ISeriesPrimitiveAxisView,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';

/** A line across the chart with a box on it: an own order, or the average price of a position. */
export interface PriceTag {
  readonly id: string;
  /** Price as a plain number, as the chart's axis has it. */
  readonly price: number;
  readonly label: string;
  /** Colour of line, box and text. */
  readonly color: string;
  /** Text on the axis. */
  readonly axisText: string;
  readonly dashed: boolean;
}

/** The newest price as the axis shows it. */
export interface LastPrice {
  readonly price: number;
  readonly text: string;
  readonly color: string;
}

/** What the boxes are painted with. */
export interface TagPaint {
  readonly onFill: string;
  readonly background: string;
  readonly font: string;
}

const BOX_HEIGHT = 18;
const PAD = 6;
/** Pixels before a box in which its line bends to it. */
const LEAD = 10;

interface Place {
  /** Undefined for the newest price, which has a mark on the axis and no box. */
  readonly tag: PriceTag | undefined;
  /** Where the price is. */
  readonly y: number;
  /** Where its box stands. */
  readonly at: number;
}

/** Boxes in the order of their prices, moved down just enough not to cover each other. */
function spread(places: readonly Omit<Place, 'at'>[]): readonly Place[] {
  let free = Number.NEGATIVE_INFINITY;
  return places
    .toSorted((left, right) => left.y - right.y)
    .map(({ tag, y }) => {
      const at = Math.max(y, free);
      free = at + BOX_HEIGHT + 2;
      return { tag, y, at };
    });
}

/** Draws price tags in the right margin, so that they never cover a bar. */
export class OrderTags implements ISeriesPrimitive<Time> {
  #series: ISeriesApi<'Candlestick'> | undefined;
  #request: (() => void) | undefined;
  #tags: readonly PriceTag[] = [];
  #last: LastPrice | undefined;
  #paint: TagPaint;
  readonly #view: IPrimitivePaneView;

  constructor(paint: TagPaint) {
    this.#paint = paint;
    const renderer: IPrimitivePaneRenderer = {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize }) =>
          this.#draw(context, mediaSize.width),
        ),
    };
    this.#view = { zOrder: () => 'top', renderer: () => renderer };
  }

  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#series = parameter.series as ISeriesApi<'Candlestick'>;
    this.#request = parameter.requestUpdate;
  }

  detached(): void {
    this.#series = undefined;
    this.#request = undefined;
  }

  /** Replaces all tags. */
  set(tags: readonly PriceTag[]): void {
    this.#tags = tags;
    this.#request?.();
  }

  /** Marks the newest price on the axis, also while older bars are looked at. */
  setLast(last: LastPrice | undefined): void {
    this.#last = last;
    this.#request?.();
  }

  setPaint(paint: TagPaint): void {
    this.#paint = paint;
    this.#request?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  priceAxisViews(): readonly ISeriesPrimitiveAxisView[] {
    const last = this.#last;
    const tags = this.#tags.map((tag) => ({
      coordinate: () => this.#series?.priceToCoordinate(tag.price) ?? -100,
      fixedCoordinate: () => this.#places().find((place) => place.tag === tag)?.at,
      text: () => tag.axisText,
      textColor: () => tag.color,
      backColor: () => this.#paint.background,
    }));
    if (last === undefined) return tags;
    const mark = {
      coordinate: () => this.#series?.priceToCoordinate(last.price) ?? -100,
      fixedCoordinate: () => this.#places().find((place) => place.tag === undefined)?.at,
      text: () => last.text,
      textColor: () => this.#paint.onFill,
      backColor: () => last.color,
    };
    return [mark, ...tags];
  }

  #places(): readonly Place[] {
    const place = (price: number, tag: PriceTag | undefined): readonly Omit<Place, 'at'>[] => {
      const y = this.#series?.priceToCoordinate(price);
      return y === null || y === undefined ? [] : [{ tag, y }];
    };
    const last = this.#last === undefined ? [] : place(this.#last.price, undefined);
    return spread([...last, ...this.#tags.flatMap((tag) => place(tag.price, tag))]);
  }

  #draw(context: CanvasRenderingContext2D, width: number): void {
    context.font = this.#paint.font;
    context.textBaseline = 'middle';
    for (const { tag, y, at } of this.#places()) {
      if (tag === undefined) continue;
      const boxWidth = context.measureText(tag.label).width + 2 * PAD;
      const left = Math.round(width - boxWidth - 8) + 0.5;
      const line = Math.round(y) + 0.5;
      const middle = Math.round(at) + 0.5;
      context.strokeStyle = tag.color;
      context.lineWidth = 1;
      context.setLineDash(tag.dashed ? [4, 4] : []);
      context.globalAlpha = 0.6;
      context.beginPath();
      context.moveTo(0, line);
      context.lineTo(left - LEAD, line);
      context.lineTo(left, middle);
      context.stroke();
      context.globalAlpha = 1;
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(left + boxWidth, middle);
      context.lineTo(width, middle);
      context.stroke();
      context.beginPath();
      context.roundRect(left, middle - BOX_HEIGHT / 2, boxWidth, BOX_HEIGHT, 2);
      context.fillStyle = this.#paint.background;
      context.fill();
      context.stroke();
      context.fillStyle = tag.color;
      context.fillText(tag.label, left + PAD, middle + 0.5);
    }
  }
}
