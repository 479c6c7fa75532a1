import type { ReactNode } from 'react';
import { SESSION_ENDED } from '../client/host.ts';
import { differenceWords } from '../state/differences.ts';
import { useFeed, useHost, useTrade } from '../state/desk.tsx';
import { Note } from '../ui/controls.tsx';
import { SteadyRow } from './steady-row.tsx';

/** What is down, said over the whole desk, and what it means for orders. */
export function Banners(): ReactNode {
  const host = useHost((state) => state.connection);
  const processes = useHost((state) => state.processes);
  const feed = useFeed((state) => state.connection);
  const trade = useTrade((state) => state.connection);
  const synced = useTrade((state) => state.replica.synced);
  const session = useTrade((state) => state.replica.session);
  const accounts = useTrade((state) => state.replica.accounts);
  const disconnected = accounts
    .filter((account) => !account.connected)
    .map(({ account }) => account)
    .join(', ');
  const down = (name: string): string => {
    const process = processes.find((candidate) => candidate.name === name);
    return process === undefined || process.state === 'Running' ? '' : process.state.toLowerCase();
  };
  // After it has answered again, until its state has come: a long session takes a moment.
  const known = trade.attempt > 0 || session !== '';
  const connecting = trade.phase === 'Open' ? 'tells its state' : 'is not connected';
  const ended = [host, feed, trade].some(
    ({ phase, detail }) => phase === 'Waiting' && detail === SESSION_ENDED,
  );
  const everything = ended || (host.phase === 'Waiting' && feed.phase === 'Waiting');
  return (
    <SteadyRow name="banners">
      {ended && (
        <Note
          level="danger"
          icon="lock"
          title="The session of this window has ended"
          text="Orders at the venue stay as they are. Press Enter in the desk's terminal, or run qd desk --url, and open the address that is printed."
        />
      )}
      {everything && !ended && (
        <Note
          level="danger"
          icon="plug"
          title="The engine does not answer"
          text="Prices below are the last known. Orders at the venue stay as they are."
        >
          <span className="t2 attempt">Attempt {host.attempt}</span>
        </Note>
      )}
      {!everything && (trade.phase === 'Waiting' || (known && !synced)) && (
        <Note
          level="danger"
          icon="plug"
          title={`Trading process ${down('trade') === '' ? connecting : down('trade')}`}
          text="Order entry is frozen until it is back and compared with the venue; then unlock and arm again."
        />
      )}
      {trade.phase === 'Open' && !synced && trade.malformed > 0 && (
        <Note
          level="danger"
          icon="warn"
          title="This window does not understand the trading process"
          text={`Order entry is frozen; reload the page. ${trade.malformedDetail ?? ''}`}
        />
      )}
      {!everything && (feed.phase === 'Waiting' || down('feed') !== '') && (
        <Note
          level="warn"
          icon="plug"
          title={`Market data ${down('feed') === '' ? 'is not connected' : down('feed')}`}
          text="Prices below are the last known; orders are guarded."
        />
      )}
      {trade.phase === 'Open' && synced && disconnected !== '' && (
        <Note
          level="warn"
          icon="plug"
          title={`${disconnected}: no connection to the venue`}
          text="Orders there stay as they are; cancels go out when it is back."
        />
      )}
      {trade.phase === 'Open' &&
        synced &&
        differenceWords(accounts).map(({ account, title, text, lines }) => (
          <Note key={account} level="danger" icon="warn" title={title} text={text}>
            <span className="num" data-testid="differences" title={lines.join('\n')}>
              {lines.join('; ')}
            </span>{' '}
            <span className="t2">To take it as the venue states it: order line, accept.</span>
          </Note>
        ))}
    </SteadyRow>
  );
}
