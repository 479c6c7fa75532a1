import { useState, type ReactNode } from 'react';
import { Dialog } from '../dialogs/dialog.tsx';

const LONGEST_NAME = 40;

/** Asks for the name of a workspace; Enter takes it. */
export function NameDialog({
  title,
  name: initial,
  taken,
  action,
  onName,
  onClose,
}: {
  readonly title: string;
  readonly name: string;
  /** Names of other workspaces. */
  readonly taken: readonly string[];
  readonly action: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const [text, setText] = useState(initial);
  const name = text.trim();
  const same = taken.some((other) => other.toLowerCase() === name.toLowerCase());
  const ready = name !== '' && !same;
  return (
    <Dialog label={title} role="dialog" className="name-dialog" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          onClose();
          onName(name);
        }}
      >
        <header>
          <h2>{title}</h2>
        </header>
        <label className="name-field">
          <span className="t3">Name</span>
          <input
            data-first
            data-testid="workspace-name"
            value={text}
            maxLength={LONGEST_NAME}
            autoComplete="off"
            spellCheck={false}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <p className="name-note" role="status">
          {same ? 'Another workspace has this name.' : ''}
        </p>
        <div className="acts">
          <button type="submit" className="btn primary" disabled={!ready}>
            {action}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
