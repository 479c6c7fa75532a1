import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { INTERVALS, type Interval } from '../../../engine/domain/market.ts';
import type { Drawing, DrawingKind } from '../../charts/drawing.ts';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { useCommands, useRegister } from '../../commands/commands-context.tsx';
import { useArming } from '../../commands/use-arming.ts';
import { changePercentText, priceText } from '../../format/number-text.ts';
import { PriceCell } from '../../format/price-cell.ts';
import { watchedVenue } from '../../format/venue-word.ts';
import { useDesk, useFeed, useLink, useLinkedInstrument } from '../../state/desk.tsx';
import { usePanelState, type PanelJson } from '../../state/panel-state.ts';
import { marketStatusWords } from '../../state/market-status.ts';
import { Badge, Say, Segments } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { dragInstrument } from '../../ui/instrument-drag.ts';
import { Padlock } from '../../ui/padlock.tsx';
import { WaitingPanel } from '../../ui/waiting-panel.tsx';
import { chartCommands } from './chart-commands.ts';
import { ChartController, type ChartPhase } from './chart-controller.ts';
import {
  MOST_DRAWINGS,
  readSetup,
  SETUP_FORM,
  withDrawings,
  type ChartSetup,
} from './chart-setup.ts';
import { studyWords } from './chart-studies.ts';
import { TYPE_CHOICES } from './chart-words.ts';
import { Choice } from './choice.tsx';
import { DrawMenu } from './draw-menu.tsx';
import { StudyMenu } from './study-menu.tsx';
import { TextEntry, type PlacedText } from './text-entry.tsx';
import { ViewMenu } from './view-menu.tsx';
import './chart.css';

const CHOICES = INTERVALS.map((interval) => ({ value: interval, label: interval }));

/** The bars of the linked instrument with studies, own orders, position and fills. */
export function Chart(): ReactNode {
  const instrument = useLinkedInstrument();
  const [setup, change] = useSetup();
  const epoch = useFeed((state) => state.epoch);
  const instruments = useFeed((state) => state.instruments);
  useLinkedInterval(setup.interval, change);
  const controller = useRef<ChartController>(undefined);
  const studyButton = useRef<HTMLButtonElement>(null);
  const desk = useDesk();
  const [tool, setTool] = useState<DrawingKind>();
  const arming = useArming();
  useRegister(useChartCommands(controller, studyButton));
  const onChart = useCallback((chart: ChartController | undefined) => {
    controller.current = chart;
  }, []);
  if (instrument === undefined) {
    return <WaitingPanel title="No chart yet" text="It fills when the feed connects." />;
  }
  const status = marketStatusWords(instrument);
  const venue = watchedVenue(instrument, instruments);
  const draw = (own: readonly Drawing[]): void => {
    const drawings = withDrawings(setup.drawings, instrument.id, own);
    if (drawings !== setup.drawings) change({ drawings });
    else desk.notices.raise('warning', 'Not drawn', `A chart keeps ${MOST_DRAWINGS} drawings`);
  };
  return (
    <div
      className="panel chart"
      tabIndex={0}
      role="group"
      aria-label={`Chart of ${instrument.symbol}`}
      onKeyDown={(event) => {
        // On the chart itself: the keys of what stands in its bar are their own.
        const own = event.target === event.currentTarget;
        if (own && controller.current?.press(event) === true) event.preventDefault();
      }}
    >
      <div className="bar">
        <span
          className="sym"
          draggable
          title="Drag it to a panel that is to show it"
          onDragStart={({ nativeEvent }) => dragInstrument(nativeEvent, instrument)}
        >
          {instrument.symbol}
          {venue !== undefined && <small> {venue}</small>}
        </span>
        <LastPrice key={instrument.id} instrument={instrument} />
        {status !== undefined && (
          <Badge word={status.word} why={`${instrument.symbol} ${status.text}`} />
        )}
        <span className="spacer tools">
          <Padlock {...arming} />
          <Segments
            label="Interval"
            options={CHOICES}
            value={setup.interval}
            onChange={(interval) => {
              change({ interval });
              desk.link.choose({ interval });
            }}
          />
          <Choice
            label="Chart type"
            options={TYPE_CHOICES}
            value={setup.type}
            onChange={(type) => change({ type })}
          />
          <ViewMenu instrument={instrument} setup={setup} onChange={change} />
          <StudyMenu
            studies={setup.studies}
            button={studyButton}
            onChange={(studies) => change({ studies })}
          />
          <DrawMenu
            tool={tool}
            drawings={setup.drawings[instrument.id]?.length ?? 0}
            onTool={(next) => controller.current?.setTool(next)}
            onDelete={() => controller.current?.deleteDrawing()}
            onClear={() => draw([])}
          />
          <button
            type="button"
            className="chip"
            title="Save a picture (P)"
            aria-label="Save a picture of the chart"
            onClick={() => controller.current?.savePicture()}
          >
            <Icon name="picture" />
          </button>
          <button
            type="button"
            className="chip"
            title="Newest bar (End)"
            aria-label="Scroll to the newest bar"
            onClick={() => controller.current?.toNewest()}
          >
            <Icon name="last" />
          </button>
        </span>
      </div>
      <Stage
        key={`${instrument.id} ${setup.interval} ${epoch}`}
        instrument={instrument}
        setup={setup}
        onChart={onChart}
        onDrawings={draw}
        onTool={setTool}
      />
    </div>
  );
}

