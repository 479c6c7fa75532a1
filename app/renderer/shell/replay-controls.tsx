import type { ReactNode } from 'react';
import { clockSeconds } from '../format/time-text.ts';
import { useDesk, useFeed } from '../state/desk.tsx';
import { Icon } from '../ui/icons.tsx';

const SPEEDS = [1, 2, 5, 10, 50, 100] as const;

/** Pace and place of a replay; nothing when there is none. */
export function ReplayControls(): ReactNode {
  const desk = useDesk();
  const replay = useFeed((state) => state.replay);
  if (replay === undefined) return null;
  const paused = replay.speed === 0;
  const share = (replay.at - replay.from) / Math.max(1, replay.to - replay.from);
  const known = SPEEDS.some((speed) => speed === replay.speed);
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
        onChange={(event) => desk.feed.setReplaySpeed(Number(event.target.value))}
      >
        {!known && <option value="">{paused ? 'Paused' : `${replay.speed}\u00d7`}</option>}
        {SPEEDS.map((speed) => (
          <option key={speed} value={speed}>
            {speed}
            {'\u00d7'}
          </option>
        ))}
      </select>
      <span className="meter" title={`${clockSeconds(replay.from)} to ${clockSeconds(replay.to)}`}>
        <i style={{ width: `${(100 * Math.min(1, share)).toFixed(1)}%` }} />
      </span>
      <span className="t2">{replay.ended ? 'ended' : clockSeconds(replay.at)}</span>
    </div>
  );
}
