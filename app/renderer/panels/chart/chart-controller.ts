import type { Instrument } from '../../../engine/domain/instrument.ts';
import { INTERVAL_MICROS } from '../../../engine/domain/market.ts';
import type { UnixMicros } from '../../../engine/domain/time.ts';
import type { ChartBar } from '../../charts/chart-bar.ts';
import { ChartPointer } from '../../charts/chart-pointer.ts';
import type { Drawing, DrawingKind, DrawingPoint } from '../../charts/drawing.ts';
import { PriceChart } from '../../charts/price-chart.ts';
import type { DeskActions } from '../../commands/desk-actions.ts';
import { groupThousands } from '../../format/number-text.ts';
import type { Desk } from '../../state/desk.tsx';
import type { BarRow } from '../../state/market-store.ts';
import { ComparedInstrument } from './chart-compare.ts';
import { chartBar, mergeBars } from './chart-data.ts';
import { ChartLegend } from './chart-legend.ts';
import { OwnOnChart } from './chart-own.ts';
import { savePicture } from './chart-picture.ts';
import { studyId, type ChartSetup } from './chart-setup.ts';
import { spanWords } from './chart-words.ts';
import { studyShapes, studyValues } from './chart-studies.ts';

/** Bars of the first load and of each load of older ones. */
const PAGE = 500;
/** Bars kept: drawing slows with the number loaded. */
const MOST_BARS = 6000;
const DAY_SECONDS = 86_400;

/** How a chart stands: loading says how far, failed says why. */
export type ChartPhase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly bars: number }
  | { readonly kind: 'failed'; readonly message: string };

/** What a chart is drawn into. */
export interface ChartPlaces {
  readonly canvas: HTMLElement;
  readonly legend: HTMLElement;
}

