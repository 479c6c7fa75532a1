import type { ReactNode } from 'react';
import { durationMicros } from '../../format/time-text.ts';
import { useFeed, useHost, useTrade } from '../../state/desk.tsx';
import { judgeEngine } from '../../state/engine-signs.ts';
import { Note, Say } from '../../ui/controls.tsx';
import { Sign } from '../../ui/sign.tsx';
import { useNow } from '../../ui/use-now.ts';
import { BadInputTable } from './bad-input-table.tsx';
import { ConnectionTable } from './connection-table.tsx';
import { DataTable } from './data-table.tsx';
import { ProcessTable } from './process-table.tsx';
import { StorageTable } from './storage-table.tsx';
import { TradingTable } from './trading-table.tsx';
import './health.css';

/** Processes, connections, data, journal, disk and everything that came in wrong, each with a sign. */
export function Health(): ReactNode {
  const health = useHost((state) => state.health);
  const heardAt = useHost((state) => state.healthHeardAt);
  const now = useNow(500) * 1000;
  if (health === undefined) {
    return (
      <div className="panel health" tabIndex={0}>
        <Say icon="plug" title="No report yet" text="The engine reports once a second." />
      </div>
    );
  }
  const silent = now - heardAt;
  const all = judgeEngine(health, heardAt, now);
  return (
    <div className="panel health" tabIndex={0}>
      {silent > 4_000_000 && (
        <Note
          level="stale"
          icon="plug"
          title="Not current"
          text={`the engine has not reported for ${durationMicros(silent)}`}
        />
      )}
      <div className="bar" data-testid="health-overall" data-sign={all.sign}>
        <Sign {...all} />
        <span className={all.sign === 'ok' ? 't2' : all.sign}>
          {all.why ?? 'Everything is in order'}
        </span>
      </div>
      <div className="health-scroll" tabIndex={0} role="region" aria-label="Parts of the engine">
        <div className="health-columns">
          <ConnectionTable health={health} />
          <ProcessTable health={health} />
          <TradingTable health={health} />
          <StorageTable health={health} />
          <DataTable health={health} />
          <BadInputTable health={health} />
          <Windows />
        </div>
      </div>
    </div>
  );
}

function Windows(): ReactNode {
  const sockets = [
    ['feed', useFeed((state) => state.connection)],
    ['trade', useTrade((state) => state.connection)],
    ['host', useHost((state) => state.connection)],
  ] as const;
  return (
    <section aria-label="This window">
      <table>
        <thead>
          <tr>
            <th>This window</th>
            <th>State</th>
            <th className="r">Malformed</th>
          </tr>
        </thead>
        <tbody>
          {sockets.map(([name, socket]) => (
            <tr key={name}>
              <td>
                <Sign sign={socket.phase === 'Open' ? 'ok' : 'bad'} />
                {name}
              </td>
              <td>{socket.phase}</td>
              <td
                className={`r ${socket.malformed > 0 ? 'bad' : ''}`}
                title={socket.malformedDetail}
              >
                {socket.malformed}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
