import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import { token } from '../ui/theme.ts';
import { drawnShape, gripAt, type Drawing, type DrawingPlace, type DrawnShape } from './drawing.ts';

const HANDLE = 3.5;

/** Paints drawings over the bars and knows what of them is under the pointer. */
export class DrawingsLayer implements ISeriesPrimitive<Time> {
  readonly #place: DrawingPlace;
  readonly #view: IPrimitivePaneView;
  #request: (() => void) | undefined;
  #drawings: readonly Drawing[] = [];
  #draft: Drawing | undefined;
  #selected: number | undefined;
  #shapes: readonly { readonly drawing: Drawing; readonly shape: DrawnShape }[] = [];

  constructor(place: DrawingPlace) {
    this.#place = place;
    const renderer: IPrimitivePaneRenderer = {
      draw: (target) => target.useMediaCoordinateSpace(({ context }) => this.#draw(context)),
    };
    this.#view = { zOrder: () => 'top', renderer: () => renderer };
  }

  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#request = parameter.requestUpdate;
  }

  detached(): void {
    this.#request = undefined;
  }

  get drawings(): readonly Drawing[] {
    return this.#drawings;
  }

  get selected(): Drawing | undefined {
    return this.#drawings.find(({ id }) => id === this.#selected);
  }

  set(drawings: readonly Drawing[]): void {
    this.#drawings = drawings;
    this.#request?.();
  }

  /** What is being drawn or moved; it stands for the drawing of its number. */
  setDraft(draft: Drawing | undefined): void {
    this.#draft = draft;
    this.#request?.();
  }

  select(id: number | undefined): void {
    this.#selected = id;
    this.#request?.();
  }

  /** What is under the pointer, the topmost first. */
  gripAt(
    x: number,
    y: number,
  ): { readonly drawing: Drawing; readonly grip: number | 'body' } | undefined {
    for (const { drawing, shape } of this.#shapes.toReversed()) {
      const grip = gripAt(shape, drawing.kind, x, y);
      if (grip !== undefined) return { drawing, grip };
    }
    return undefined;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  /** Called by the chart before it asks for views. */
  updateAllViews(): void {
    const draft = this.#draft;
    const others = this.#drawings.filter(({ id }) => id !== draft?.id);
    this.#shapes = [...others, ...(draft === undefined ? [] : [draft])].flatMap((drawing) => {
      const shape = drawnShape(drawing, this.#place);
      return shape === undefined ? [] : [{ drawing, shape }];
    });
  }

  #draw(context: CanvasRenderingContext2D): void {
    const accent = token('accent');
    const color = token('chart-cross');
    context.font = `500 11px ${token('font-ui')}`;
    context.textBaseline = 'middle';
    for (const { drawing, shape } of this.#shapes) {
      const chosen = drawing.id === this.#selected || drawing === this.#draft;
      context.strokeStyle = chosen ? accent : color;
      context.fillStyle = chosen ? accent : color;
      if (shape.box !== undefined) {
        const { left, top, width, height } = shape.box;
        context.globalAlpha = 0.12;
        context.fillRect(left, top, width, height);
        context.globalAlpha = 1;
      }
      context.lineWidth = 1;
      context.beginPath();
      for (const { from, to } of shape.lines) {
        context.moveTo(...from);
        context.lineTo(...to);
      }
      context.stroke();
      context.fillStyle = chosen ? accent : token('text-1');
      for (const { x, y, text } of shape.labels) context.fillText(text, x, y);
      // A handle would cover the first letter of a text.
      if (!chosen || drawing.kind === 'text') continue;
      for (const [x, y] of shape.handles) {
        context.beginPath();
        context.arc(x, y, HANDLE, 0, 2 * Math.PI);
        context.fillStyle = token('chart-bg');
        context.fill();
        context.stroke();
      }
    }
  }
}
