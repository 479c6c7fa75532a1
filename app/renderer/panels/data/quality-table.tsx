import type { ReactNode } from 'react';
import { durationMicros, offsetMillis } from '../../format/time-text.ts';
import { judgeData } from '../../state/engine-signs.ts';
import type { QualityMessage } from '../../state/market-store.ts';
import { Sign } from '../../ui/sign.tsx';

type Row = QualityMessage['instruments'][number];

const COUNTS = [
  ['gaps', 'Gaps', 'Changes of the book that were missed; it was taken anew'],
  ['disconnects', 'Lost', 'Times that the connection was lost'],
  ['silences', 'Silent', 'Times that nothing came for longer than it should take'],
  ['checksumFailures', 'Sums', 'Checksums of the venue that were not ours'],
  ['crossed', 'Crossed', 'Times that the best bid was above the best ask, or the book was crossed'],
  ['locked', 'Locked', 'Times that the best bid was the best ask'],
  ['duplicates', 'Twice', 'Messages that came again and were dropped'],
  ['outOfOrder', 'Order', 'Messages that came behind later ones and were dropped'],
  ['outliers', 'Outliers', 'Prices that jumped farther than their own movement explains'],
  ['volumeAnomalies', 'Volume', 'Minutes with far more volume than the hour before'],
  ['divergences', 'Apart', 'Times that the price lay too far from the same elsewhere'],
] as const;

/** What was wrong with the data of each instrument since the engine began. */
export function QualityTable({ quality }: { readonly quality: QualityMessage }): ReactNode {
  return (
    <section aria-label="Quality">
      <table>
        <thead>
          <tr>
            <th>Instrument</th>
            <th>State</th>
            <th className="r">Heard</th>
            <th className="r" title="How long messages are under way, half of them and 99 of 100">
              Delay
            </th>
            <th className="r" title="The venue’s clock less ours, ms">
              Clock
            </th>
            {COUNTS.map(([name, title, why]) => (
              <th className="r" key={name} title={why}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {quality.instruments.map((row) => (
            <QualityRow key={row.instrument} row={row} at={quality.at} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QualityRow({ row, at }: { readonly row: Row; readonly at: number }): ReactNode {
  const { instrument, state, counts, delays, offsetMicros, divergence } = row;
  const judged = judgeData({ instrument, state });
  const apart =
    divergence === undefined ? undefined : `${divergence.bps} bp, at most ${divergence.limitBps}`;
  return (
    <tr data-testid={`quality-${instrument}`} data-sign={judged.sign}>
      <td>
        <Sign {...judged} />
        {instrument.split('@')[0]}
      </td>
      <td className={judged.sign === 'ok' ? '' : judged.sign}>{state}</td>
      <td className="r">{row.at === undefined ? '' : durationMicros(Math.max(0, at - row.at))}</td>
      <td className="r">
        {delays && `${durationMicros(delays.medianMicros)} / ${durationMicros(delays.p99Micros)}`}
      </td>
      <td className="r">{offsetMicros !== undefined && offsetMillis(offsetMicros)}</td>
      {COUNTS.map(([name]) => {
        const warned = name === 'divergences' && apart !== undefined;
        const text = warned ? apart : String(counts[name]);
        return (
          <td key={name} className={`r ${counts[name] === 0 ? 't3' : ''} ${warned ? 'warn' : ''}`}>
            {text}
          </td>
        );
      })}
    </tr>
  );
}
