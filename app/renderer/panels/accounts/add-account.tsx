import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { KeyAct } from '../../state/desk.tsx';
import { Segments } from '../../ui/controls.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { ENVIRONMENT_WORDS, nameProblem, type KeyEnvironment } from './account-words.ts';

const EMPTY = { account: '', apiKey: '', secret: '', passphrase: '', again: '' };

/** Takes a key and gives it away once: what was typed is gone from the form with the press that sends it. */
export function AddAccount({
  environments,
  newVault,
  busy,
  onAdd,
  onLeave,
}: {
  readonly environments: readonly KeyEnvironment[];
  /** There is no vault yet: the passphrase is chosen here, and typed twice. */
  readonly newVault: boolean;
  readonly busy: boolean;
  readonly onAdd: (act: KeyAct) => Promise<void>;
  readonly onLeave: () => void;
}): ReactNode {
  const [environment, setEnvironment] = useState<KeyEnvironment>(environments[0] ?? 'testnet');
  const [typed, setTyped] = useState(EMPTY);
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const set = (part: Partial<typeof EMPTY>): void => setTyped((now) => ({ ...now, ...part }));
  const { account, apiKey, secret, passphrase, again } = typed;
  const wrongName = account === '' ? undefined : nameProblem(account);
  const differs = newVault && again !== '' && again !== passphrase;
  const whole = [account, apiKey.trim(), secret.trim(), passphrase].every((one) => one !== '');
  const ready = whole && wrongName === undefined && (!newVault || again === passphrase);
  return (
    <form
      className="account-form"
      aria-label="Add an account"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready || busy) return;
        setTyped({ ...EMPTY, account });
        void onAdd({ type: 'Add', environment, account, apiKey, secret, passphrase });
      }}
    >
      <h3>Add an account of Binance spot</h3>
      <p className="t2">
        The venue is asked what the key may do before it is kept; a key that may withdraw is
        refused. It is never shown again.
        {environment === 'live' && ' A live key is kept after a second look.'}
      </p>
      <div className="form-field">
        <span>Environment</span>
        <Segments
          label="Environment"
          options={environments.map((value) => ({ value, label: ENVIRONMENT_WORDS[value] }))}
          value={environment}
          onChange={setEnvironment}
        />
      </div>
      <label className="form-field">
        <span>Name of the account</span>
        <input
          ref={first}
          value={account}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={wrongName !== undefined}
          onChange={(event) => set({ account: event.target.value })}
        />
        {wrongName !== undefined && <span className="bad">{wrongName}</span>}
      </label>
      <SecretField label="API key" value={apiKey} onChange={(one) => set({ apiKey: one })} />
      <SecretField label="Secret" value={secret} onChange={(one) => set({ secret: one })} />
      <SecretField
        label={newVault ? 'New passphrase of the vault' : 'Passphrase of the vault'}
        value={passphrase}
        onChange={(one) => set({ passphrase: one })}
      />
      {newVault && (
        <SecretField
          label="The passphrase again"
          value={again}
          problem={differs ? 'differs from the first' : undefined}
          onChange={(one) => set({ again: one })}
        />
      )}
      {newVault && (
        <p className="t3">A passphrase that is lost cannot be had back: the keys are added anew.</p>
      )}
      <div className="acts">
        <button type="submit" className="btn sm primary" disabled={!ready || busy}>
          {busyWords(busy, environment)}
        </button>
        <button type="button" className="btn sm" onClick={onLeave}>
          Leave it
        </button>
      </div>
    </form>
  );
}

function busyWords(busy: boolean, environment: KeyEnvironment): string {
  if (busy) return 'Asking the venue';
  return environment === 'live' ? 'Check it' : 'Check and keep it';
}
