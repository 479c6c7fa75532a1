import type { ReactNode } from 'react';
import { durationMicros, durationNanos, offsetMillis } from '../../format/time-text.ts';
import { groupThousands } from '../../format/number-text.ts';
import { useFeed, useHost, useTrade } from '../../state/desk.tsx';
import './health.css';

const count = (value: number): string => groupThousands(String(Math.round(value)));

/** Processes, connections and counters: everything that can go wrong, as it is now. */
export function Health(): ReactNode {
  return (
    <div className="panel health" tabIndex={0}>
      <Connections />
      <Processes />
      <Kernel />
    </div>
  );
}

function Processes(): ReactNode {
  const processes = useHost((state) => state.processes);
  const sockets = [
    ['feed', useFeed((state) => state.connection)],
    ['trade', useTrade((state) => state.connection)],
    ['host', useHost((state) => state.connection)],
  ] as const;
  return (
    <section aria-label="Processes">
      <table>
        <thead>
          <tr>
            <th>Process</th>
            <th>State</th>
            <th className="r">Pid</th>
            <th className="r">Restarts</th>
          </tr>
        </thead>
        <tbody>
          {processes.map((process) => (
            <tr key={process.name} data-testid={`process-${process.name}`}>
              <td>{process.name}</td>
              <td className={process.state === 'Running' ? 'ok' : 'warn'}>
                {process.state}
                {process.detail !== undefined && <span className="t3"> {process.detail}</span>}
              </td>
              <td className="r">{process.pid ?? <span className="none">none</span>}</td>
              <td className={`r ${process.restarts > 0 ? 'warn' : ''}`}>{process.restarts}</td>
            </tr>
          ))}
        </tbody>
      </table>
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
              <td>{name}</td>
              <td className={socket.phase === 'Open' ? 'ok' : 'warn'}>{socket.phase}</td>
              <td
                className={`r ${socket.malformed > 0 ? 'bad' : ''}`}
                title={socket.malformedDetail}
              >
                {count(socket.malformed)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Connections(): ReactNode {
  const health = useFeed((state) => state.health);
  const replay = useFeed((state) => state.replay);
  return (
    <section className="wide" aria-label="Connections">
      <table>
        <thead>
          <tr>
            <th>Connection</th>
            <th>State</th>
            <th className="r">Latency</th>
            <th className="r">Offset ms</th>
            <th className="r">Messages</th>
            <th className="r">Unknown</th>
            <th className="r">Errors</th>
            <th className="r">Reconnects</th>
            <th className="r">Resyncs</th>
          </tr>
        </thead>
        <tbody>
          {health?.connections.map((connection) => (
            <tr key={connection.connection}>
              <td>{connection.connection}</td>
              <td className={connection.state === 'Connected' ? 'ok' : 'warn'}>
                {connection.state}
              </td>
              <td className="r">
                {connection.latencyMicros === undefined
                  ? 'not known'
                  : durationMicros(connection.latencyMicros)}
              </td>
              <td className="r">
                {connection.clockOffsetMicros === undefined
                  ? 'not known'
                  : offsetMillis(connection.clockOffsetMicros)}
              </td>
              <td className="r">{count(connection.messages)}</td>
              <td className={`r ${connection.unknownMessages > 0 ? 'warn' : ''}`}>
                {count(connection.unknownMessages)}
              </td>
              <td className={`r ${connection.parseErrors > 0 ? 'bad' : ''}`}>
                {count(connection.parseErrors)}
              </td>
              <td className="r">{count(connection.reconnects)}</td>
              <td className="r">{count(connection.resyncs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {health === undefined && <p className="none">The feed has not reported yet.</p>}
      {health !== undefined && (
        <dl>
          <dt>Feed</dt>
          <dd>{count(health.messagesPerSecond)} messages/s</dd>
          <dt>Ring</dt>
          <dd>{count(health.recordsPublished)} records</dd>
          {replay !== undefined && (
            <>
              <dt>Replay</dt>
              <dd>{replay.ended ? 'ended' : `speed ${replay.speed}`}</dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function Kernel(): ReactNode {
  const health = useTrade((state) => state.health);
  if (health === undefined) {
    return <p className="none pad">The trading process has not reported yet.</p>;
  }
  const rows: readonly (readonly [string, string, boolean?])[] = [
    ['Inputs', count(health.inputs)],
    ['Market inputs', count(health.marketInputs)],
    [
      'Kernel p50, p99',
      `${durationNanos(health.kernelP50Nanos)}, ${durationNanos(health.kernelP99Nanos)}`,
    ],
    ['Journal records', count(health.journalRecords)],
    ['Journal bytes', count(health.journalBytes)],
    ['Journal p99', durationNanos(health.journalP99Nanos)],
    ['Ring records lost', count(health.ringLost), health.ringLost > 0],
    ['Events refused', count(health.refusedEvents), health.refusedEvents > 0],
  ];
  return (
    <section aria-label="Kernel">
      <dl>
        {rows.map(([name, value, bad]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={bad === true ? 'warn' : ''}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
