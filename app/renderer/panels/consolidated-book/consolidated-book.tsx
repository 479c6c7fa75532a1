import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { ViewCommand } from '../../commands/command-registry.ts';
import { useRegister } from '../../commands/commands-context.tsx';
import { compactQuantity, priceDecimals, quantityDecimals } from '../../format/number-text.ts';
import { useDesk, useFeed, useLinkedInstrument } from '../../state/desk.tsx';
import type { ConsolidatedMessage } from '../../state/market-store.ts';
import { usePanelState } from '../../state/panel-state.ts';
import { Note } from '../../ui/controls.tsx';
import { usePassKeyboard } from '../../ui/keyboard-place.ts';
import { Sign } from '../../ui/sign.tsx';
import { WaitingPanel } from '../../ui/waiting-panel.tsx';
import { JoinedLadder } from './joined-ladder.ts';
import { MeasureTable } from './measure-table.tsx';
import { venueWords, type VenueWords } from './venue-words.ts';
import './consolidated-book.css';

/** Levels a side. */
const LEVELS = 25;
/** Decimals beyond the tick that a converted price, or one with fees, is shown with. */
const BROKEN_DECIMALS = 1;

/** The books of the linked instrument at all venues as one. */
export function ConsolidatedBook(): ReactNode {
  const instrument = useLinkedInstrument();
  if (instrument === undefined) {
    return <WaitingPanel title="No book yet" text="It appears when the feed connects." />;
  }
  return <InstrumentBook key={instrument.id} instrument={instrument} />;
}

function InstrumentBook({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const { id } = instrument;
  const box = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  usePassKeyboard(box);
  const instruments = useFeed((state) => state.instruments);
  const connected = useFeed((state) => state.connection.phase === 'Open');
  const [fees, keepFees] = usePanelState('fees', (kept) => kept === true);
  const [book, setBook] = useState<ConsolidatedMessage>();
  useEffect(() => desk.feed.market.onConsolidated(id, LEVELS, fees, setBook), [desk, id, fees]);
  const toggle = (): void => keepFees(!fees);
  useFeesCommand(toggle);

  const venues = book === undefined ? [] : venueWords(book.venues, instruments, fees);
  const priceDigits = shownDecimals(venues, instrument, book);
  const ladder = useRef<JoinedLadder>(undefined);
  useLayoutEffect(() => {
    if (host.current !== null) ladder.current = new JoinedLadder(host.current);
  }, []);
  useLayoutEffect(() => {
    if (book === undefined) return;
    const sizeDecimals = Math.max(0, ...venues.map((one) => quantityDecimals(one.instrument)));
    ladder.current?.show(book, venues, { priceDecimals: priceDigits, sizeDecimals });
  });
  const measured = [
    { measures: book?.measures, decimals: priceDigits },
    ...venues.map((one, at) => ({
      measures: book?.venues[at]?.measures,
      decimals: priceDecimals(one.instrument),
    })),
  ];
  return (
    <div
      className="panel consolidated"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={`Consolidated book ${instrument.symbol}`}
    >
      <div className="bar">
        <span className="sym">{instrument.symbol}</span>
        <span className="t3" data-testid="joined-venues">
          {joinedWords(venues)}
        </span>
        <Crossing book={book} />
        <button
          type="button"
          className={`chip spacer${fees ? ' on' : ''}`}
          aria-pressed={fees}
          title="Prices as a taker pays them: with the fees that the settings name (F)"
          onClick={toggle}
        >
          With fees
        </button>
      </div>
      {!connected && (
        <Note level="stale" icon="plug" title="Not current" text="The feed is not connected." />
      )}
      <Legend venues={venues} />
      <div className="books">
        <div className="ladders" ref={host} />
        <MeasureTable books={measured} names={['All', ...venues.map(({ name }) => name)]} />
      </div>
    </div>
  );
}

/** The key of the button; registered once, however often the panel is drawn. */
function useFeesCommand(toggle: () => void): void {
  const newest = useRef(toggle);
  useLayoutEffect(() => {
    newest.current = toggle;
  });
  const [commands] = useState((): readonly ViewCommand[] => [
    {
      id: 'consolidated-book.fees',
      title: 'Consolidated book with fees, or without',
      keys: ['F'],
      scope: 'consolidated-book',
      order: false,
      run: () => newest.current(),
    },
  ]);
  useRegister(commands);
}

/** Decimals of joined prices: those of the finest tick; what is converted or charged lies between ticks. */
function shownDecimals(
  venues: readonly VenueWords[],
  instrument: Instrument,
  book: ConsolidatedMessage | undefined,
): number {
  const joined = venues.filter((venue) => venue.joined).map((venue) => venue.instrument);
  const finest = Math.max(...[instrument, ...joined].map(priceDecimals));
  const broken = book?.venues.some((venue) => venue.rate ?? venue.feeMillionths) === true;
  return broken ? finest + BROKEN_DECIMALS : finest;
}

function joinedWords(venues: readonly VenueWords[]): string {
  if (venues.length === 0) return '';
  const joined = venues.filter((venue) => venue.joined).length;
  return `${joined} of ${venues.length} ${venues.length === 1 ? 'venue' : 'venues'} joined`;
}

/** That a venue bids more than another one asks is no mistake: it is shown with its size. */
function Crossing({ book }: { readonly book: ConsolidatedMessage | undefined }): ReactNode {
  if (book?.crossing === undefined) return null;
  const { spreadBps = 0 } = book.measures;
  return (
    <span className="warn crossing" data-testid="crossing">
      <Sign sign="warn" why="A venue bids more than another one asks" />
      Crossed by {Math.abs(spreadBps).toFixed(2)} bp,{' '}
      {compactQuantity(book.crossing, book.quantityScale)} could trade
    </span>
  );
}

/** Which fill is whose, what prices are changed by, and who is left out and why. */
function Legend({ venues }: { readonly venues: readonly VenueWords[] }): ReactNode {
  return (
    <ul className="joined-venues" aria-label="Venues">
      {venues.map(({ name, fill, joined, note }) => (
        <li key={name} data-testid={`venue-${name}`} data-joined={joined}>
          {joined ? (
            <i className={`fill f${fill}`} aria-hidden="true" />
          ) : (
            <Sign sign="warn" why="left out" />
          )}
          <span className={joined ? 't2' : 'warn'}>{name}</span>{' '}
          {note !== '' && (
            <span className={joined ? 't3' : 't2'}>{joined ? note : `left out: ${note}`}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
