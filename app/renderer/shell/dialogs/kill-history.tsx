import type { ReactNode } from 'react';
import type { PastReceipt } from '../../client/host-client.ts';
import { dateClock, durationMicros } from '../../format/time-text.ts';
import { useHost } from '../../state/desk.tsx';

const SHOWN = 6;

/** The last kills and drills of this data folder, newest first. */
export function KillHistory(): ReactNode {
  const receipts = useHost((state) => state.receipts);
  if (receipts.length === 0) return null;
  return (
    <table className="proof past" data-testid="kill-history">
      <thead>
        <tr>
          <th>Earlier</th>
          <th>What</th>
          <th>By</th>
          <th>Outcome</th>
          <th className="num">Orders</th>
          <th className="num">Taken after</th>
          <th className="num">In all</th>
        </tr>
      </thead>
      <tbody>
        {receipts
          .slice(-SHOWN)
          .toReversed()
          .map((past) => (
            <Past key={`${past.session} ${past.id}`} past={past} />
          ))}
      </tbody>
    </table>
  );
}

function Past({ past }: { readonly past: PastReceipt }): ReactNode {
  const { askedAt, kind, via, proved, detail, orders, takenAfterMicros, totalMicros } = past;
  return (
    <tr>
      <td>{dateClock(askedAt / 1000)}</td>
      <td>{kind}</td>
      <td>{via === 'CommandLine' ? 'Command line' : (via ?? '')}</td>
      <td className={proved ? 'ok' : 'warn'} title={detail}>
        {proved ? 'Proved' : 'Not proved'}
      </td>
      <td className="num">{orders}</td>
      <td className="num">
        {takenAfterMicros === undefined ? '' : durationMicros(takenAfterMicros)}
      </td>
      <td className="num">{durationMicros(totalMicros)}</td>
    </tr>
  );
}
