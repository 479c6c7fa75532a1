import type { KeyboardEvent, ReactNode } from 'react';
import { workingOrders } from '../../state/account-replica.ts';
import { useHost, useTrade } from '../../state/desk.tsx';
import { heldQuantity } from '../../state/held.ts';
import { Icon } from '../../ui/icons.tsx';

/** A held key is one stroke. */
function once(event: KeyboardEvent): void {
  if (event.repeat) event.preventDefault();
}

/** What a kill will do, and the two explicit acts: the kill and its rehearsal. `keyed`: by the keyboard. */
export function KillConfirm({
  waiting,
  onKill,
  onDrill,
  onClose,
}: {
  readonly waiting: boolean;
  readonly onKill: (keyed: boolean) => void;
  readonly onDrill: (keyed: boolean) => void;
  readonly onClose: () => void;
}): ReactNode {
  const replica = useTrade((state) => state.replica);
  const traded = useTrade((state) => state.connection.phase === 'Open' && state.replica.synced);
  const reachable = useHost((state) => state.connection.phase === 'Open');
  const working = workingOrders(replica).length;
  const held = replica.positions.filter((position) => {
    const instrument = replica.instruments.get(position.instrument);
    return instrument === undefined || heldQuantity(position, instrument) !== 0;
  }).length;
  const known = (count: number): string => (traded ? String(count) : 'not known now');
  return (
    <>
      <header>
        <Icon name="warn" />
        <div>
          <h2>Kill: stop, cancel and close everything?</h2>
          <p>
            No new risk from this moment, every order cancelled and asked again, every position
            closed and proved flat at the venue. Trading is halted until you unlock it.
          </p>
        </div>
      </header>
      <dl className="kill-facts">
        <dt>Accounts</dt>
        <dd>{replica.accounts.map((state) => state.account).join(', ') || 'not known'}</dd>
        <dt>Working orders</dt>
        <dd>{known(working)}</dd>
        <dt>Open positions</dt>
        <dd>{known(held)}</dd>
      </dl>
      {!traded && (
        <p className="kill-note warn">
          The trading process does not answer this window. A kill that it does not take within a
          second ends it and starts it anew: its first act is then to cancel.
        </p>
      )}
      {!reachable && <p className="kill-note warn">The desk has no connection to its engine.</p>}
      <div className="acts">
        <button type="button" className="btn" data-first onClick={onClose}>
          Go back
        </button>
        <button
          type="button"
          className="btn danger"
          data-testid="kill-confirm"
          disabled={waiting || !reachable}
          onKeyDown={once}
          onClick={({ detail }) => onKill(detail === 0)}
        >
          {waiting ? 'Sent, waiting for the first proof' : 'Kill everything'}
        </button>
        <button
          type="button"
          className="btn"
          data-testid="kill-drill"
          disabled={waiting || !reachable}
          onKeyDown={once}
          onClick={({ detail }) => onDrill(detail === 0)}
        >
          Rehearse
        </button>
        <span className="spacer t3">Tab, then Enter</span>
      </div>
    </>
  );
}
