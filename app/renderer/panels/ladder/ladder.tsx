import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Price } from '../../../engine/domain/price.ts';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { useCommands, useKeyOf, useRegister } from '../../commands/commands-context.tsx';
import { shortQuantity } from '../../format/number-text.ts';
import { clockSeconds, durationMicros, zoneName } from '../../format/time-text.ts';
import { useBehind, useDesk, useLink, useLinkedInstrument } from '../../state/desk.tsx';
import { usePanelState } from '../../state/panel-state.ts';
import { defaultSize, sizePresets } from '../../state/sizes.ts';
import { Note } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { usePassKeyboard } from '../../ui/keyboard-place.ts';
import { onThemeChange, tokenPixels } from '../../ui/theme.ts';
import { WaitingPanel } from '../../ui/waiting-panel.tsx';
import { ladderCommands } from './ladder-commands.ts';
import { LadderController } from './ladder-controller.ts';
import { LadderHead } from './ladder-head.tsx';
import { GROUPS } from './ladder-model.ts';
import type { VolumeSpan } from './ladder-volume.ts';
import { useQuoteState } from './use-quote-state.ts';
import './ladder.css';

/** The ladder of the linked instrument. */
export function Ladder(): ReactNode {
  const instrument = useLinkedInstrument();
  if (instrument === undefined) {
    return (
      <WaitingPanel title="No market data yet" text="The ladder fills when the feed connects." />
    );
  }
  return <InstrumentLadder key={instrument.id} instrument={instrument} />;
}

