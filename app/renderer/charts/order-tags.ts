import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  ISeriesPrimitiveAxisView,
  SeriesAttachedParameter,
  SeriesType,
  Time,
} from 'lightweight-charts';
import { BOX_HEIGHT, marginOf, type Margin, type PriceTag, type TagBox } from './tag-boxes.ts';

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
  /** Of orders that are held. */
  readonly held: string;
  readonly font: string;
}

/** Where orders that are held with the pointer would go. */
export interface HeldTag {
  readonly price: number;
  readonly label: string;
}

interface PaintedBox {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  readonly tag: PriceTag | undefined;
}

const PAD = 6;
/** Pixels before a box in which its line bends to it. */
const LEAD = 10;
/** Pixels of the marks of prices that share a box. */
const MARK = 40;

/** Draws price tags in the right margin, so that they never cover a bar. */
export class OrderTags implements ISeriesPrimitive<Time> {
  #series: ISeriesApi<SeriesType> | undefined;
  #request: (() => void) | undefined;
  #tags: readonly PriceTag[] = [];
  #last: LastPrice | undefined;
  #held: HeldTag | undefined;
  /** Where the boxes were painted last. */
  #painted: readonly PaintedBox[] = [];
  #margin: Margin = { boxes: [], lastAt: undefined };
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
    this.#series = parameter.series;
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

  /** Shows where orders would go; nothing when undefined. */
  setHeld(held: HeldTag | undefined): void {
    this.#held = held;
    this.#request?.();
  }

  /** The tag whose box is there; undefined where none is, or one of several prices. */
  tagAt(x: number, y: number): PriceTag | undefined {
    const near = this.#painted.filter(({ left, right }) => x >= left && x <= right);
    return near.find(({ middle }) => Math.abs(y - middle) <= BOX_HEIGHT / 2)?.tag;
  }

  setPaint(paint: TagPaint): void {
    this.#paint = paint;
    this.#request?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  /** Called by the chart before it asks for views: places are found once a picture. */
  updateAllViews(): void {
    const place = (price: number): number | undefined => {
      const y = this.#series?.priceToCoordinate(price);
      return y === null ? undefined : y;
    };
    const last = this.#last === undefined ? undefined : place(this.#last.price);
    const placed = this.#tags.flatMap((tag) => {
      const y = place(tag.price);
      return y === undefined ? [] : [{ tag, y }];
    });
    this.#margin = marginOf(placed, last, this.#series?.getPane().getHeight() ?? 0);
  }

  priceAxisViews(): readonly ISeriesPrimitiveAxisView[] {
    const views = this.#margin.boxes.flatMap((box): ISeriesPrimitiveAxisView[] => {
      const { axisText, color } = box;
      if (axisText === undefined) return [];
      return [
        {
          coordinate: () => box.y,
          fixedCoordinate: () => box.at,
          text: () => axisText,
          textColor: () => color,
          backColor: () => this.#paint.background,
        },
      ];
    });
    const last = this.#last;
    if (last === undefined) return views;
    const mark = {
      coordinate: () => this.#series?.priceToCoordinate(last.price) ?? -100,
      fixedCoordinate: () => this.#margin.lastAt,
      text: () => last.text,
      textColor: () => this.#paint.onFill,
      backColor: () => last.color,
    };
    return [mark, ...views];
  }

  #draw(context: CanvasRenderingContext2D, width: number): void {
    context.font = this.#paint.font;
    context.textBaseline = 'middle';
    this.#painted = this.#margin.boxes.map((box) => this.#drawBox(context, width, box));
    const held = this.#held;
    const y = held === undefined ? null : (this.#series?.priceToCoordinate(held.price) ?? null);
    if (held === undefined || y === null) return;
    const text = context.measureText(held.label).width;
    context.strokeStyle = this.#paint.held;
    context.fillStyle = this.#paint.held;
    context.beginPath();
    context.moveTo(0, Math.round(y) + 0.5);
    context.lineTo(width, Math.round(y) + 0.5);
    context.stroke();
    context.fillText(held.label, width - text - 8 - PAD, y - BOX_HEIGHT / 2);
  }

  #drawBox(
    context: CanvasRenderingContext2D,
    width: number,
    { label, color, dashed, lines, at, tag }: TagBox,
  ): PaintedBox {
    const boxWidth = context.measureText(label).width + 2 * PAD;
    const left = Math.round(width - boxWidth - 8) + 0.5;
    const middle = Math.round(at) + 0.5;
    const alone = lines.length === 1;
    const beyond = lines.length === 0;
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.setLineDash(dashed && alone ? [4, 4] : []);
    context.globalAlpha = 0.6;
    context.beginPath();
    for (const y of lines) {
      const line = Math.round(y) + 0.5;
      context.moveTo(alone ? 0 : left - LEAD - MARK, line);
      context.lineTo(left - LEAD, line);
      context.lineTo(left, middle);
    }
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
    if (!beyond) {
      context.beginPath();
      context.moveTo(left + boxWidth, middle);
      context.lineTo(width, middle);
      context.stroke();
    }
    context.beginPath();
    context.roundRect(left, middle - BOX_HEIGHT / 2, boxWidth, BOX_HEIGHT, 2);
    context.fillStyle = this.#paint.background;
    context.fill();
    context.stroke();
    context.fillStyle = color;
    context.fillText(label, left + PAD, middle + 0.5);
    return { left, right: left + boxWidth, middle, tag };
  }
}
