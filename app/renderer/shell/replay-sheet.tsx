import { useEffect, useState, type ReactNode } from 'react';
import { unixMicros, type UnixMicros } from '../../engine/domain/time.ts';
import { typedWithin } from '../format/time-input.ts';
import { dateClock, clockMillis } from '../format/time-text.ts';
import { useDesk, useFeed } from '../state/desk.tsx';
import type { ReplayState } from '../state/feed-session.ts';
import type { ReplayCoverage } from '../state/market-store.ts';

const SECOND = 1_000_000;
/** Gaps that are told one by one. */
const MOST_GAPS = 8;

/** Where a replay stands in its span: what of it is stored, a time to type, a slider, one event more. */
export function ReplaySheet({ replay }: { readonly replay: ReplayState }): ReactNode {
  const desk = useDesk();
  const coverage = useCoverage();
  const { from, to, at, speed, ended, seeking } = replay;
  const seek = (micros: number): void => {
    desk.feed.seekReplay(unixMicros(Math.min(to, Math.max(from, Math.round(micros)))));
  };
  return (
    <div className="replay-sheet">
      <p className="t2">
        {dateClock(from / 1000)}
        <br />
        {dateClock(to / 1000)}
      </p>
      <TimeField replay={replay} onSeek={seek} />
      <PlaceSlider replay={replay} onSeek={seek} />
      <Strip replay={replay} coverage={coverage} />
      <p className="row">
        <button
          type="button"
          className="chip"
          disabled={speed !== 0 || ended || seeking}
          title={speed === 0 ? 'The next event alone' : 'Pause it first'}
          onClick={() => desk.feed.stepReplay()}
        >
          Next event
        </button>
        <span className="t2" role="status">
          {stateWords(replay)} {clockMillis(at)}
        </span>
      </p>
      <Gaps coverage={coverage} />
      <p className="t3">Another time ends working orders.</p>
    </div>
  );
}

function stateWords({ seeking, ended, speed }: ReplayState): string {
  if (seeking) return 'Seeking';
  if (ended) return 'Ended';
  if (speed === 0) return 'Paused';
  return speed === 'max' ? 'Playing, max,' : `Playing ${speed}\u00d7`;
}

/** What is stored of the span; asked once, when the sheet opens. */
function useCoverage(): readonly ReplayCoverage[] {
  const desk = useDesk();
  const [coverage, setCoverage] = useState<readonly ReplayCoverage[]>([]);
  useEffect(() => {
    let left = false;
    void desk.feed.market.loadReplayCoverage().then((loaded) => {
      if (!left && loaded.ok) setCoverage(loaded.value);
    });
    return () => {
      left = true;
    };
  }, [desk]);
  return coverage;
}

interface SeekProps {
  readonly replay: ReplayState;
  readonly onSeek: (micros: number) => void;
}

/** A time to go to, typed; Enter goes. */
function TimeField({ replay: { at, from, to }, onSeek }: SeekProps): ReactNode {
  const [text, setText] = useState('');
  const typed = text === '' ? undefined : typedWithin(text, { near: at, from, to });
  const outside = typed !== undefined && (typed < from || typed > to);
  const wrong = text !== '' && (typed === undefined || outside);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === undefined || outside) return;
        onSeek(typed);
        setText('');
      }}
    >
      <label>
        Go to
        <input
          type="text"
          value={text}
          placeholder={dateClock(at / 1000)
            .replace('\u2002', ' ')
            .slice(0, 19)}
          aria-invalid={wrong}
          aria-describedby="replay-time-wrong"
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <span id="replay-time-wrong" className="wrong" role="alert">
        {wrong && (outside ? 'Not in the span' : 'A date and a time, or a time')}
      </span>
    </form>
  );
}

/** The place in the span: dragged and let go, or moved by keys, it goes there. */
function PlaceSlider({ replay: { at, from, to }, onSeek }: SeekProps): ReactNode {
  const [dragged, setDragged] = useState<number>();
  const shown = dragged ?? at;
  const go = (): void => {
    if (dragged === undefined) return;
    onSeek(dragged);
    setDragged(undefined);
  };
  return (
    <input
      type="range"
      aria-label="Place in the replay"
      aria-valuetext={dateClock(shown / 1000).replace('\u2002', ' ')}
      min={from}
      max={to}
      step={SECOND}
      value={shown}
      onChange={({ target }) => setDragged(Number(target.value))}
      onPointerUp={go}
      onKeyUp={go}
      onBlur={go}
    />
  );
}

/** The span with what is stored of it, an instrument a row. */
function Strip({
  replay: { from, to, at },
  coverage,
}: {
  readonly replay: ReplayState;
  readonly coverage: readonly ReplayCoverage[];
}): ReactNode {
  const symbols = useSymbols();
  const length = Math.max(1, to - from);
  const share = (micros: UnixMicros): number =>
    100 * Math.min(1, Math.max(0, (micros - from) / length));
  const bar = (part: { readonly from: UnixMicros; readonly to: UnixMicros }) => ({
    left: `${share(part.from)}%`,
    width: `max(1px, ${share(part.to) - share(part.from)}%)`,
  });
  return (
    <ul className="strips" aria-label="What is stored">
      {coverage.map(({ instrument, parts, gaps }) => (
        <li key={instrument}>
          <span>{symbols(instrument)}</span>
          <span className="strip">
            {parts.map((part) => (
              <i key={part.from} className="part" style={bar(part)} />
            ))}
            {gaps.map((gap) => (
              <i
                key={`${gap.from} ${gap.cause}`}
                className="gap"
                style={bar(gap)}
                title={gap.cause}
              />
            ))}
            <i className="at" style={{ left: `${share(at)}%` }} />
          </span>
          <span className="t3">{gapCount(gaps.length)}</span>
        </li>
      ))}
    </ul>
  );
}

function gapCount(count: number): string {
  if (count === 0) return 'no gaps';
  return count === 1 ? '1 gap' : `${count} gaps`;
}

/** The first gaps in words. */
function Gaps({ coverage }: { readonly coverage: readonly ReplayCoverage[] }): ReactNode {
  const symbols = useSymbols();
  const gaps = coverage.flatMap(({ instrument, gaps: own }) =>
    own.map((gap) => ({ ...gap, instrument })),
  );
  if (gaps.length === 0) return null;
  return (
    <ul className="gaps t2" aria-label="Gaps">
      {gaps.slice(0, MOST_GAPS).map(({ instrument, from, to, cause }) => (
        <li key={`${instrument} ${from} ${cause}`}>
          {symbols(instrument)} {clockMillis(from)}
          {'\u2013'}
          {clockMillis(to)} {cause}
        </li>
      ))}
      {gaps.length > MOST_GAPS && <li>{gaps.length - MOST_GAPS} more</li>}
    </ul>
  );
}

function useSymbols(): (id: ReplayCoverage['instrument']) => string {
  const instruments = useFeed((state) => state.instruments);
  return (id) => instruments.find((one) => one.id === id)?.symbol ?? id;
}
