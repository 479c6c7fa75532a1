import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { INTERVALS, type Interval } from '../../../engine/domain/market.ts';
import type { ChartBar } from '../../charts/price-chart.ts';
import { useArming } from '../../commands/use-arming.ts';
import {
  changePercentText,
  compactQuantity,
  groupThousands,
  priceText,
} from '../../format/number-text.ts';
import { PriceCell } from '../../format/price-cell.ts';
import { useDesk, useFeed, useLinkedInstrument } from '../../state/desk.tsx';
import { usePanelState } from '../../state/panel-state.ts';
import { marketStatusWords } from '../../state/market-status.ts';
import { Badge, Say, Segments } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Padlock } from '../../ui/padlock.tsx';
import { ChartController, type ChartPhase } from './chart-controller.ts';
import './chart.css';

const CHOICES = INTERVALS.map((interval) => ({ value: interval, label: interval }));

/** Candles of the linked instrument with own orders, position and fills. */
export function Chart(): ReactNode {
  const instrument = useLinkedInstrument();
  const [interval, setInterval] = usePanelState('interval', intervalOf);
  const epoch = useFeed((state) => state.epoch);
  const controller = useRef<ChartController>(undefined);
  const arming = useArming();
  if (instrument === undefined) {
    return <Say icon="plug" title="No chart yet" text="It fills when the feed connects." />;
  }
  const status = marketStatusWords(instrument);
  return (
    <div className="panel chart" tabIndex={-1}>
      <div className="bar">
        <span className="sym">{instrument.symbol}</span>
        <LastPrice key={instrument.id} instrument={instrument} />
        {status !== undefined && (
          <Badge word={status.word} why={`${instrument.symbol} ${status.text}`} />
        )}
        <span className="spacer tools">
          <Padlock {...arming} />
          <button
            type="button"
            className="chip"
            title="Newest bar"
            aria-label="Scroll to the newest bar"
            onClick={() => controller.current?.toNewest()}
          >
            <Icon name="last" />
          </button>
          <Segments label="Interval" options={CHOICES} value={interval} onChange={setInterval} />
        </span>
      </div>
      <Stage
        key={`${instrument.id} ${interval} ${epoch}`}
        instrument={instrument}
        interval={interval}
        onChart={(chart) => {
          controller.current = chart;
        }}
      />
    </div>
  );
}

function intervalOf(kept: unknown): Interval {
  return INTERVALS.find((interval) => interval === kept) ?? '1m';
}

function LastPrice({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const last = useRef<HTMLSpanElement>(null);
  const change = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (last.current === null) return undefined;
    const cell = new PriceCell(last.current);
    cell.missing('no trade yet');
    return desk.feed.market.onQuote(instrument.id, (quote) => {
      last.current?.classList.toggle('stale', quote.state !== 'Live');
      if (quote.last === undefined) return;
      cell.show(priceText(quote.last, instrument), quote.last);
      if (change.current === null || quote.dayBase === undefined) return;
      const text = changePercentText(quote.last, quote.dayBase);
      change.current.textContent = text === undefined ? '' : `${text} %`;
      change.current.className = quote.last >= quote.dayBase ? 'up' : 'down';
    });
  }, [desk, instrument]);
  return (
    <>
      <span className="last" ref={last} />
      <span ref={change} />
    </>
  );
}

function Stage({
  instrument,
  interval,
  onChart,
}: {
  readonly instrument: Instrument;
  readonly interval: Interval;
  readonly onChart: (chart: ChartController) => void;
}): ReactNode {
  const desk = useDesk();
  // A chart is drawn at the scales of its prices, which other rules of the venue do not change.
  const [drawn] = useState(instrument);
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDivElement>(null);
  const [phase, setPhase] = useState<ChartPhase>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const attach = useRef(onChart);
  useEffect(() => {
    if (host.current === null) return undefined;
    let hovered: ChartBar | undefined;
    const made = new ChartController(host.current, drawn, interval, desk, {
      onPhase: setPhase,
      onHover: (bar) => {
        hovered = bar;
        showLegend(legend.current, bar ?? made.newest(), drawn);
      },
    });
    attach.current(made);
    const end = desk.feed.market.onQuote(drawn.id, () => {
      if (hovered === undefined) showLegend(legend.current, made.newest(), drawn);
    });
    return () => {
      end();
      made.dispose();
    };
  }, [desk, drawn, interval, attempt]);
  return (
    <div className="stage">
      <div className="legend" ref={legend} aria-hidden="true" />
      <div className="canvas" ref={host} role="img" aria-label={`Chart ${instrument.symbol}`} />
      {phase.kind === 'loading' && (
        <div className="chart-state">
          <div className="meter" />
          <span className="t2">Loading {interval} bars</span>
        </div>
      )}
      {phase.kind === 'failed' && (
        <div className="chart-state">
          <Say icon="warn" title="No history" text={phase.message}>
            <button type="button" className="btn sm" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </Say>
        </div>
      )}
      {phase.kind === 'ready' && phase.bars === 0 && (
        <div className="chart-state">
          <Say icon="info" title="No bars yet" text="The first one appears with the first trade." />
        </div>
      )}
      <div className="chart-foot">
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          Charts by TradingView
        </a>
      </div>
    </div>
  );
}

function showLegend(
  element: HTMLElement | null,
  bar: ChartBar | undefined,
  instrument: Instrument,
): void {
  if (element === null || bar === undefined) return;
  const decimals = instrument.priceScale;
  const parts: readonly (readonly [string, string])[] = [
    ['O', groupThousands(bar.open.toFixed(decimals))],
    ['H', groupThousands(bar.high.toFixed(decimals))],
    ['L', groupThousands(bar.low.toFixed(decimals))],
    ['C', groupThousands(bar.close.toFixed(decimals))],
    ['V', compactQuantity(bar.volume, 0)],
  ];
  element.replaceChildren(
    ...parts.map(([name, text]) => {
      const span = document.createElement('span');
      const figure = document.createElement('b');
      figure.textContent = text;
      span.append(`${name} `, figure);
      return span;
    }),
  );
}
