import { useEffect, useState, type ReactNode } from 'react';
import { groupThousands } from '../format/number-text.ts';
import { dateClock, durationMicros, durationNanos, offsetMillis } from '../format/time-text.ts';
import { useBehind, useFeed, useHost, useTrade } from '../state/desk.tsx';
import { connectionRows } from './connection-rows.ts';
import { judgeEngine } from '../state/engine-signs.ts';
import { Icon } from '../ui/icons.tsx';
import { Sign } from '../ui/sign.tsx';
import { useNow } from '../ui/use-now.ts';

/** Points of the feed-rate line. */
const RATE_POINTS = 24;

/** How every part of the machine does, in one line. */
export function StatusBar({
  onKeys,
  onHealth,
}: {
  readonly onKeys: () => void;
  readonly onHealth: () => void;
}): ReactNode {
  const health = useFeed((state) => state.health);
  const feed = useFeed((state) => state.connection.phase);
  const kernel = useTrade((state) => state.health);
  const now = useNow(250);
  return (
    <footer className="status">
      <EngineSign onHealth={onHealth} />
      <BehindSign />
      {feed !== 'Open' && (
        <span>
          <i className="dot warn" />
          <em className="warn">Feed not connected</em>
        </span>
      )}
      {connectionRows(health?.connections ?? []).map(
        ({ name, watched, state, latency, offset }) => (
          <span key={name}>
            <i className={`dot ${state === 'Connected' ? '' : 'warn'}`} />
            {name}
            {state === 'Connected' ? (
              <>
                {(latency !== undefined || !watched) && (
                  <em className="ms">
                    {latency === undefined ? 'latency not known' : durationMicros(latency)}
                  </em>
                )}
                {offset !== undefined && (
                  <em className="off" title="Clock offset, ms">
                    {offsetMillis(offset)}
                  </em>
                )}
              </>
            ) : (
              <em className="warn">{state.toLowerCase()}</em>
            )}
          </span>
        ),
      )}
      {health !== undefined && <FeedRate perSecond={health.messagesPerSecond} />}
      {kernel !== undefined && (
        <>
          <span>
            Kernel p99 <b>{durationNanos(kernel.kernelP99Nanos)}</b>
          </span>
          <span>
            Journal p99 <b>{durationNanos(kernel.journalP99Nanos)}</b>
          </span>
          {kernel.ringLost > 0 && (
            <span className="warn">Ring lost {groupThousands(String(kernel.ringLost))}</span>
          )}
        </>
      )}
      <span className="grow" />
      <button type="button" className="help" onClick={onKeys} title="Keys (?)">
        <Icon name="keyboard" />
        Keys
      </button>
      <span className="clock">{dateClock(now)}</span>
    </footer>
  );
}

/** Said of this window, not of the engine: what is on screen is older than it looks. */
function BehindSign(): ReactNode {
  const behind = useBehind();
  if (behind === 0) return null;
  return (
    <span data-testid="behind" title="The engine goes on; this window shows it late">
      <i className="dot warn" />
      <em className="warn">This window is {durationMicros(behind)} behind</em>
    </span>
  );
}

function EngineSign({ onHealth }: { readonly onHealth: () => void }): ReactNode {
  const health = useHost((state) => state.health);
  const heardAt = useHost((state) => state.healthHeardAt);
  const now = useNow(500) * 1000;
  const { sign, why } = judgeEngine(health, heardAt, now);
  return (
    <button
      type="button"
      className="help"
      onClick={onHealth}
      data-testid="engine-sign"
      data-sign={sign}
      title="Open Health"
    >
      <Sign sign={sign} why={why} />
      <em className={sign === 'ok' ? '' : sign}>{why ?? 'Engine in order'}</em>
    </button>
  );
}

function FeedRate({ perSecond }: { readonly perSecond: number }): ReactNode {
  const [course, setCourse] = useState<readonly number[]>([]);
  useEffect(() => {
    setCourse((before) => [...before, perSecond].slice(-RATE_POINTS));
  }, [perSecond]);
  const most = Math.max(1, ...course);
  const points = course
    .map((value, index) => `${(index * 56) / (RATE_POINTS - 1)},${11 - (9 * value) / most}`)
    .join(' ');
  return (
    <span>
      Feed <b>{groupThousands(String(Math.round(perSecond)))}</b> msg/s
      <svg width="56" height="12" viewBox="0 0 56 12" aria-hidden="true">
        <polyline className="rate" points={points} />
      </svg>
    </span>
  );
}
