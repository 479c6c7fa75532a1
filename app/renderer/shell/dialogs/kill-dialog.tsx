import { useState, type ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { workingOrders, type Receipt } from '../../state/account-replica.ts';
import { useTrade } from '../../state/desk.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Dialog } from './dialog.tsx';
import { ReceiptView, receiptTitle } from './receipt-view.tsx';
import { heldQuantity } from '../../state/held.ts';

/** The kill switch: what it will do, the explicit act, then the receipt of what was proved. */
export function KillDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const receipts = useTrade((state) => state.replica.receipts);
  const [pressed, setPressed] = useState(false);
  const known = useTrade((state) => state.connection.phase === 'Open' && state.replica.synced);
  const open = receipts.filter((receipt) => receipt.step !== 'Done' || !receipt.flat);
  const newest = receipts.toSorted((left, right) => left.startedAt - right.startedAt).at(-1);
  const shown = open.length > 0 ? open : sameStart(receipts, newest);
  const showReceipt = pressed || open.length > 0;
  return (
    <Dialog label="Kill switch" role="alertdialog" className="receipt" onClose={onClose}>
      {showReceipt && shown.length > 0 ? (
        <Receipts receipts={shown} onClose={onClose} onAgain={() => setPressed(true)} />
      ) : (
        <Confirm
          waiting={pressed}
          known={known}
          onKill={() => setPressed(true)}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function sameStart(receipts: readonly Receipt[], newest: Receipt | undefined): readonly Receipt[] {
  return receipts.filter((receipt) => receipt.id === newest?.id);
}

function Confirm({
  waiting,
  known,
  onKill,
  onClose,
}: {
  readonly waiting: boolean;
  readonly known: boolean;
  readonly onKill: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { actions } = useCommands();
  const replica = useTrade((state) => state.replica);
  const working = workingOrders(replica).length;
  const held = replica.positions.filter((position) => {
    const instrument = replica.instruments.get(position.instrument);
    return instrument === undefined || heldQuantity(position, instrument) !== 0;
  }).length;
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
        <dd>{working}</dd>
        <dt>Open positions</dt>
        <dd>{held}</dd>
      </dl>
      {!known && <p className="kill-note warn">The trading process is not connected.</p>}
      <div className="acts">
        <button type="button" className="btn" data-first onClick={onClose}>
          Go back
        </button>
        <button
          type="button"
          className="btn danger"
          data-testid="kill-confirm"
          disabled={waiting || !known}
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
          onClick={() => {
            onKill();
            actions.kill();
          }}
        >
          {waiting ? 'Sent, waiting for the first proof' : 'Kill everything'}
        </button>
        <span className="spacer t3">Tab, then Enter</span>
      </div>
    </>
  );
}

function Receipts({
  receipts,
  onClose,
  onAgain,
}: {
  readonly receipts: readonly Receipt[];
  readonly onClose: () => void;
  readonly onAgain: () => void;
}): ReactNode {
  const { actions } = useCommands();
  const halted = useTrade((state) =>
    state.replica.accounts.some((account) => account.tradingState === 'Halted'),
  );
  const proved = receipts.every((receipt) => receipt.flat && receipt.step === 'Done');
  return (
    <div data-testid="receipt">
      <header>
        <Icon name={proved ? 'check' : 'warn'} />
        <div>
          <h2>{receiptTitle(receipts)}</h2>
          <p>Exits stay allowed. Nothing is called flat before the venue says so.</p>
        </div>
        {halted && <span className="halted">HALTED</span>}
      </header>
      <ReceiptView receipts={receipts} />
      <div className="acts">
        <button type="button" className="btn" data-first autoFocus onClick={onClose}>
          Close
        </button>
        {!proved && (
          <button
            type="button"
            className="btn danger"
            onClick={() => {
              onAgain();
              actions.kill();
            }}
          >
            Kill again
          </button>
        )}
      </div>
    </div>
  );
}
