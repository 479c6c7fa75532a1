import { useState, type ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import type { Receipt } from '../../state/account-replica.ts';
import { useHost, useTrade } from '../../state/desk.tsx';
import { Badge } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Dialog } from './dialog.tsx';
import { KillConfirm } from './kill-confirm.tsx';
import { KillHistory } from './kill-history.tsx';
import { KillProgress } from './kill-progress.tsx';
import { isProved, ReceiptView, receiptTitle } from './receipt-view.tsx';

/** The kill switch: what it will do, the explicit act or its rehearsal, then the receipt of what was proved, and those of before. */
export function KillDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { actions } = useCommands();
  const receipts = useTrade((state) => state.replica.receipts);
  const status = useHost((state) => state.kill);
  const [asked, setAsked] = useState<string>();
  const ask = (keyed: boolean, drill: boolean): void => {
    setAsked(actions.kill(keyed ? 'Key' : 'Button', drill));
  };
  const shown = shownReceipts(receipts, asked);
  const progress = status?.request.commandId === asked ? status : undefined;
  return (
    <Dialog label="Kill switch" role="alertdialog" className="receipt" onClose={onClose}>
      {progress !== undefined && progress.state !== 'Taken' && <KillProgress status={progress} />}
      {shown.length > 0 ? (
        <Receipts
          receipts={shown}
          onClose={onClose}
          onAgain={(keyed) => ask(keyed, false)}
          onBack={() => setAsked(undefined)}
        />
      ) : (
        <KillConfirm
          waiting={asked !== undefined && progress?.state !== 'Unproved'}
          onKill={(keyed) => ask(keyed, false)}
          onDrill={(keyed) => ask(keyed, true)}
          onClose={onClose}
        />
      )}
      <KillHistory />
    </Dialog>
  );
}

/** What this window asked for; else what is at work, or ended last without its proof. */
function shownReceipts(
  receipts: readonly Receipt[],
  asked: string | undefined,
): readonly Receipt[] {
  const mine = receipts.filter(({ commandId }) => commandId === asked);
  if (mine.length > 0) return mine;
  const real = receipts.filter(({ kind }) => kind !== 'Drill');
  const working = real.filter(({ step }) => step !== 'Done');
  if (working.length > 0 || asked !== undefined) return working;
  const newest = real.toSorted((left, right) => left.startedAt - right.startedAt).at(-1);
  return newest === undefined || newest.flat ? [] : [newest];
}

function Receipts({
  receipts,
  onClose,
  onAgain,
  onBack,
}: {
  readonly receipts: readonly Receipt[];
  readonly onClose: () => void;
  readonly onAgain: (keyed: boolean) => void;
  readonly onBack: () => void;
}): ReactNode {
  const halted = useTrade((state) =>
    state.replica.accounts.some((account) => account.tradingState === 'Halted'),
  );
  const drill = receipts.every(({ kind }) => kind === 'Drill');
  const proved = receipts.every(isProved);
  return (
    <div data-testid="receipt">
      <header className={proved ? 'proved' : ''}>
        <Icon name={proved ? 'check' : 'warn'} />
        <div>
          <h2>{receiptTitle(receipts)}</h2>
          <p>
            {drill
              ? 'A rehearsal: the venue was asked what a kill would do. No order was touched.'
              : 'Exits stay allowed. Nothing is called flat before the venue says so.'}
          </p>
        </div>
        {drill && <span className="rehearsal">DRILL</span>}
        {halted && !drill && <Badge word="HALTED" />}
      </header>
      <ReceiptView receipts={receipts} />
      <div className="acts">
        <button type="button" className="btn" data-first autoFocus onClick={onClose}>
          Close
        </button>
        {drill && (
          <button type="button" className="btn" onClick={onBack}>
            Back to the switch
          </button>
        )}
        {!proved && !drill && (
          <button
            type="button"
            className="btn danger"
            onClick={({ detail }) => onAgain(detail === 0)}
          >
            Kill again
          </button>
        )}
      </div>
    </div>
  );
}
