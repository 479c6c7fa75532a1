import { Fragment, type ReactNode } from 'react';
import { clockSeconds } from '../../format/time-text.ts';
import type { EngineHealth } from '../../state/desk.tsx';
import { judgeBadInput } from '../../state/engine-signs.ts';
import { Sign } from '../../ui/sign.tsx';
import { countText } from './words.ts';

/** Everything that came in wrong, by code. */
export function BadInputTable({ health }: { readonly health: EngineHealth }): ReactNode {
  const rows = [
    ...health.main.badInputs.map((input) => ({ process: 'main', ...input })),
    ...health.processes.flatMap(({ process, vitals }) =>
      (vitals?.badInputs ?? []).map((input) => ({ process: process.name, ...input })),
    ),
  ];
  return (
    <section aria-label="Wrong input">
      <table>
        <thead>
          <tr>
            <th>Wrong input</th>
            <th className="r">Count</th>
            <th className="r">First</th>
            <th className="r">Last</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ process, code, count, firstAt, lastAt, sample }) => (
            <Fragment key={`${process} ${code}`}>
              <tr data-testid={`bad-${process}-${code}`}>
                <td>
                  <Sign {...judgeBadInput(lastAt, health.at)} />
                  {code} <span className="t3">{process}</span>
                </td>
                <td className="r">{countText(count)}</td>
                <td className="r">{clockSeconds(firstAt)}</td>
                <td className="r">{clockSeconds(lastAt)}</td>
              </tr>
              <tr className="more">
                <td colSpan={4} className="mono" title={sample}>
                  {sample}
                </td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && (
        <p className="pad t3">
          <Sign sign="ok" /> None since the start.
        </p>
      )}
    </section>
  );
}
