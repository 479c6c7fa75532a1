import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Accounts } from '../../state/desk.tsx';
import { Check } from '../../ui/controls.tsx';
import { SecretField } from '../../ui/secret-field.tsx';

/** Asks for the vault's passphrase, for one act; what was typed is gone with it. One that the host has kept is not asked for: null. */
export function PassphraseForm({
  title,
  text,
  action,
  danger = false,
  busy,
  store,
  offersToKeep,
  onPassphrase,
  onLeave,
}: {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly store: Accounts['passphrase'];
  readonly offersToKeep: boolean;
  readonly onPassphrase: (passphrase: string | null, keep: boolean) => void;
  readonly onLeave?: () => void;
}): ReactNode {
  const [passphrase, setPassphrase] = useState('');
  const [keep, setKeep] = useState(false);
  const isKept = store === 'Kept';
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => (isKept ? button : field).current?.focus(), [isKept]);
  return (
    <form
      className="account-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        setPassphrase('');
        if (busy) return;
        if (isKept) onPassphrase(null, false);
        else if (passphrase !== '') onPassphrase(passphrase, keep);
      }}
    >
      <h3>{title}</h3>
      <p className="t2">{text}</p>
      {!isKept && (
        <SecretField
          label="Passphrase of the vault"
          field={field}
          value={passphrase}
          onChange={setPassphrase}
        />
      )}
      {offersToKeep && store === 'Keepable' && (
        <Check
          label="Remember it in the key store of this system"
          checked={keep}
          onChange={setKeep}
        />
      )}
      {offersToKeep && store === 'Refused' && (
        <p className="t3">This system has no key store that protects: it is typed each time.</p>
      )}
      <div className="acts">
        <button
          ref={button}
          type="submit"
          className={`btn sm ${danger ? 'danger' : 'primary'}`}
          disabled={busy || (!isKept && passphrase === '')}
        >
          {busy ? 'Working' : action}
        </button>
        {onLeave !== undefined && (
          <button type="button" className="btn sm" onClick={onLeave}>
            Leave it
          </button>
        )}
      </div>
    </form>
  );
}
