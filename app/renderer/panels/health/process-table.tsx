import { Fragment, type ReactNode } from 'react';
import { durationNanos } from '../../format/time-text.ts';
import type { EngineHealth, ProcessState, Vitals } from '../../state/desk.tsx';
import { judgeProcess } from '../../state/engine-signs.ts';
import { Sign } from '../../ui/sign.tsx';
import { bytesText, countText, NOT_KNOWN } from './words.ts';

/** Every process of the engine. */
export function ProcessTable({ health }: { readonly health: EngineHealth }): ReactNode {
  return (
    <section aria-label="Processes">
      <table>
        <thead>
          <tr>
            <th>Process</th>
            <th>State</th>
            <th className="r">Pid</th>
            <th className="r">Restarts</th>
            <th className="r">Memory</th>
          </tr>
        </thead>
        <tbody>
          {health.processes.map(({ process, vitals }) => (
            <ProcessRow key={process.name} state={process} vitals={vitals} at={health.at} />
          ))}
          <tr>
            <td>
              <Sign sign="ok" />
              main
            </td>
            <td>Running</td>
            <td className="r none">own</td>
            <td className="r">0</td>
            <td className="r">{bytesText(health.main.rssBytes)}</td>
          </tr>
          <tr className="more">
            <td colSpan={5}>{detailOf(health.main)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function ProcessRow({
  state,
  vitals,
  at,
}: {
  readonly state: ProcessState;
  readonly vitals: Vitals | undefined;
  readonly at: number;
}): ReactNode {
  const judged = judgeProcess(state, vitals, at);
  return (
    <Fragment>
      <tr data-testid={`process-${state.name}`} data-sign={judged.sign}>
        <td>
          <Sign {...judged} />
          {state.name}
        </td>
        <td className={judged.sign === 'ok' ? '' : judged.sign}>{state.state}</td>
        <td className="r">{state.pid ?? <span className="none">none</span>}</td>
        <td className={`r ${state.restarts > 0 ? 'warn' : ''}`}>{state.restarts}</td>
        <td className="r">{vitals === undefined ? NOT_KNOWN : bytesText(vitals.rssBytes)}</td>
      </tr>
      {(vitals !== undefined || state.detail !== undefined) && (
        <tr className="more">
          <td colSpan={5}>
            {state.detail !== undefined && <span className="warn">{state.detail}. </span>}
            {vitals !== undefined && detailOf(vitals)}
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function detailOf(vitals: Vitals): string {
  const { uptimeMs, cpuPercent, loopDelayP99Nanos, queues } = vitals;
  const told = [
    `up ${durationNanos(uptimeMs * 1e6)}`,
    `processor ${cpuPercent.toFixed(1)}\u2009%`,
    `loop p99 ${durationNanos(loopDelayP99Nanos)}`,
    ...queues.map(
      ({ name, depth, most, dropped }) =>
        `${name} ${countText(depth)} of ${countText(most)}, ${countText(dropped)} dropped`,
    ),
  ];
  return told.join(', ');
}
