import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { PriceCell } from '../../format/price-cell.ts';
import { changePercentText, priceText } from '../../format/number-text.ts';
import { watchedVenue } from '../../format/venue-word.ts';
import { useDesk, useFeed, useLink } from '../../state/desk.tsx';
import type { QuoteMessage } from '../../state/market-store.ts';
import { marketStatusWords } from '../../state/market-status.ts';
import { dragInstrument } from '../../ui/instrument-drag.ts';
import { WaitingPanel } from '../../ui/waiting-panel.tsx';
import { Spark } from './spark.tsx';
import './watchlist.css';

/** Every instrument of the feed with its last price, its day and its trust; choosing one moves the linked panels. */
export function Watchlist(): ReactNode {
  const desk = useDesk();
  const instruments = useFeed((state) => state.instruments);
  const selected = useLink((state) => state.instrument);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    // Chosen now, not as drawn last: keys may come faster than pictures.
    const chosen = desk.link.store.getState().instrument;
    const at = instruments.findIndex((instrument) => instrument.id === chosen);
    const next = instruments[Math.max(0, Math.min(instruments.length - 1, at + step))];
    if (next !== undefined) desk.link.select(next.id);
  };
  if (instruments.length === 0) {
    return (
      <WaitingPanel title="Waiting for instruments" text="They appear when the feed connects." />
    );
  }
  return (
    <div
      className="panel watchlist"
      tabIndex={0}
      role="listbox"
      aria-label="Instruments"
      onKeyDown={onKeyDown}
    >
      <div className="watch-row colhead" aria-hidden="true">
        <span>Instrument</span>
        <span>24 h</span>
        <span className="r">Last</span>
        <span className="r">Chg %</span>
      </div>
      <div className="watch-rows">
        {instruments.map((instrument) => (
          <WatchRow
            key={instrument.id}
            instrument={instrument}
            venue={watchedVenue(instrument, instruments)}
            selected={instrument.id === selected}
            onSelect={() => desk.link.select(instrument.id)}
          />
        ))}
      </div>
    </div>
  );
}

function WatchRow({
  instrument,
  venue,
  selected,
  onSelect,
}: {
  readonly instrument: Instrument;
  /** Of one that is only watched. */
  readonly venue: string | undefined;
  readonly selected: boolean;
  readonly onSelect: () => void;
}): ReactNode {
  const desk = useDesk();
  const row = useRef<HTMLDivElement>(null);
  const last = useRef<HTMLSpanElement>(null);
  const change = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const elements = [row.current, last.current, change.current] as const;
    const [rowElement, lastElement, changeElement] = elements;
    if (rowElement === null || lastElement === null || changeElement === null) return undefined;
    const cell = new PriceCell(lastElement);
    cell.missing('no trade yet');
    return desk.feed.market.onQuote(instrument.id, (quote) => {
      rowElement.classList.toggle('stale', quote.state !== 'Live');
      if (quote.last !== undefined) cell.show(priceText(quote.last, instrument), quote.last);
      showChange(changeElement, quote, instrument);
    });
  }, [desk, instrument]);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <div
      ref={row}
      className={`watch-row${selected ? ' sel' : ''}`}
      role="option"
      aria-selected={selected}
      data-testid={`watch-${instrument.symbol}${venue === undefined ? '' : `.${venue}`}`}
      draggable
      onDragStart={({ nativeEvent }) => dragInstrument(nativeEvent, instrument)}
      onClick={onSelect}
    >
      <span className="name">
        {instrument.symbol}
        {venue !== undefined && <small> {venue}</small>}
      </span>
      <DaySpark instrument={instrument} />
      <span className="r" ref={last} />
      <span className="r" ref={change} />
    </div>
  );
}

function showChange(element: HTMLElement, quote: QuoteMessage, instrument: Instrument): void {
  const status = marketStatusWords(instrument);
  element.title = status === undefined ? '' : `${instrument.symbol} ${status.text}`;
  if (status !== undefined) {
    element.textContent = status.short;
    element.className = 'r status';
    return;
  }
  if (quote.state !== 'Live') {
    element.textContent = quote.state === 'Stale' ? 'stale' : 'resync';
    element.className = 'r';
    return;
  }
  const { last, dayBase } = quote;
  const known = last !== undefined && dayBase !== undefined;
  const text = known ? changePercentText(last, dayBase) : undefined;
  element.textContent = text ?? '\u2013';
  element.className = `r ${directionOf(text)}`;
}

function directionOf(text: string | undefined): string {
  if (text === undefined) return 'none';
  if (text.startsWith('+')) return 'up';
  return text.startsWith('\u2212') ? 'down' : '';
}

function DaySpark({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const connected = useFeed((state) => state.connection.phase === 'Open');
  const [values, setValues] = useState<readonly number[]>([]);
  useEffect(() => {
    let current = true;
    if (!connected) return undefined;
    desk.bars.newest(instrument.id, '1h', 24).then(
      (bars) => {
        if (current) setValues(bars.map((bar) => bar[4]));
      },
      // A missing sparkline is shown as none; the change in figures says the same.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [desk, instrument.id, connected]);
  return <Spark values={values} />;
}
