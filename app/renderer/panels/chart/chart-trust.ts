import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { QuoteMessage, TrustRows } from '../../state/market-store.ts';
import { onThemeChange, token } from '../../ui/theme.ts';
import { trustSign, trustSpans, trustWords, type BarTrust, type TrustSpan } from './trust-spans.ts';

const LINE_TOP = 4;
const LINE_HEIGHT = 3;
const WORDS_BASE = 18;
/** Space between the words of two spans. */
const WORDS_GAP = 12;
const MICROS = 1_000_000;
const MINUTE_SECONDS = 60;

const COLOURS: Readonly<Record<BarTrust, string>> = {
  Good: 'trust-good',
  Filled: 'trust-filled',
  Late: 'trust-late',
  Gap: 'trust-gap',
};

/** What the band reads of its chart. */
export interface TrustChart {
  readonly bars: readonly { readonly time: number }[];
  readonly barSeconds: number;
  /** Pixels from the left, and of the plot; undefined while nothing is drawn. */
  x(time: number): number | undefined;
  plotWidth(): number;
}

/** Where minutes come from, and whether more of them do. */
export interface TrustSource {
  onQuote(
    instrument: InstrumentId,
    listener: (quote: Pick<QuoteMessage, 'state'>) => void,
  ): () => void;
  onTrust(instrument: InstrumentId, listener: (rows: TrustRows) => void): () => void;
}

/** The band under a chart that says how far its bars can be trusted. */
export class ChartTrust {
  readonly #host: HTMLElement;
  readonly #canvas = document.createElement('canvas');
  readonly #sign = document.createElement('span');
  readonly #chart: () => TrustChart;
  readonly #ends: (() => void)[];
  readonly #marks = new Map<number, number>();
  #sight: { readonly from: number; readonly to: number } | undefined;
  #spans: readonly TrustSpan[] = [];
  #due: number | undefined;
  /** False while the newest bar is not that of the market. */
  #current = true;
  /** Up to when minutes were told, seconds. */
  #toldTo = 0;

  constructor(
    host: HTMLElement,
    instrument: InstrumentId,
    source: TrustSource,
    chart: () => TrustChart,
  ) {
    this.#host = host;
    this.#chart = chart;
    host.replaceChildren(this.#canvas, this.#sign);
    const resized = new ResizeObserver(() => this.draw());
    resized.observe(host);
    host.addEventListener('pointermove', this.#point);
    this.#ends = [
      () => resized.disconnect(),
      () => host.removeEventListener('pointermove', this.#point),
      onThemeChange(() => this.draw()),
      source.onTrust(instrument, (rows) => this.#take(rows)),
      source.onQuote(instrument, ({ state }) => {
        if ((state === 'Live') === this.#current) return;
        this.#current = state === 'Live';
        this.draw();
      }),
    ];
  }

  /** Something else of the chart is in sight: times in seconds. */
  seen(sight: { readonly from: number; readonly to: number }): void {
    this.#sight = sight;
    this.draw();
  }

  /** Draws with the next picture, however much changes until then. */
  draw(): void {
    this.#due ??= requestAnimationFrame(() => {
      this.#due = undefined;
      this.#paint();
    });
  }

  dispose(): void {
    if (this.#due !== undefined) cancelAnimationFrame(this.#due);
    for (const end of this.#ends) end();
  }

  #take({ whole, minutes }: TrustRows): void {
    if (whole) {
      this.#marks.clear();
      this.#toldTo = 0;
    }
    for (const [at, mark] of minutes) {
      this.#marks.set(at / MICROS, mark);
      this.#toldTo = Math.max(this.#toldTo, at / MICROS + MINUTE_SECONDS);
    }
    this.draw();
  }

  #paint(): void {
    const sight = this.#sight;
    if (sight === undefined) return;
    const { bars, barSeconds } = this.#chart();
    // Of the newest bar counts what was told; a replay stands in another time than the clock.
    const now = this.#toldTo > 0 ? this.#toldTo : Date.now() / 1000;
    this.#spans = trustSpans(bars, barSeconds, this.#marks, { ...sight, now });
    const newest = trustSpans(bars.slice(-1), barSeconds, this.#marks, {
      from: 0,
      to: Number.POSITIVE_INFINITY,
      now,
    }).at(0);
    const known = newest === undefined ? '' : trustSign(newest.trust);
    const sign = this.#current ? known : 'Not current';
    this.#sign.textContent = sign;
    this.#sign.dataset['trust'] = this.#current ? (newest?.trust ?? '') : 'Late';
    const flawed = this.#spans.map(trustWords).filter((words) => words !== '');
    this.#host.ariaLabel = `Trust of the data: ${[sign, ...new Set(flawed)].join(', ')}`;
    this.#paintSpans();
  }

  #paintSpans(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const dots = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * dots);
    this.#canvas.height = Math.round(height * dots);
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    context.scale(dots, dots);
    context.font = `11px ${token('font-ui')}`;
    const { x, plotWidth, barSeconds } = this.#chart();
    const right = Math.min(width, plotWidth());
    let wordsEnd = 0;
    for (const span of this.#spans) {
      const [from, to] = [x(span.from), x(span.to - barSeconds)];
      if (from === undefined || to === undefined) continue;
      // Bars are drawn around their time.
      const half = ((x(span.from + barSeconds) ?? from) - from) / 2;
      const left = Math.max(0, from - half);
      const end = Math.min(right, to + half);
      if (end <= left) continue;
      const gap = span.trust === 'Good' ? 0 : 1;
      context.fillStyle = token(COLOURS[span.trust]);
      context.fillRect(left + gap, LINE_TOP, Math.max(1, end - left - 2 * gap), LINE_HEIGHT);
      const words = trustWords(span);
      if (words === '' || left < wordsEnd) continue;
      const wide = context.measureText(words).width;
      if (left + wide > right) continue;
      context.fillStyle = token(span.trust === 'Filled' ? 'text-3' : 'text-2');
      context.fillText(words, left + gap, WORDS_BASE);
      wordsEnd = left + wide + WORDS_GAP;
    }
  }

  readonly #point = (event: PointerEvent): void => {
    const at = event.clientX - this.#host.getBoundingClientRect().left;
    const { x, barSeconds } = this.#chart();
    const span = this.#spans.findLast((one) => (x(one.from) ?? Number.POSITIVE_INFINITY) <= at);
    const ends = span && x(span.to);
    const over = span !== undefined && ends !== undefined && at <= ends + barSeconds;
    const words = over ? trustWords(span) : '';
    this.#host.title = over ? [trustSign(span.trust), words].filter(Boolean).join(': ') : '';
  };
}
