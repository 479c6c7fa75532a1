import type { ReactNode } from 'react';
import { clockSeconds } from '../format/time-text.ts';
import { useDesk, useFeed } from '../state/desk.tsx';
import type { ReplayState } from '../state/feed-session.ts';
import { Icon } from '../ui/icons.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { ReplaySheet } from './replay-sheet.tsx';
import './replay.css';

const SPEEDS = [1, 2, 5, 10, 50, 100] as const;

/** Pace and place of a replay, and the sheet that changes its place; nothing when there is none. */
export function ReplayControls(): ReactNode {
  const desk = useDesk();
  const replay = useFeed((state) => state.replay);
  if (replay === undefined) return null;
  const paused = replay.speed === 0;
  const share = (replay.at - replay.from) / Math.max(1, replay.to - replay.from);
  const known = replay.speed === 'max' || SPEEDS.some((speed) => speed === replay.speed);
  return (
    <div className="replay" role="group" aria-label="Replay" data-testid="replay-controls">
      <button
        type="button"
        aria-label={paused ? 'Play' : 'Pause'}
        onClick={() => desk.feed.setReplaySpeed(paused ? 1 : 0)}
      >
        <Icon name={paused ? 'play' : 'pause'} />
      </button>
      <select
        aria-label="Replay speed"
        value={known ? replay.speed : ''}
        onChange={({ target: { value } }) =>
          desk.feed.setReplaySpeed(value === 'max' ? 'max' : Number(value))
        }
      >
        {!known && <option value="">{paused ? 'Paused' : `${replay.speed}\u00d7`}</option>}
        {SPEEDS.map((speed) => (
          <option key={speed} value={speed}>
            {speed}
            {'\u00d7'}
          </option>
        ))}
        <option value="max">max</option>
      </select>
      <span className="meter" title={`${clockSeconds(replay.from)} to ${clockSeconds(replay.to)}`}>
        <i style={{ width: `${(100 * Math.min(1, share)).toFixed(1)}%` }} />
      </span>
      <MenuButton label={placeWords(replay)} title="Replay controller">
        <ReplaySheet replay={replay} />
      </MenuButton>
    </div>
  );
}

/** Where a replay is, in a word or as a time. */
function placeWords({ seeking, ended, at }: ReplayState): string {
  if (seeking) return 'seeking';
  return ended ? 'ended' : clockSeconds(at);
}