function useChartCommands(
  controller: { readonly current: ChartController | undefined },
  studyButton: { readonly current: HTMLButtonElement | null },
): readonly DeskCommand[] {
  return useMemo(
    () =>
      chartCommands({
        chart: () => controller.current,
        openStudies: () => studyButton.current?.click(),
      }),
    [controller, studyButton],
  );
}

/** The panel's setup and the way to change parts of it. */
function useSetup(): readonly [ChartSetup, (part: Partial<ChartSetup>) => void] {
  const [kept, keep] = usePanelState('chart', (value) => (value ?? null) as PanelJson);
  const setup = useMemo(() => readSetup(kept), [kept]);
  const change = (part: Partial<ChartSetup>): void => {
    keep(JSON.parse(JSON.stringify({ form: SETUP_FORM, ...setup, ...part })));
  };
  return [setup, change];
}

/** Takes the interval of the link group, where it is linked. */
function useLinkedInterval(own: Interval, change: (part: Partial<ChartSetup>) => void): void {
  const linked = useLink((state) => state.interval);
  const newest = useRef({ own, change });
  useEffect(() => {
    newest.current = { own, change };
  });
  useEffect(() => {
    const { current } = newest;
    if (linked !== undefined && linked !== current.own) current.change({ interval: linked });
  }, [linked]);
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
  setup,
  onChart,
  onDrawings,
  onTool,
}: {
  readonly instrument: Instrument;
  readonly setup: ChartSetup;
  readonly onChart: (chart: ChartController | undefined) => void;
  readonly onDrawings: (drawings: readonly Drawing[]) => void;
  readonly onTool: (tool: DrawingKind | undefined) => void;
}): ReactNode {
  const desk = useDesk();
  // A chart is drawn at the scales of its prices, which other rules of the venue do not change.
  const [drawn] = useState(instrument);
  const canvas = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDivElement>(null);
  const trust = useRef<HTMLDivElement>(null);
  const said = useRef<HTMLDivElement>(null);
  const made = useRef<ChartController>(undefined);
  const newest = useRef({ setup, onDrawings });
  const { actions } = useCommands();
  const [writing, setWriting] = useState<PlacedText>();
  const [phase, setPhase] = useState<ChartPhase>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    newest.current = { setup, onDrawings };
    made.current?.setSetup(setup);
  }, [setup, onDrawings]);
  useEffect(() => {
    if (canvas.current === null || legend.current === null || trust.current === null) {
      return undefined;
    }
    const places = { canvas: canvas.current, legend: legend.current, trust: trust.current };
    const { setup: begun } = newest.current;
    const chart = new ChartController(places, drawn, begun, desk, actions, {
      onPhase: setPhase,
      onDrawings: (drawings) => newest.current.onDrawings(drawings),
      onText: (point, x, y) => setWriting({ point, x, y }),
      onTool,
      onSay: (words) => {
        if (said.current !== null) said.current.textContent = words;
      },
    });
    made.current = chart;
    onChart(chart);
    return () => {
      onChart(undefined);
      onTool(undefined);
      made.current = undefined;
      chart.dispose();
    };
  }, [desk, actions, drawn, attempt, onChart, onTool]);
  const studies = setup.studies.map(studyWords);
  return (
    <div className="stage">
      <div className="legend" ref={legend} aria-hidden="true" />
      <div
        className="canvas"
        ref={canvas}
        role="img"
        aria-label={[`Chart ${instrument.symbol} ${setup.interval}`, ...studies].join(', ')}
        onMouseDownCapture={() => made.current?.dropPen()}
      />
      <div className="trust" ref={trust} role="img" data-testid="chart-trust" />
      <div className="pen-said" ref={said} aria-live="polite" data-testid="chart-said" />
      {writing !== undefined && (
        <TextEntry
          place={writing}
          onEnd={(text) => {
            if (text !== '') made.current?.keepText(writing.point, text);
            setWriting(undefined);
          }}
        />
      )}
      {phase.kind === 'loading' && (
        <div className="chart-state">
          <div className="still-bars" />
          <span className="t2">Loading {setup.interval} bars</span>
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
