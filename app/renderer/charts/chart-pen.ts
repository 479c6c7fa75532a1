import {
  pointsOf,
  withPoint,
  type Drawing,
  type DrawingKind,
  type DrawingPoint,
} from './drawing.ts';

/** What the pen finds on a chart and does to it. */
export interface PenTarget {
  readonly layer: {
    readonly drawings: readonly Drawing[];
    readonly selected: Drawing | undefined;
    readonly select: (id: number | undefined) => void;
    readonly setDraft: (draft: Drawing | undefined) => void;
  };
  /** Where a drawing begins: at the crosshair, or at the newest bar in sight; undefined without bars. */
  readonly begin: () => DrawingPoint | undefined;
  /** The place so many bars on and so many ticks up. */
  readonly step: (from: DrawingPoint, bars: number, ticks: number) => DrawingPoint;
  /** Brings a place into sight, under the crosshair. */
  readonly show: (point: DrawingPoint) => void;
  readonly nameOf: (kind: DrawingKind) => string;
  readonly pointText: (point: DrawingPoint) => string;
  /** What lies between two points, in words. */
  readonly spanText: (from: DrawingPoint, to: DrawingPoint) => string;
  readonly onDrawn: (drawing: Drawing) => void;
  /** A text is to be written there. */
  readonly onText: (point: DrawingPoint) => void;
  /** The tool was put away. */
  readonly onToolEnd: () => void;
  /** For who does not see it, and beside the chart for who does. */
  readonly onSay: (words: string) => void;
}

/** A point that is being placed: of a drawing that is made, or of one that is changed. */
interface Held {
  readonly drawing: Drawing;
  readonly index: number;
  readonly made: boolean;
}

/** What a key must have to be read here. */
export type PenKey = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'repeat'
>;

