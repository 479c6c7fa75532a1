import type { Instrument } from '../../../engine/domain/instrument.ts';
import { studyDefinition, type StudySpec } from '../../../engine/domain/study.ts';
import type { ChartBar } from '../../charts/chart-bar.ts';
import type { PriceChart } from '../../charts/price-chart.ts';
import type { StudyShape } from '../../charts/study-lines.ts';
import { compactQuantity, groupThousands, percentText } from '../../format/number-text.ts';
import { token } from '../../ui/theme.ts';
import { studyWords } from './chart-studies.ts';

/** The figures of one bar over the panes of a chart: prices, volume, and what each study says there. */
export class ChartLegend {
  readonly #element: HTMLElement;
  readonly #instrument: Instrument;
  #studies: readonly StudySpec[] = [];
  #shapes: readonly StudyShape[] = [];
  #compared: string | undefined;
  #level: string | undefined;

  constructor(element: HTMLElement, instrument: Instrument) {
    this.#element = element;
    this.#instrument = instrument;
  }

  /** Names what the chart compares with; nothing when undefined. */
  setCompared(symbol: string | undefined): void {
    this.#compared = symbol;
  }

  /** Says that longer bars are drawn than the chart's own; nothing when undefined. */
  setLevel(level: string | undefined): void {
    this.#level = level;
  }

  setStudies(studies: readonly StudySpec[], shapes: readonly StudyShape[]): void {
    this.#studies = studies;
    this.#shapes = shapes;
  }

  /** Writes the figures of a bar. */
  show(chart: PriceChart, bar: ChartBar | undefined): void {
    if (bar === undefined) return;
    const rows: HTMLElement[][] = chart.paneTops().map(() => []);
    for (const [index, spec] of this.#studies.entries()) {
      const shape = this.#shapes[index];
      if (shape === undefined) continue;
      rows[chart.studies.paneOf(shape.id)]?.push(studyFigures(spec, shape, chart, bar.time));
    }
    const tops = chart.paneTops();
    this.#element.replaceChildren(
      ...rows.map((studies, pane) => {
        const row = document.createElement('div');
        row.style.top = `${(tops[pane] ?? 0) + 6}px`;
        if (pane === 0)
          row.append(this.#prices(bar), ...this.#comparison(chart, bar.time), ...this.#detail());
        row.append(...studies);
        return row;
      }),
    );
  }

  #detail(): readonly HTMLElement[] {
    if (this.#level === undefined) return [];
    const span = document.createElement('span');
    span.textContent = `joined to ${this.#level}`;
    return [span];
  }

  #comparison(chart: PriceChart, time: number): readonly HTMLElement[] {
    if (this.#compared === undefined) return [];
    const span = document.createElement('span');
    const [, figures] = figure('', chart.compare.textAt(time) ?? '\u2013');
    figures.style.color = token('link-3');
    span.append(`${this.#compared} `, figures);
    return [span];
  }

  #prices(bar: ChartBar): HTMLElement {
    const decimals = this.#instrument.priceScale;
    const price = (value: number): string => groupThousands(value.toFixed(decimals));
    const change = bar.open === 0 ? '' : percentText((bar.close / bar.open - 1) * 100);
    const figures = document.createElement('span');
    figures.append(
      ...figure('O', price(bar.open)),
      ...figure('H', price(bar.high)),
      ...figure('L', price(bar.low)),
      ...figure('C', price(bar.close)),
      ...figure('', change),
      ...figure('V', compactQuantity(bar.volume, 0)),
    );
    return figures;
  }
}

function studyFigures(
  spec: StudySpec,
  shape: StudyShape,
  chart: PriceChart,
  time: number,
): HTMLElement {
  const span = document.createElement('span');
  const { outputs } = studyDefinition(spec.kind);
  span.append(`${studyWords(spec)} `);
  const texts = chart.studies.textAt(shape.id, time);
  if (texts.every((text) => text === undefined)) {
    span.append('not known ');
    return span;
  }
  for (const [index, text] of texts.entries()) {
    const [, figures] = figure('', text ?? '\u2013');
    const { pale, color = 'text-1' } = shape.outputs[index] ?? {};
    figures.style.color = token(pale === true ? 'text-2' : color);
    figures.title = outputs[index]?.label ?? '';
    // The words of a page are read without its gaps.
    span.append(figures, ' ');
  }
  return span;
}

function figure(name: string, text: string): readonly [string, HTMLElement] {
  const figures = document.createElement('b');
  figures.textContent = text;
  return [name === '' ? ' ' : ` ${name} `, figures];
}
