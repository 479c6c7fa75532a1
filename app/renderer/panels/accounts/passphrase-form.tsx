import { useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react';

/** Asks for the vault's passphrase, for one act; what was typed is gone with it. */
export function PassphraseForm({
  title,
  text,
  action,
  danger = false,
  busy,
  onPassphrase,
  onLeave,
}: {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly onPassphrase: (passphrase: string) => void;
  readonly onLeave?: () => void;
}): ReactNode {
  const [passphrase, setPassphrase] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <form
      className="account-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        setPassphrase('');
        if (passphrase !== '' && !busy) onPassphrase(passphrase);
      }}
    >
      <h3>{title}</h3>
      <p className="t2">{text}</p>
      <SecretField
        label="Passphrase of the vault"
        field={field}
        value={passphrase}
        onChange={setPassphrase}
      />
      <div className="acts">
        <button
          type="submit"
          className={`btn sm ${danger ? 'danger' : 'primary'}`}
          disabled={busy || passphrase === ''}
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

/** A field whose text is not shown and not remembered by the browser. */
export function SecretField({
  label,
  value,
  problem,
  field,
  onChange,
}: {
  readonly label: string;
  readonly field?: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly problem?: string | undefined;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <label className="account-field">
      <span>{label}</span>
      <input
        ref={field}
        type="password"
        autoComplete="new-password"
        spellCheck={false}
        value={value}
        aria-invalid={problem !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined && <span className="bad">{problem}</span>}
    </label>
  );
}
