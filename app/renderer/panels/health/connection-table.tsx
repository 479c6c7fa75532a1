import { Fragment, type ReactNode } from 'react';
import { durationMicros, offsetMillis } from '../../format/time-text.ts';
import type { ConnectionVitals, EngineHealth } from '../../state/desk.tsx';
import { isCurrent, judgeConnection } from '../../state/engine-signs.ts';
import { Sign } from '../../ui/sign.tsx';
import { ageText, countText, NOT_KNOWN } from './words.ts';

interface Row {
  readonly process: string;
  readonly connection: ConnectionVitals;
  /** False when the process that would know is down: the row is its last word. */
  readonly current: boolean;
}

/** Every socket and REST interface. */
export function ConnectionTable({ health }: { readonly health: EngineHealth }): ReactNode {
  const rows: readonly Row[] = health.processes.flatMap(({ process, vitals }) =>
    (vitals?.connections ?? []).map((connection) => ({
      process: process.name,
      connection,
      current: isCurrent(process, vitals, health.at),
    })),
  );
  return (
    <section aria-label="Connections">
      <table>
        <thead>
          <tr>
            <th>Connection</th>
            <th>State</th>
            <th className="r">Latency</th>
            <th className="r">Offset ms</th>
            <th className="r">Heard</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ConnectionRow
              key={`${row.process} ${row.connection.connection}`}
              row={row}
              at={health.at}
            />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="none pad">No connection has reported yet.</p>}
    </section>
  );
}

function ConnectionRow({ row, at }: { readonly row: Row; readonly at: number }): ReactNode {
  const { process, connection, current } = row;
  const { latencyMicros, clockOffsetMicros, lastMessageAt } = connection;
  const judged = current
    ? judgeConnection(connection, at)
    : ({ sign: 'unknown', why: `${process} is not there to say` } as const);
  return (
    <Fragment>
      <tr data-testid={`connection-${process}-${connection.connection}`} data-sign={judged.sign}>
        <td>
          <Sign {...judged} />
          {connection.connection} <span className="t3">{process}</span>
        </td>
        <td className={judged.sign === 'ok' ? '' : judged.sign}>
          {current ? connection.state : NOT_KNOWN}
        </td>
        <td className="r">
          {latencyMicros === undefined || !current ? NOT_KNOWN : durationMicros(latencyMicros)}
        </td>
        <td className="r">
          {clockOffsetMicros === undefined || !current
            ? NOT_KNOWN
            : offsetMillis(clockOffsetMicros)}
        </td>
        <td className="r">{ageText(lastMessageAt, at)}</td>
      </tr>
      <tr className="more">
        <td colSpan={5}>{detailOf(connection)}</td>
      </tr>
    </Fragment>
  );
}

function detailOf(connection: ConnectionVitals): string {
  const { messages, unknownMessages, parseErrors, reconnects, resyncs } = connection;
  const { weightUsed, weightLimit } = connection;
  const rest = weightLimit !== undefined;
  const parts: readonly (readonly [string, number | undefined])[] = rest
    ? [
        ['requests', messages],
        ['failed', parseErrors],
      ]
    : [
        ['messages', messages],
        ['unknown', unknownMessages],
        ['errors', parseErrors],
        ['reconnects', reconnects],
        ['resyncs', resyncs],
      ];
  const told = parts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${countText(value)} ${name}`],
  );
  if (rest) told.push(`weight ${countText(weightUsed)} of ${countText(weightLimit)}`);
  return told.join(', ');
}