const STEPS: Readonly<Record<string, readonly [bars: number, ticks: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const WITH_SHIFT = 10;
const HOW = 'arrows move it, Enter sets it, Escape leaves';

/** Draws by keyboard: places the points of a new drawing and moves those of the chosen one. */
export class ChartPen {
  readonly #target: PenTarget;
  #tool: DrawingKind | undefined;
  #held: Held | undefined;

  constructor(target: PenTarget) {
    this.#target = target;
  }

  /** Takes a tool for one drawing; none when undefined. */
  setTool(tool: DrawingKind | undefined): void {
    if (tool === this.#tool) return;
    this.drop();
    this.#tool = tool;
    if (tool === undefined) return;
    const { layer, nameOf, onSay } = this.#target;
    layer.select(undefined);
    onSay(`${nameOf(tool)}, point 1 of ${pointsOf(tool)}: ${HOW}`);
  }

  /** Lets go of the point that is being placed; its drawing stays as it was. */
  drop(): void {
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#target.layer.setDraft(undefined);
  }

  /** Says which drawing is chosen. */
  tellChosen(): void {
    const { layer, nameOf, onSay } = this.#target;
    const { drawings, selected } = layer;
    if (selected === undefined) {
      onSay('Nothing is drawn on this instrument');
      return;
    }
    const place = drawings.findIndex(({ id }) => id === selected.id) + 1;
    const [first] = selected.points;
    if (first !== undefined) this.#target.show(first);
    onSay(
      `${nameOf(selected.kind)}, ${place} of ${drawings.length} drawings, ${this.#places(selected)}: Enter moves it, Delete removes it`,
    );
  }

  /** Says that the chosen drawing is gone. */
  tellDeleted({ kind }: Drawing, left: number): void {
    const { nameOf, onSay } = this.#target;
    onSay(`${nameOf(kind)} deleted, ${left} left`);
  }

  /** Reads a key that was pressed on the chart itself; false when it is not the pen's. */
  press(event: PenKey): boolean {
    const { key, shiftKey, ctrlKey, altKey, metaKey, repeat } = event;
    if (ctrlKey || altKey || metaKey) return false;
    const step = STEPS[key];
    if (step !== undefined) {
      const [bars, ticks] = step;
      const times = shiftKey ? WITH_SHIFT : 1;
      return this.#move(bars * times, ticks * times);
    }
    if (shiftKey) return false;
    if (key === 'Enter') return this.#enter(repeat);
    return key === 'Escape' && this.#leave();
  }

  #move(bars: number, ticks: number): boolean {
    const held = this.#held ?? this.#begun();
    if (held === undefined) return this.#tool !== undefined;
    const at = held.drawing.points[held.index];
    if (at === undefined) return true;
    const { step, show, spanText, pointText, onSay } = this.#target;
    const point = step(at, bars, ticks);
    this.#hold({ ...held, drawing: withPoint(held.drawing, held.index, point) });
    show(point);
    const [from] = held.drawing.points;
    const measured = held.drawing.kind === 'measure' && held.index > 0 && from !== undefined;
    onSay(measured ? `${pointText(point)}, ${spanText(from, point)}` : pointText(point));
    return true;
  }

  #enter(repeat: boolean): boolean {
    const { selected } = this.#target.layer;
    const taken = this.#held !== undefined || this.#tool !== undefined;
    if (repeat) return taken || selected !== undefined;
    if (taken) {
      const held = this.#held ?? this.#begun();
      if (held !== undefined) this.#set(held);
      return true;
    }
    if (selected === undefined) return false;
    this.#take({ drawing: selected, index: 0, made: false });
    return true;
  }

  /** The point stays where it is; the next one is taken, if there is one. */
  #set({ drawing, index, made }: Held): void {
    const { onDrawn, onText, nameOf, onSay } = this.#target;
    const at = drawing.points[index];
    if (at === undefined) return;
    const whole = index + 1 === pointsOf(drawing.kind);
    if (!whole) {
      if (!made) onDrawn(drawing);
      const points = made ? [...drawing.points, at] : drawing.points;
      this.#take({ drawing: { ...drawing, points }, index: index + 1, made });
      return;
    }
    this.#put();
    if (made && drawing.kind === 'text') {
      onSay(`${nameOf('text')}: write it, Enter keeps it`);
      onText(at);
      return;
    }
    onDrawn(drawing);
    onSay(`${nameOf(drawing.kind)} set, ${this.#places(drawing)}`);
  }

  #leave(): boolean {
    const { layer, onSay } = this.#target;
    if (this.#held !== undefined || this.#tool !== undefined) {
      const changed = this.#held?.made === false;
      this.#put();
      onSay(changed ? 'Left as it was' : 'Nothing drawn');
      return true;
    }
    if (layer.selected === undefined) return false;
    layer.select(undefined);
    onSay('No drawing chosen');
    return true;
  }

  /** A new drawing whose first point is where drawings begin. */
  #begun(): Held | undefined {
    const kind = this.#tool;
    const at = kind === undefined ? undefined : this.#target.begin();
    if (kind === undefined || at === undefined) return undefined;
    const id = Math.max(0, ...this.#target.layer.drawings.map((one) => one.id)) + 1;
    return { drawing: { id, kind, points: [at] }, index: 0, made: true };
  }

  #take(held: Held): void {
    const { show, nameOf, pointText, onSay } = this.#target;
    const { kind, points } = held.drawing;
    const at = points[held.index];
    this.#hold(held);
    if (at === undefined) return;
    show(at);
    const which = `point ${held.index + 1} of ${pointsOf(kind)}`;
    onSay(`${nameOf(kind)}, ${which}, ${pointText(at)}: ${HOW}`);
  }

  #hold(held: Held): void {
    this.#held = held;
    this.#target.layer.setDraft(held.drawing);
  }

  /** Puts pen and tool away. */
  #put(): void {
    const had = this.#tool !== undefined;
    this.drop();
    this.#tool = undefined;
    if (had) this.#target.onToolEnd();
  }

  #places({ points }: Drawing): string {
    return points.map((point) => this.#target.pointText(point)).join(' to ');
  }
}
