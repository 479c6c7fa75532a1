import type { ReactNode } from 'react';
import { clockSeconds } from '../../format/time-text.ts';
import type { QualityMessage } from '../../state/market-store.ts';
import { Sign } from '../../ui/sign.tsx';

/** Prices that several venues give, and which of them is leaned on; nothing without one. */
export function ReferenceTable({ quality }: { readonly quality: QualityMessage }): ReactNode {
  const { references } = quality;
  if (references.length === 0) return null;
  return (
    <section aria-label="Reference prices">
      <table>
        <thead>
          <tr>
            <th>Reference price</th>
            <th>From</th>
            <th>Sources by rank</th>
            <th className="r">Switches</th>
            <th className="r">Last</th>
          </tr>
        </thead>
        <tbody>
          {references.map(({ pair, source, sources, switches, switchedAt }) => (
            <tr key={pair} data-testid={`reference-${pair}`}>
              <td>
                <Sign
                  sign={referenceSign(source, sources[0])}
                  why={source === sources[0] ? undefined : 'not from the first of its sources'}
                />
                {pair}
              </td>
              <td>{nameOf(source)}</td>
              <td className="t2">{sources.map(nameOf).join(', ')}</td>
              <td className="r">{switches}</td>
              <td className="r">{switchedAt !== undefined && clockSeconds(switchedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function referenceSign(source: string | undefined, primary: string | undefined) {
  if (source === undefined) return 'bad' as const;
  return source === primary ? ('ok' as const) : ('warn' as const);
}

function nameOf(source: string | undefined): string {
  return source?.split('@')[0] ?? 'no source';
}
