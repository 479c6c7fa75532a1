import {
  movedBy,
  pointsOf,
  withPoint,
  type Drawing,
  type DrawingKind,
  type DrawingPoint,
} from './drawing.ts';
import type { DrawingsLayer } from './drawings-layer.ts';

/** Own orders that are held with the pointer. */
export interface HeldOrders {
  readonly orders: readonly string[];
  readonly price: number;
}

/** What the pointer finds on a chart and does to it. */
export interface PointerTarget {
  readonly layer: DrawingsLayer;
  /** The place in time and price of a point of the pane of prices; undefined outside of it. */
  readonly pointAt: (x: number, y: number) => DrawingPoint | undefined;
  /** Own orders whose box is there. */
  readonly ordersAt: (x: number, y: number) => HeldOrders | undefined;
  /** Shows where held orders would go; nowhere when undefined. */
  readonly onHeld: (held: HeldOrders | undefined) => void;
  readonly onOrdersMoved: (held: HeldOrders, price: number) => void;
  /** A drawing was made or changed. */
  readonly onDrawn: (drawing: Drawing) => void;
  /** A text is to be written there. */
  readonly onText: (point: DrawingPoint, x: number, y: number) => void;
  /** The tool was put away. */
  readonly onToolEnd: () => void;
}

type Grip =
  | { readonly kind: 'new'; readonly tool: DrawingKind; readonly from: DrawingPoint }
  | { readonly kind: 'point'; readonly drawing: Drawing; readonly index: number }
  | { readonly kind: 'body'; readonly drawing: Drawing; readonly from: DrawingPoint }
  | { readonly kind: 'orders'; readonly held: HeldOrders };

/** Pixels a press must move before it is a drag. */
const DRAG_PX = 4;

/** Reads the mouse on a chart: drawing with a tool, choosing and moving drawings, dragging own orders. What is none of these is the chart's. */
export class ChartPointer {
  readonly #host: HTMLElement;
  readonly #target: PointerTarget;
  readonly #ended = new AbortController();
  #tool: DrawingKind | undefined;
  #grip: Grip | undefined;
  #pressed: readonly [x: number, y: number] = [0, 0];
  #dragging = false;

  constructor(host: HTMLElement, target: PointerTarget) {
    this.#host = host;
    this.#target = target;
    const { signal } = this.#ended;
    // Before the chart sees it: what is held here must not move the chart too.
    const first = { capture: true, signal };
    host.addEventListener('mousedown', (event) => this.#down(event), first);
    window.addEventListener('mousemove', (event) => this.#move(event), { signal });
    window.addEventListener('mouseup', (event) => this.#up(event), { signal });
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') this.cancel();
      },
      { signal },
    );
  }

  /** Takes a tool for one drawing; none when undefined. */
  setTool(tool: DrawingKind | undefined): void {
    this.#tool = tool;
    this.#host.classList.toggle('drawing', tool !== undefined);
    if (tool === undefined) this.#drop();
  }

  /** Puts everything away that is not finished. */
  cancel(): void {
    const had = this.#tool !== undefined;
    this.#drop();
    this.setTool(undefined);
    if (had) this.#target.onToolEnd();
  }

  dispose(): void {
    this.#ended.abort();
  }

  #at(event: MouseEvent): readonly [x: number, y: number] {
    const { left, top } = this.#host.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #down(event: MouseEvent): void {
    if (event.button !== 0) return;
    const [x, y] = this.#at(event);
    const point = this.#target.pointAt(x, y);
    if (point === undefined) return;
    // The second press of a drawing that is placed by two.
    if (this.#grip?.kind === 'new') {
      this.#take(event);
      return;
    }
    const grip = this.#gripAt(x, y, point);
    if (grip === undefined) {
      this.#target.layer.select(undefined);
      return;
    }
    this.#take(event);
    this.#grip = grip;
    this.#pressed = [x, y];
    this.#dragging = false;
    if ('drawing' in grip) this.#target.layer.select(grip.drawing.id);
  }

  #gripAt(x: number, y: number, point: DrawingPoint): Grip | undefined {
    const tool = this.#tool;
    if (tool !== undefined) return { kind: 'new', tool, from: point };
    const held = this.#target.ordersAt(x, y);
    if (held !== undefined) return { kind: 'orders', held };
    const found = this.#target.layer.gripAt(x, y);
    if (found === undefined) return undefined;
    const { drawing, grip } = found;
    return grip === 'body'
      ? { kind: 'body', drawing, from: point }
      : { kind: 'point', drawing, index: grip };
  }

  #take(event: MouseEvent): void {
    event.stopPropagation();
    event.preventDefault();
    this.#host.closest<HTMLElement>('[tabindex]')?.focus();
  }

  #move(event: MouseEvent): void {
    const grip = this.#grip;
    if (grip === undefined) return;
    const [x, y] = this.#at(event);
    this.#dragging ||= Math.hypot(x - this.#pressed[0], y - this.#pressed[1]) > DRAG_PX;
    const point = this.#target.pointAt(x, y);
    if (grip.kind === 'orders') {
      const away = point === undefined || !this.#dragging;
      this.#target.onHeld(away ? undefined : { ...grip.held, price: point.price });
      return;
    }
    if (point !== undefined && this.#dragging)
      this.#target.layer.setDraft(this.#drawn(grip, point));
  }

  #up(event: MouseEvent): void {
    const grip = this.#grip;
    if (grip === undefined || event.button !== 0) return;
    const [x, y] = this.#at(event);
    const point = this.#target.pointAt(x, y);
    // A press without a drag begins a drawing of two points: the next press ends it.
    if (grip.kind === 'new' && pointsOf(grip.tool) > 1 && !this.#dragging) return;
    const dragged = this.#dragging;
    this.#drop();
    if (point === undefined) return;
    if (grip.kind === 'orders') {
      if (dragged) this.#target.onOrdersMoved(grip.held, point.price);
      return;
    }
    if (grip.kind === 'new') {
      this.setTool(undefined);
      this.#target.onToolEnd();
      if (grip.tool === 'text') {
        this.#target.onText(point, x, y);
        return;
      }
    } else if (!dragged) return;
    this.#target.onDrawn(this.#drawn(grip, point));
  }

  #drawn(grip: Exclude<Grip, { kind: 'orders' }>, point: DrawingPoint): Drawing {
    if (grip.kind === 'point') return withPoint(grip.drawing, grip.index, point);
    if (grip.kind === 'body') return movedBy(grip.drawing, grip.from, point);
    const { drawings } = this.#target.layer;
    const id = Math.max(0, ...drawings.map((one) => one.id)) + 1;
    const points = pointsOf(grip.tool) === 1 ? [point] : [grip.from, point];
    return { id, kind: grip.tool, points };
  }

  #drop(): void {
    this.#grip = undefined;
    this.#dragging = false;
    this.#target.layer.setDraft(undefined);
    this.#target.onHeld(undefined);
  }
}