/** What a chart tells its panel. */
export interface ChartHandlers {
  readonly onPhase: (phase: ChartPhase) => void;
  /** The drawings of the instrument are others now. */
  readonly onDrawings: (drawings: readonly Drawing[]) => void;
  /** A text is to be written there. */
  readonly onText: (point: DrawingPoint, x: number, y: number) => void;
  readonly onTool: (tool: DrawingKind | undefined) => void;
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
  readonly #barSeconds: number;
  #setup: ChartSetup;
  #endStudies: (() => void)[] = [];
  #bars: readonly ChartBar[] = [];
  #early: BarRow[] = [];
  #hovered: ChartBar | undefined;
  #legendDue: number | undefined;
  #loaded = false;
  #loading = false;
  #exhausted = false;
  #disposed = false;

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
    this.#barSeconds = INTERVAL_MICROS[setup.interval] / 1_000_000;
    this.#legend = new ChartLegend(places.legend, instrument);
    // All decimals of its prices: those of a time with a finer tick are shown as they were.
    const decimals = instrument.priceScale;
    this.#chart = new PriceChart(places.canvas, {
      type: setup.type,
      scale: setup.scale,
      barSeconds: this.#barSeconds,
      minMove: 1 / 10 ** decimals,
      priceText: (price) => groupThousands(price.toFixed(decimals)),
      spanText: (from, to) => spanWords(from, to, this.#barSeconds, decimals),
      onHover: (bar) => {
        this.#hovered = bar;
        this.#showLegend();
      },
      onNearStart: () => void this.#loadOlder(),
    });
    const { market } = desk.feed;
    this.#own = new OwnOnChart(this.#chart, desk, actions, instrument, this.#barSeconds);
    this.#compared = new ComparedInstrument(this.#chart, market, setup.interval);
    this.#pointer = new ChartPointer(places.canvas, {
      layer: this.#chart.drawings,
      pointAt: (x, y) => this.#pointAt(x, y),
      ordersAt: (x, y) => this.#own.ordersAt(x, y),
      onHeld: (held) => this.#own.hold(held),
      onOrdersMoved: (held, price) => this.#own.move(held, price),
      onDrawn: (drawing) => this.#keepDrawing(drawing),
      onText: handlers.onText,
      onToolEnd: () => handlers.onTool(undefined),
    });
    this.#ends.push(
      () => this.#pointer.dispose(),
      () => this.#compared.dispose(),
      market.onBars(instrument.id, setup.interval, (row) => this.#live(row)),
      desk.trade.store.subscribe((state, before) => {
        if (state.replica !== before.replica) this.#drawOwn();
      }),
    );
    this.#takeDrawings();
    void this.#loadNewest();
  }

  /** Draws as another setup says. */
  setSetup(setup: ChartSetup): void {
    const before = this.#setup;
    this.#setup = setup;
    if (setup.type !== before.type) this.#chart.setType(setup.type);
    if (setup.scale !== before.scale) this.#chart.setScale(setup.scale);
    if (setup.drawings !== before.drawings) this.#takeDrawings();
    this.#takeSessions();
    if (!this.#loaded) return;
    if (setup.studies !== before.studies) this.#beginStudies();
    if (setup.compare !== before.compare) this.#compare();
  }

  /** Takes a tool for one drawing; none when undefined. */
  setTool(tool: DrawingKind | undefined): void {
    this.#pointer.setTool(tool);
    this.#handlers.onTool(tool);
  }

  /** Chooses the next drawing of the instrument. */
  chooseNextDrawing(): void {
    const { drawings, selected } = this.#chart.drawings;
    const at = drawings.findIndex(({ id }) => id === selected?.id);
    this.#chart.drawings.select(drawings[(at + 1) % Math.max(1, drawings.length)]?.id);
  }

  /** Deletes the chosen drawing. */
  deleteDrawing(): void {
    const { drawings, selected } = this.#chart.drawings;
    if (selected === undefined) return;
    this.#handlers.onDrawings(drawings.filter(({ id }) => id !== selected.id));
    this.#chart.drawings.select(undefined);
  }

  /** Keeps a text that was written. */
  keepText(point: DrawingPoint, text: string): void {
    const id = Math.max(0, ...this.#chart.drawings.drawings.map((one) => one.id)) + 1;
    this.#keepDrawing({ id, kind: 'text', points: [point], text });
  }

  toNewest(): void {
    this.#chart.toNewest();
  }

  /** Moves the crosshair by bars. */
  stepCrosshair(bars: number): void {
    this.#hovered = this.#chart.stepCrosshair(this.#hovered, bars);
    this.#showLegend();
  }

  /** Shows fewer bars, larger (`factor` below 1), or more. */
  zoom(factor: number): void {
    this.#chart.zoom(factor);
  }

  savePicture(): void {
    savePicture(this.#chart, this.#instrument, this.#setup);
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#legendDue !== undefined) cancelAnimationFrame(this.#legendDue);
    for (const end of [...this.#ends, ...this.#endStudies]) end();
    this.#chart.dispose();
  }

  async #loadNewest(): Promise<void> {
    this.#handlers.onPhase({ kind: 'loading' });
    const { market } = this.#desk.feed;
    const answer = await market.loadBars(this.#instrument.id, this.#setup.interval, PAGE);
    if (this.#disposed) return;
    if (!answer.ok) {
      this.#handlers.onPhase({ kind: 'failed', message: answer.error.message });
      return;
    }
    this.#bars = answer.value.map((row) => chartBar(row, this.#instrument));
    this.#loaded = true;
    this.#chart.setBars(this.#bars, false);
    for (const row of this.#early) this.#live(row);
    this.#early = [];
    this.#drawOwn();
    this.#takeSessions();
    this.#beginStudies();
    this.#compare();
    this.#showLegend();
    this.#handlers.onPhase({ kind: 'ready', bars: this.#bars.length });
  }

  async #loadOlder(): Promise<void> {
    const oldest = this.#bars[0];
    const full = this.#bars.length >= MOST_BARS;
    if (!this.#loaded || this.#loading || this.#exhausted || full || oldest === undefined) return;
    this.#loading = true;
    const end = (oldest.time * 1_000_000 - 1) as UnixMicros;
    const { market } = this.#desk.feed;
    const answer = await market.loadBars(this.#instrument.id, this.#setup.interval, PAGE, end);
    this.#loading = false;
    if (this.#disposed || !answer.ok) return;
    const older = answer.value.map((row) => chartBar(row, this.#instrument));
    const merged = mergeBars(older, this.#bars);
    this.#exhausted = merged.length === this.#bars.length;
    if (this.#exhausted) return;
    this.#bars = merged;
    this.#chart.setBars(merged, true);
    this.#drawOwn();
    this.#askStudies();
    this.#compare();
    this.#handlers.onPhase({ kind: 'ready', bars: merged.length });
  }

  #live(row: BarRow): void {
    if (!this.#loaded) {
      this.#early.push(row);
      return;
    }
    const bar = chartBar(row, this.#instrument);
    const last = this.#bars.at(-1);
    if (last !== undefined && bar.time < last.time) {
      this.#bars = mergeBars(this.#bars, [bar]);
      this.#chart.setBars(this.#bars, true);
      return;
    }
    const same = last?.time === bar.time;
    this.#bars = same ? this.#bars.with(-1, bar) : [...this.#bars, bar];
    this.#chart.update(bar);
    if (this.#hovered === undefined) this.#showLegend();
  }

  /** Makes the lines of the studies that are wanted now and asks for their values. */
  #beginStudies(): void {
    const { studies } = this.#setup;
    const shapes = studyShapes(studies, this.#instrument, this.#barSeconds);
    this.#chart.studies.set(shapes);
    this.#legend.setStudies(studies, shapes);
    this.#askStudies();
    this.#showLegend();
  }

  #askStudies(): void {
    for (const end of this.#endStudies) end();
    const { studies, interval } = this.#setup;
    const { market } = this.#desk.feed;
    const { id } = this.#instrument;
    this.#endStudies = studies.map((spec) =>
      market.onStudy(id, interval, spec, Math.max(1, this.#bars.length), (rows) => {
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
    const bar = time === this.#bars.at(-1)?.time ? this.#bars.at(-1) : this.#hovered;
    this.#legend.show(this.#chart, bar ?? this.#bars.at(-1));
  }

  #drawOwn(): void {
    if (this.#loaded) this.#own.draw(this.#bars[0]?.time ?? 0);
  }

  #compare(): void {
    const { compare } = this.#setup;
    const known = this.#desk.feed.instrument(compare ?? this.#instrument.id);
    const other = compare === this.#instrument.id || known === undefined ? null : compare;
    this.#legend.setCompared(other === null ? undefined : known?.symbol);
    this.#compared.set(other, this.#bars[0]?.time ?? 0);
    this.#showLegend();
  }

  #takeSessions(): void {
    // A day of one bar has no inside to be shaded.
    this.#chart.setSessions(this.#setup.sessions && this.#barSeconds < DAY_SECONDS);
  }

  #takeDrawings(): void {
    this.#chart.drawings.set(this.#setup.drawings[this.#instrument.id] ?? []);
  }

  #keepDrawing(drawing: Drawing): void {
    const layer = this.#chart.drawings;
    const others = layer.drawings.filter(({ id }) => id !== drawing.id);
    this.#handlers.onDrawings([...others, drawing]);
    layer.select(drawing.id);
  }

  #pointAt(x: number, y: number): DrawingPoint | undefined {
    const point = this.#chart.pointAt(x, y);
    if (point === undefined) return undefined;
    const unit = 10 ** this.#instrument.priceScale;
    return { time: point.time, price: Math.round(point.price * unit) / unit };
  }
}
