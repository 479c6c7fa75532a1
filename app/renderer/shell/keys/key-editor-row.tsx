import type { ReactNode } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { KeyCaps } from './key-caps.tsx';
import type { ListedCommand } from './listed-keys.ts';

/** What was said of the last attempt to bind a key of a command. */
export interface BindAnswer {
  readonly text: string;
  /** Present when the key can be taken from who has it. */
  readonly take?: () => void;
}

/** One command of the editor: its keys, the way to others, and what was said of the last attempt. */
export function KeyEditorRow({
  listed: { command, keys },
  recording,
  changed,
  answer,
  onRecord,
  onClear,
  onRestore,
  onConfirm,
  onDismiss,
}: {
  readonly listed: ListedCommand;
  readonly recording: boolean;
  readonly changed: boolean;
  readonly answer: BindAnswer | undefined;
  readonly onRecord: () => void;
  readonly onClear: () => void;
  readonly onRestore: () => void;
  readonly onConfirm: (chord: string) => void;
  readonly onDismiss: () => void;
}): ReactNode {
  const dry = keys.find((key) => key.dry);
  return (
    <div className={`edit-row${recording ? ' on' : ''}`} data-testid={`key-row-${command.id}`}>
      <span className="name">
        {command.title}
        {command.order !== false && <span className="sends">sends</span>}
      </span>
      {recording ? (
        <span className="press" role="status">
          Press a key; Esc leaves it as it is
        </span>
      ) : (
        <KeyCaps keys={keys} />
      )}
      <span className="tools">
        {dry !== undefined && (
          <button type="button" className="btn sm" onClick={() => onConfirm(dry.chord)}>
            Confirm
          </button>
        )}
        {changed && (
          <button type="button" className="btn sm" onClick={onRestore}>
            Restore
          </button>
        )}
        <button
          type="button"
          className="btn sm"
          aria-label={`Change the key of ${command.title}`}
          onClick={onRecord}
        >
          Change
        </button>
        <button
          type="button"
          className="btn sm bare"
          disabled={keys.length === 0}
          aria-label={`No key for ${command.title}`}
          title="No key"
          onClick={onClear}
        >
          <Icon name="x" />
        </button>
      </span>
      {answer !== undefined && (
        <div className="answer warn" role="alert">
          <Icon name="warn" />
          <span>{answer.text}</span>
          {answer.take !== undefined && (
            <button type="button" className="btn sm" onClick={answer.take}>
              Take it from there
            </button>
          )}
          <button type="button" className="btn sm" onClick={onDismiss}>
            Leave it
          </button>
        </div>
      )}
    </div>
  );
}
