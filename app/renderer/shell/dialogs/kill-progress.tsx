import type { ReactNode } from 'react';
import type { KillStatus } from '../../client/host-client.ts';
import { Icon } from '../../ui/icons.tsx';

const WORDS: Readonly<Record<KillStatus['state'], string>> = {
  Asked: 'Asked. The trading process has a second to take it.',
  KillMode: 'The trading process is started anew, to cancel first of all.',
  Taken: 'Taken by the trading process.',
  Unproved: 'NOT PROVED',
};

/** How main fares with a kill that the trading process has not taken. */
export function KillProgress({ status }: { readonly status: KillStatus }): ReactNode {
  return (
    <div className="kill-progress" role="status" data-testid="kill-progress">
      <p className="warn">
        <Icon name="warn" />
        {WORDS[status.state]}
      </p>
      {status.detail !== '' && <p>{status.detail}</p>}
      {status.lines.map(({ symbol, ok, text }) => (
        <p key={symbol} className={ok ? 'ok' : 'warn'}>
          {symbol}: {text}
        </p>
      ))}
    </div>
  );
}
