import type { ReactNode } from 'react';
import { accountOf } from '../../state/account-replica.ts';
import { useHost, useLinkedInstrument, useTrade } from '../../state/desk.tsx';
import { environmentWords } from '../environment-words.ts';

/** Where an order key sends now: instrument, account, environment. */
export function OrderScope(): ReactNode {
  const instrument = useLinkedInstrument();
  const environment = useHost((state) => state.environment);
  const account = useTrade((state) =>
    instrument === undefined ? undefined : accountOf(state.replica, instrument),
  );
  return (
    <div className="order-scope" data-testid="order-scope">
      <span className="t3">Order keys act on</span>
      <b>{instrument?.symbol ?? 'no instrument'}</b>
      <span>{account ?? 'no account'}</span>
      {environment !== undefined && (
        <span className="mode">{environmentWords(environment).tag}</span>
      )}
    </div>
  );
}
