import type { ReactNode } from 'react';
import { useDesk, useWorkspaces } from '../../state/desk.tsx';
import { dateClock } from '../../format/time-text.ts';
import { Dialog } from '../dialogs/dialog.tsx';

/** Dated copies of every workspace, newest first; restoring one keeps a copy of what was there. */
export function CopiesDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const desk = useDesk();
  const copies = useWorkspaces((state) => state.copies);
  return (
    <Dialog label="Recovery copies" role="dialog" className="copies-dialog" onClose={onClose}>
      <header>
        <div>
          <h2>Recovery copies</h2>
          <p>
            All workspaces as they were. Restoring one replaces them all, after a copy of what is
            here now was made.
          </p>
        </div>
      </header>
      <div className="copies" data-testid="copies">
        {copies.length === 0 && <p className="t3">None yet: the first is made with a save.</p>}
        {copies.map((copy) => (
          <div key={copy.id} className="copy">
            <span className="num">{dateClock(Math.floor(copy.at / 1000))}</span>
            <span className="t2">{copy.reason}</span>
            <span className="t3 names" title={copy.workspaces.join(', ')}>
              {copy.workspaces.join(', ')}
            </span>
            <button
              type="button"
              className="btn sm"
              onClick={() => {
                onClose();
                desk.workspaces.change({ type: 'RestoreCopy', copy: copy.id });
              }}
            >
              Restore
            </button>
          </div>
        ))}
      </div>
      <div className="acts">
        <button type="button" className="btn" data-first onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
