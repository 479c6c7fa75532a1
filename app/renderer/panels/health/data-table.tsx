import type { ReactNode } from 'react';
import type { EngineHealth } from '../../state/desk.tsx';
import { isCurrent, judgeData } from '../../state/engine-signs.ts';
import { Sign } from '../../ui/sign.tsx';
import { ageText, NOT_KNOWN } from './words.ts';

/** How fresh the data of every instrument is. */
export function DataTable({ health }: { readonly health: EngineHealth }): ReactNode {
  const feed = health.processes.find(({ process }) => process.name === 'feed');
  const current = feed !== undefined && isCurrent(feed.process, feed.vitals, health.at);
  const rows = feed?.vitals?.data ?? [];
  return (
    <section aria-label="Data">
      <table>
        <thead>
          <tr>
            <th>Data</th>
            <th>State</th>
            <th className="r">Heard</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const judged = current ? judgeData(row) : ({ sign: 'unknown' } as const);
            return (
              <tr
                key={row.instrument}
                data-testid={`data-${row.instrument}`}
                data-sign={judged.sign}
              >
                <td>
                  <Sign {...judged} />
                  {row.instrument.split('.')[0]}
                </td>
                <td className={judged.sign === 'ok' ? '' : judged.sign}>
                  {current ? row.state : NOT_KNOWN}
                </td>
                <td className="r">{ageText(row.lastAt, health.at)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && <p className="none pad">The feed has not reported yet.</p>}
    </section>
  );
}