function InstrumentLadder({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const { actions } = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  usePassKeyboard(box);
  const controller = useRef<LadderController>(undefined);
  const size = useLink((state) => state.sizes.get(instrument.id));
  const [postOnly, setPostOnly] = useState(false);
  const [group, setGroup] = useState<number>(1);
  const [wantsVolume, keepVolume] = usePanelState('volume', (kept) => kept !== false);
  const [volume, setVolume] = useState<VolumeSpan>();
  const toggleVolume = useRef((): void => undefined);
  useLayoutEffect(() => {
    toggleVolume.current = () => keepVolume(!wantsVolume);
  });
  const centreKey = useKeyOf('ladder.centre');
  const { state, hasPrice, newest } = useQuoteState(instrument.id);
  const behind = useBehind();

  const { id } = instrument;
  useEffect(() => {
    const element = host.current;
    // The rules of now: the ladder follows them by itself, so that rows stand still when a market halts.
    const rules = desk.feed.instrument(id);
    if (element === null || rules === undefined) return undefined;
    const made = new LadderController(element, rules, tokenPixels('ladder-h'), desk, actions, {
      onGroup: setGroup,
      onVolume: setVolume,
      onToggleVolume: () => toggleVolume.current(),
    });
    controller.current = made;
    const ended = onThemeChange(() =>
      made.view.resize(element.clientHeight, tokenPixels('ladder-h')),
    );
    return () => {
      ended();
      made.dispose();
    };
  }, [desk, actions, id]);

  useEffect(() => controller.current?.showVolume(wantsVolume), [wantsVolume, desk, actions, id]);

  // Before the first trade the bid is a price too: the ticket counts by the same.
  const about = useCallback((): Price | undefined => {
    const quote = desk.feed.market.quote(instrument.id);
    return quote?.last ?? quote?.bid;
  }, [desk, instrument.id]);
  useEffect(() => {
    if (size === undefined && hasPrice) {
      desk.link.setSize(instrument.id, defaultSize(instrument, about()));
    }
  }, [desk, instrument, size, hasPrice, about]);

  const presets = useMemo(
    () => (hasPrice ? sizePresets(instrument, about()) : []),
    [instrument, hasPrice, about],
  );
  useEffect(
    () => controller.current?.setEntry({ size, postOnly, presets }),
    [size, postOnly, presets],
  );
  useRegister(useLadderCommands(controller));

  const regroup = (next: number): void => {
    setGroup(next);
    controller.current?.setGroup(next);
  };
  return (
    <div
      className={`panel ladder${wantsVolume ? ' with-volume' : ''}`}
      ref={box}
      tabIndex={0}
      role="group"
      aria-label={`Ladder ${instrument.symbol}`}
    >
      <LadderHead instrument={instrument} />
      <div className="bar sizes">
        {presets.map((preset) => (
          <button
            key={preset}
            type="button"
            className={`chip${preset === size ? ' on' : ''}`}
            aria-pressed={preset === size}
            onClick={() => desk.link.setSize(instrument.id, preset)}
          >
            {shortQuantity(preset, instrument)}
          </button>
        ))}
        <select
          className="chip spacer"
          aria-label="Ticks a row"
          value={group}
          onChange={(event) => regroup(Number(event.target.value))}
        >
          {GROUPS.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 1 ? '1 tick' : `${choice} ticks`}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={`chip volume-chip${wantsVolume ? ' on' : ''}`}
          aria-pressed={wantsVolume}
          aria-label="Vol: what traded at each price"
          title="What traded at each price"
          onClick={() => toggleVolume.current()}
        >
          Vol
        </button>
        <button
          type="button"
          className={`chip${postOnly ? ' on' : ''}`}
          aria-pressed={postOnly}
          onClick={() => setPostOnly(!postOnly)}
        >
          Post only
        </button>
        <button
          type="button"
          className="chip"
          title={centreKey === undefined ? 'Centre' : `Centre (${centreKey})`}
          aria-label="Centre the ladder"
          onClick={() => controller.current?.centre()}
        >
          <Icon name="centre" />
        </button>
      </div>
      <div className="dom-cols colhead" aria-hidden="true">
        <VolumeHead span={volume} rowHeight={group * instrument.tickSize} />
        <span>Buys</span>
        <span>Bid</span>
        <span className="c">Price</span>
        <span>Ask</span>
        <span className="l">Sells</span>
        <span>Last</span>
      </div>
      <div
        className={`dom${state === 'Live' ? '' : ' frozen'}`}
        ref={host}
        role="grid"
        aria-label="Prices"
      />
      {/* Below the rows: none of them moves when it comes or goes. */}
      {state !== 'Live' && hasPrice && (
        <Note
          level="stale"
          icon="clock"
          title={state === 'Resyncing' ? 'Book is being rebuilt' : 'Stale prices'}
          text={
            behind === 0
              ? 'Orders here are guarded'
              : `This window is ${durationMicros(behind)} behind; orders here are guarded`
          }
        >
          {newest !== undefined && newest > 0 && (
            <span className="t2 newest">newest of {clockSeconds(newest)}</span>
          )}
        </Note>
      )}
      <div className="dom-foot">
        <button
          type="button"
          className="buy"
          onClick={() => actions.cancelAll(instrument.id, 'Buy')}
        >
          Cancel bids
        </button>
        <button type="button" onClick={() => actions.cancelAll(instrument.id)}>
          Cancel all
        </button>
        <button
          type="button"
          className="sell"
          onClick={() => actions.cancelAll(instrument.id, 'Sell')}
        >
          Cancel asks
        </button>
        <button type="button" className="flat" onClick={() => actions.flatten(instrument.id)}>
          Flatten
        </button>
      </div>
    </div>
  );
}

/** The head of the column says since when it is counted; its tip, what may be missing. */
function VolumeHead({
  span,
  rowHeight,
}: {
  readonly span: VolumeSpan | undefined;
  readonly rowHeight: number;
}): ReactNode {
  if (span === undefined) return <span className="vol">Volume</span>;
  const { since, missed, step } = span;
  const from = clockSeconds(since);
  const coarse = rowHeight % step !== 0;
  const words = [
    `Traded at each price since ${from} ${zoneName(since / 1000)}`,
    ...(missed === 0 ? [] : [`${missed} trades of the venue never came`]),
    ...(coarse ? ['counted in rows of more ticks: choose more ticks a row'] : []),
  ];
  return (
    <span className="vol" title={words.join('; ')} data-testid="volume-head">
      {missed > 0 && <b className="warn">! </b>}
      {coarse ? 'Too fine' : `Vol ${from.slice(0, 5)}`}
    </span>
  );
}

function useLadderCommands(controller: {
  readonly current: LadderController | undefined;
}): readonly DeskCommand[] {
  return useMemo(() => ladderCommands(() => controller.current), [controller]);
}
