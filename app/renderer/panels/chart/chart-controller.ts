import type { Instrument } from '../../../engine/domain/instrument.ts';
import { INTERVAL_MICROS } from '../../../engine/domain/market.ts';
import { MOST_STUDY_BARS } from '../../../engine/domain/study.ts';
import type { ChartBar } from '../../charts/chart-bar.ts';
import { ChartPen, type PenKey } from '../../charts/chart-pen.ts';
import { ChartPointer } from '../../charts/chart-pointer.ts';
import type { Drawing, DrawingKind, DrawingPoint } from '../../charts/drawing.ts';
import { PriceChart, type ChartSight } from '../../charts/price-chart.ts';
import type { DeskActions } from '../../commands/desk-actions.ts';
import { groupThousands } from '../../format/number-text.ts';
import { barTime } from '../../format/time-text.ts';
import type { Desk } from '../../state/desk.tsx';
import { onThemeChange } from '../../ui/theme.ts';
import { BarWindow, type TimeSpan } from './bar-window.ts';
import { ComparedInstrument } from './chart-compare.ts';
import { ChartTime } from './chart-time.ts';
import { ChartTrust } from './chart-trust.ts';
import { ChartLegend } from './chart-legend.ts';
import { OwnOnChart } from './chart-own.ts';
import { savePicture } from './chart-picture.ts';
import { studyId, type ChartSetup } from './chart-setup.ts';
import { spanWords, toolLabel } from './chart-words.ts';
import { detailLevel } from './detail-level.ts';
import { studyShapes, studyValues } from './chart-studies.ts';

const DAY_SECONDS = 86_400;
/** Pause after the last movement before bars of another length are asked for. */
const LEVEL_PAUSE_MS = 120;

/** How a chart stands: loading says how far, failed says why. */
export type ChartPhase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly bars: number }
  | { readonly kind: 'failed'; readonly message: string };

/** What a chart is drawn into. */
export interface ChartPlaces {
  readonly canvas: HTMLElement;
  readonly legend: HTMLElement;
  readonly trust: HTMLElement;
}

/** What a chart tells its panel. */
export interface ChartHandlers {
  readonly onPhase: (phase: ChartPhase) => void;
  /** The drawings of the instrument are others now. */
  readonly onDrawings: (drawings: readonly Drawing[]) => void;
  /** A text is to be written there. */
  readonly onText: (point: DrawingPoint, x: number, y: number) => void;
  readonly onTool: (tool: DrawingKind | undefined) => void;
  /** What the keyboard does to the drawings, in words. */
  readonly onSay: (words: string) => void;
}

/** Joins history, live bars, studies, drawings, orders and fills to one chart. */
export class ChartController {
  readonly #chart: PriceChart;
  readonly #legend: ChartLegend;
  readonly #desk: Desk;
  readonly #instrument: Instrument;
  readonly #ends: (() => void)[] = [];
  readonly #handlers: ChartHandlers;
  readonly #own: OwnOnChart;
  readonly #compared: ComparedInstrument;
  readonly #pointer: ChartPointer;
  readonly #pen: ChartPen;
  readonly #bars: BarWindow;
  readonly #time: ChartTime;
  readonly #trust: ChartTrust;
  #setup: ChartSetup;
  #endStudies: (() => void)[] = [];
  #hovered: ChartBar | undefined;
  #legendDue: number | undefined;
  #sight: ChartSight | undefined;
  #levelDue: ReturnType<typeof setTimeout> | undefined;

