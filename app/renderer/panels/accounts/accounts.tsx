import { useState, type ReactNode } from 'react';
import { useDesk, useHost, type KeyAct, type KeyAnswer } from '../../state/desk.tsx';
import { Note, Say } from '../../ui/controls.tsx';
import { AccountTable } from './account-table.tsx';
import { HOLDER_WORDS } from './account-words.ts';
import { AddAccount } from './add-account.tsx';
import { PassphraseForm } from './passphrase-form.tsx';
import { ReviewAccount, type Review } from './review-account.tsx';
import './accounts.css';

type Step =
  { readonly kind: 'list' | 'add' } | { readonly kind: 'review'; readonly review: Review };

/** The accounts there are, what their keys may do, and the one in use; keys go into the vault and never come out again. */
export function AccountsPanel(): ReactNode {
  const { host } = useDesk();
  const accounts = useHost((state) => state.accounts);
  const [step, setStep] = useState<Step>({ kind: 'list' });
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<KeyAnswer>();
  if (accounts === undefined) {
    return (
      <div className="panel accounts" tabIndex={0}>
        <Say icon="plug" title="No accounts yet" text="The host names them when it is connected." />
      </div>
    );
  }
  const ask = async (act: KeyAct): Promise<void> => {
    setBusy(true);
    setSaid(undefined);
    const answer = await host.askKeys(act);
    setBusy(false);
    if (answer.state === 'Review') {
      setStep({ kind: 'review', review: answer });
      return;
    }
    setSaid(answer);
    // A review ends with its answer, whatever it is: what was given is gone.
    const ended = act.type === 'Confirm' || act.type === 'Discard';
    if (ended || answer.state === 'Done') setStep({ kind: 'list' });
  };
  const { running, vault, keys, environments, passphrase: store } = accounts;
  return (
    <div className="panel accounts">
      <div className="bar">
        <span className="t3">In use</span>
        <b data-testid="account-in-use">{running.account}</b>
        <span className="t2">{HOLDER_WORDS[running.with]}</span>
        {step.kind === 'list' && store === 'Kept' && (
          <button
            type="button"
            className="chip"
            title="The passphrase of the vault is typed again from then on"
            onClick={() => void ask({ type: 'Forget' })}
          >
            Forget the passphrase
          </button>
        )}
        {step.kind === 'list' && (
          <button
            type="button"
            className="chip spacer"
            data-testid="add-account"
            onClick={() => setStep({ kind: 'add' })}
          >
            Add an account
          </button>
        )}
      </div>
      {said?.state === 'Refused' && (
        <Note level="danger" icon="warn" title={said.code} text={said.message} />
      )}
      {said?.state === 'Done' && said.name !== '' && (
        <p className="accounts-said t2" role="status">
          {said.name}: done{said.rights !== undefined && ', the venue told what the key may do'}
        </p>
      )}
      <div className="accounts-scroll" tabIndex={0} role="group" aria-label="Accounts">
        {step.kind === 'add' && (
          <AddAccount
            environments={environments}
            newVault={!vault}
            busy={busy}
            onAdd={ask}
            onLeave={() => setStep({ kind: 'list' })}
          />
        )}
        {step.kind === 'review' && (
          <ReviewAccount
            review={step.review}
            busy={busy}
            onKeep={(account) => void ask({ type: 'Confirm', account })}
            onDiscard={() => void ask({ type: 'Discard' })}
          />
        )}
        {step.kind === 'list' && keys === null && vault && (
          <PassphraseForm
            title="Accounts in the vault"
            text={
              store === 'Kept'
                ? 'Their names are encrypted too: the key store of this system has the passphrase that shows them, in every window, until the desk ends.'
                : 'Their names are encrypted too: the passphrase shows them, in every window, until the desk ends.'
            }
            action="Show them"
            busy={busy}
            store={store}
            offersToKeep
            onPassphrase={(passphrase, keep) => void ask({ type: 'List', passphrase, keep })}
          />
        )}
        {step.kind === 'list' && (keys ?? []).length === 0 && (keys !== null || !vault) && (
          <Say
            icon="lock"
            title="No key is kept"
            text="Add an account: its key is asked about at the venue and kept in a vault under your passphrase. Give it reading and spot trading only; one that may withdraw is refused."
          />
        )}
        {step.kind === 'list' && keys !== null && keys.length > 0 && (
          <AccountTable keys={keys} inUse={running.account} busy={busy} store={store} onAct={ask} />
        )}
      </div>
    </div>
  );
}