  /** The interval of `setup` stays; the rest may change. */
  constructor(
    places: ChartPlaces,
    instrument: Instrument,
    setup: ChartSetup,
    desk: Desk,
    actions: DeskActions,
    handlers: ChartHandlers,
  ) {
    this.#desk = desk;
    this.#instrument = instrument;
    this.#setup = setup;
    this.#handlers = handlers;
    const { market } = desk.feed;
    this.#bars = new BarWindow(market, instrument, setup.interval, {
      onLoading: () => handlers.onPhase({ kind: 'loading' }),
      onFailed: (message) => handlers.onPhase({ kind: 'failed', message }),
      onBars: (seen) => this.#drawBars(seen),
      onIdle: () => this.#fitLevel(),
      onUpdate: (bar) => this.#updateBar(bar),
    });
    this.#time = new ChartTime(places.canvas, desk.link, {
      loaded: () => {
        const { bars, live } = this.#bars;
        const [from, to] = [bars[0]?.time, bars.at(-1)?.time];
        return from === undefined || to === undefined ? undefined : { from, to, live };
      },
      sight: () => this.#sight,
      barSeconds: () => this.#bars.levelSeconds,
      showTimes: ({ from, to }) => this.#chart.showTimes(from, to),
      load: (span) => void this.#bars.show(this.#bars.level, span),
      toNewest: () => this.#showNewest(),
      point: (time) => {
        this.#hovered = this.#chart.point(time);
        this.#showLegend();
      },
    });
    this.#legend = new ChartLegend(places.legend, instrument);
    // All decimals of its prices: those of a time with a finer tick are shown as they were.
    const decimals = instrument.priceScale;
    const priceText = (price: number): string => groupThousands(price.toFixed(decimals));
    const spanText = (from: DrawingPoint, to: DrawingPoint): string =>
      spanWords(from, to, INTERVAL_MICROS[setup.interval] / 1_000_000, decimals);
    this.#chart = new PriceChart(places.canvas, {
      type: setup.type,
      scale: setup.scale,
      barSeconds: this.#bars.levelSeconds,
      minMove: 1 / 10 ** decimals,
      priceText,
      spanText,
      onHover: (bar) => {
        this.#hovered = bar;
        this.#showLegend();
        this.#time.pointed(bar?.time, false);
      },
      onSight: (sight) => this.#onSight(sight),
    });
    this.#trust = new ChartTrust(places.trust, instrument.id, market, () => ({
      bars: this.#bars.bars,
      barSeconds: this.#bars.levelSeconds,
      x: (time) => this.#chart.xOf(time),
      plotWidth: () => this.#chart.plotWidth(),
    }));
    this.#own = new OwnOnChart(this.#chart, desk, actions, instrument);
    this.#compared = new ComparedInstrument(this.#chart, market);
    this.#pointer = new ChartPointer(places.canvas, {
      layer: this.#chart.drawings,
      pointAt: (x, y) => this.#pointAt(x, y),
      ordersAt: (x, y) => this.#own.ordersAt(x, y),
      onHeld: (held) => this.#own.hold(held),
      onOrdersMoved: (held, price) => this.#own.move(held, price),
      onDrawn: (drawing) => this.#keepDrawing(drawing),
      onText: handlers.onText,
      onToolEnd: () => this.setTool(undefined),
    });
    this.#pen = new ChartPen({
      layer: this.#chart.drawings,
      begin: () => {
        const bar = this.#hovered ?? this.#chart.newestInSight();
        return bar && { time: bar.time, price: bar.close };
      },
      step: (from, bars, ticks) => this.#step(from, bars, ticks),
      show: (point) => {
        this.#time.byHand();
        this.#chart.aim(point);
      },
      nameOf: toolLabel,
      pointText: ({ time, price }) => `${barTime(time)} at ${priceText(price)}`,
      spanText,
      onDrawn: (drawing) => this.#keepDrawing(drawing),
      onText: (point) => {
        const { x, y } = this.#chart.pixelsOf(point) ?? { x: 0, y: 0 };
        handlers.onText(point, x, y);
      },
      onToolEnd: () => this.setTool(undefined),
      onSay: handlers.onSay,
    });
    this.#ends.push(
      () => this.#time.dispose(),
      () => this.#trust.dispose(),
      () => this.#pointer.dispose(),
      () => this.#compared.dispose(),
      () => this.#bars.dispose(),
      desk.trade.store.subscribe((state, before) => {
        if (state.replica !== before.replica) this.#drawOwn();
      }),
      onThemeChange(() => this.#drawOwn()),
    );
    this.#takeDrawings();
    void this.#bars.loadNewest();
  }

  /** Draws as another setup says. */
  setSetup(setup: ChartSetup): void {
    const before = this.#setup;
    this.#setup = setup;
    if (setup.type !== before.type) this.#chart.setType(setup.type);
    if (setup.scale !== before.scale) this.#chart.setScale(setup.scale);
    if (setup.drawings !== before.drawings) this.#takeDrawings();
    this.#takeSessions();
    if (!this.#bars.loaded) return;
    if (idsOf(setup) !== idsOf(before)) this.#beginStudies();
    if (setup.compare !== before.compare) this.#compare();
  }

  /** Takes a tool for one drawing; none when undefined. */
  setTool(tool: DrawingKind | undefined): void {
    this.#pointer.setTool(tool);
    this.#pen.setTool(tool);
    this.#handlers.onTool(tool);
  }

  /** Reads a key that was pressed on the chart itself; false when it places nothing. */
  press(event: PenKey): boolean {
    return this.#pen.press(event);
  }

  /** The mouse was pressed on the chart: a point that the keyboard holds is let go. */
  dropPen(): void {
    this.#pen.drop();
    this.#handlers.onSay('');
  }

  /** Chooses the next drawing of the instrument. */
  chooseNextDrawing(): void {
    const { drawings, selected } = this.#chart.drawings;
    const at = drawings.findIndex(({ id }) => id === selected?.id);
    this.#pen.drop();
    this.#chart.drawings.select(drawings[(at + 1) % Math.max(1, drawings.length)]?.id);
    this.#pen.tellChosen();
  }

  /** Deletes the chosen drawing. */
  deleteDrawing(): void {
    const { drawings, selected } = this.#chart.drawings;
    if (selected === undefined) return;
    this.#pen.drop();
    this.#handlers.onDrawings(drawings.filter(({ id }) => id !== selected.id));
    this.#chart.drawings.select(undefined);
    this.#pen.tellDeleted(selected, drawings.length - 1);
  }

  /** Keeps a text that was written. */
  keepText(point: DrawingPoint, text: string): void {
    const id = Math.max(0, ...this.#chart.drawings.drawings.map((one) => one.id)) + 1;
    this.#keepDrawing({ id, kind: 'text', points: [point], text });
  }

  /** Brings the newest bar into sight. */
  toNewest(): void {
    this.#time.toNewest();
    this.#showNewest();
  }

  /** Moves the crosshair by bars. */
  stepCrosshair(bars: number): void {
    this.#handlers.onSay('');
    this.#hovered = this.#chart.stepCrosshair(this.#hovered, bars);
    this.#time.pointed(this.#hovered?.time, true);
    this.#showLegend();
  }

  /** Shows fewer bars, larger (`factor` below 1), or more. */
  zoom(factor: number): void {
    this.#time.byHand();
    this.#chart.zoom(factor);
  }

  savePicture(): void {
    savePicture(this.#chart, this.#instrument, this.#setup, this.#comparedWith()?.symbol);
  }

  dispose(): void {
    clearTimeout(this.#levelDue);
    if (this.#legendDue !== undefined) cancelAnimationFrame(this.#legendDue);
    for (const end of [...this.#ends, ...this.#endStudies]) end();
    this.#chart.dispose();
  }

  #showNewest(): void {
    if (this.#bars.live) this.#chart.toNewest();
    else void this.#bars.loadNewest();
  }

  #drawBars(seen: TimeSpan | 'newest' | 'same'): void {
    const { bars, live, levelSeconds } = this.#bars;
    // Who zoomed or moved while the bars were loaded stays where they are now.
    const sight = this.#sight;
    this.#chart.setBarSeconds(levelSeconds);
    this.#chart.setBars(bars, live, seen === 'same');
    this.#drawOwn();
    this.#takeSessions();
    if (seen === 'same') this.#askStudies();
    else this.#beginStudies();
    this.#compare();
    if (seen === 'newest') this.#chart.toNewest();
    else if (seen !== 'same') {
      const { from, to } = sight ?? seen;
      this.#chart.showTimes(from, to);
      this.#fitLevel();
    }
    this.#time.drawn(seen !== 'same');
    this.#handlers.onPhase({ kind: 'ready', bars: bars.length });
  }

  #updateBar(bar: ChartBar): void {
    this.#chart.update(bar);
    this.#trust.draw();
    if (this.#hovered === undefined) this.#showLegend();
  }

  /** Loads what comes into sight, at the detail that fits. */
  #onSight(sight: ChartSight): void {
    this.#sight = sight;
    this.#time.seen(sight);
    this.#trust.seen(sight);
    if (sight.nearStart) void this.#bars.loadOlder();
    if (sight.nearEnd) void this.#bars.loadNewer();
    this.#fitLevel();
  }

  #fitLevel(): void {
    clearTimeout(this.#levelDue);
    const sight = this.#sight;
    if (sight === undefined) return;
    const level = detailLevel(this.#setup.interval, this.#bars.level, sight.barPixels);
    if (level === this.#bars.level) return;
    // While the hand still zooms, what is there is enough.
    this.#levelDue = setTimeout(() => void this.#bars.show(level, sight), LEVEL_PAUSE_MS);
  }

  /** Makes the lines of the studies that are wanted now and asks for their values. */
  #beginStudies(): void {
    const studies = this.#shownStudies();
    const shapes = studyShapes(studies, this.#instrument, this.#bars.levelSeconds);
    this.#chart.studies.set(shapes);
    this.#legend.setStudies(studies, shapes);
    const { level } = this.#bars;
    this.#legend.setLevel(level === this.#setup.interval ? undefined : level);
    this.#askStudies();
    this.#showLegend();
  }

  /** A study of longer bars would be another one: those of the chart wait until its own bars are drawn. */
  #shownStudies(): ChartSetup['studies'] {
    return this.#bars.level === this.#setup.interval ? this.#setup.studies : [];
  }

  #askStudies(): void {
    for (const end of this.#endStudies) end();
    const { interval } = this.#setup;
    const { market } = this.#desk.feed;
    const { id } = this.#instrument;
    const first = this.#bars.bars[0]?.time ?? 0;
    const reach = Math.ceil((Date.now() / 1000 - first) / this.#bars.levelSeconds) + 1;
    const count = Math.min(MOST_STUDY_BARS, Math.max(1, reach));
    this.#endStudies = this.#shownStudies().map((spec) =>
      market.onStudy(id, interval, spec, count, (rows) => {
        const values = studyValues(rows, spec, this.#instrument);
        this.#chart.studies.take(studyId(spec), values);
        this.#showLegend();
      }),
    );
  }

  /** Writes the figures with the next picture, however much changes until then. */
  #showLegend(): void {
    this.#legendDue ??= requestAnimationFrame(() => {
      this.#legendDue = undefined;
      this.#writeLegend();
    });
  }

  #writeLegend(): void {
    const { time } = this.#hovered ?? {};
    // The bar under the crosshair may be the one that is being built.
    const newest = this.#bars.bars.at(-1);
    const bar = time === newest?.time ? newest : this.#hovered;
    this.#legend.show(this.#chart, bar ?? newest);
  }

  #drawOwn(): void {
    const first = this.#bars.bars[0]?.time;
    if (first !== undefined) this.#own.draw(first, this.#bars.levelSeconds);
  }

  /** The other instrument over the bars; undefined without one, or where it is this one. */
  #comparedWith(): Instrument | undefined {
    const { compare } = this.#setup;
    if (compare === null || compare === this.#instrument.id) return undefined;
    return this.#desk.feed.instrument(compare);
  }

  #compare(): void {
    const other = this.#comparedWith();
    this.#legend.setCompared(other?.symbol);
    this.#compared.set(other?.id ?? null, this.#bars.level, this.#bars.bars);
    this.#showLegend();
  }

  #takeSessions(): void {
    // A day of one bar has no inside to be shaded.
    this.#chart.setSessions(this.#setup.sessions && this.#bars.levelSeconds < DAY_SECONDS);
  }

  #takeDrawings(): void {
    this.#chart.drawings.set(this.#setup.drawings[this.#instrument.id] ?? []);
  }

  #keepDrawing(drawing: Drawing): void {
    const layer = this.#chart.drawings;
    const known = layer.drawings.some(({ id }) => id === drawing.id);
    const kept = layer.drawings.map((one) => (one.id === drawing.id ? drawing : one));
    this.#handlers.onDrawings(known ? kept : [...kept, drawing]);
    layer.select(drawing.id);
  }

  /** Ticks from where the price is on the venue's grid. */
  #step({ time, price }: DrawingPoint, bars: number, ticks: number): DrawingPoint {
    const { priceScale, tickSize } = this.#instrument;
    const unit = 10 ** priceScale;
    const exact = Math.round(price * unit);
    const rest = exact % tickSize;
    const grid = exact - rest + (ticks < 0 && rest > 0 ? tickSize : 0);
    const moved = ticks === 0 ? exact : Math.max(tickSize, grid + ticks * tickSize);
    return { time: this.#chart.timeBeside(time, bars) ?? time, price: moved / unit };
  }

  #pointAt(x: number, y: number): DrawingPoint | undefined {
    const point = this.#chart.pointAt(x, y);
    if (point === undefined) return undefined;
    const unit = 10 ** this.#instrument.priceScale;
    return { time: point.time, price: Math.round(point.price * unit) / unit };
  }
}

function idsOf({ studies }: ChartSetup): string {
  return studies.map(studyId).join();
}
