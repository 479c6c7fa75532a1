import { useState, type ReactNode } from 'react';
import type { Accounts, KeyAct } from '../../state/desk.tsx';
import { accountParts, rightsWords, startWords } from './account-words.ts';
import { PassphraseForm } from './passphrase-form.tsx';

type Key = NonNullable<Accounts['keys']>[number];

/** The accounts of the vault: what is known of each key, testing and removing it. */
export function AccountTable({
  keys,
  inUse,
  busy,
  store,
  onAct,
}: {
  readonly keys: readonly Key[];
  readonly inUse: string;
  readonly busy: boolean;
  readonly store: Accounts['passphrase'];
  readonly onAct: (act: KeyAct) => Promise<void>;
}): ReactNode {
  const [asked, setAsked] = useState<{ readonly name: string; readonly type: 'Test' | 'Remove' }>();
  const leave = (): void => setAsked(undefined);
  return (
    <>
      <table className="account-table">
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Venue</th>
            <th scope="col">Environment</th>
            <th scope="col">Key ends in</th>
            <th scope="col">Added</th>
            <th scope="col">The key</th>
            <th scope="col">
              <span className="visually-hidden">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.name} data-testid={`account-${key.name}`}>
              <th scope="row">
                {accountParts(key.name).account}
                {key.name === inUse && <span className="badge">in use</span>}
              </th>
              <td>{accountParts(key.name).venue}</td>
              <td className={accountParts(key.name).environment === 'live' ? 'warn' : ''}>
                {accountParts(key.name).environment}
              </td>
              <td className="mono">{key.apiKeyTail}</td>
              <td>{key.addedAt.slice(0, 10)}</td>
              <td className="may">
                {key.checked === null ? (
                  <span className="t3">not asked since the desk began</span>
                ) : (
                  rightsWords(key.checked)
                )}
                {startWords(key.name) !== undefined && (
                  <span className="mono t3">{startWords(key.name)}</span>
                )}
              </td>
              <td className="acts">
                <button
                  type="button"
                  className="chip"
                  aria-label={`Test ${key.name}`}
                  onClick={() => setAsked({ name: key.name, type: 'Test' })}
                >
                  Test
                </button>
                <button
                  type="button"
                  className="chip"
                  aria-label={`Remove ${key.name}`}
                  onClick={() => setAsked({ name: key.name, type: 'Remove' })}
                >
                  Remove
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked !== undefined && (
        <PassphraseForm
          key={`${asked.type} ${asked.name}`}
          title={asked.type === 'Test' ? `Test ${asked.name}` : `Remove ${asked.name}?`}
          text={actText(asked.type, asked.name === inUse)}
          action={asked.type === 'Test' ? 'Ask the venue' : 'Remove the key'}
          danger={asked.type === 'Remove'}
          busy={busy}
          store={store}
          offersToKeep={asked.type === 'Test'}
          onPassphrase={(passphrase, keep) => {
            const { name, type } = asked;
            const act = { name, passphrase };
            void onAct(type === 'Test' ? { type, ...act, keep } : { type, ...act }).then(leave);
          }}
          onLeave={leave}
        />
      )}
    </>
  );
}

function actText(type: 'Test' | 'Remove', inUse: boolean): string {
  if (type === 'Test') return 'The venue is asked what the key may do.';
  const rest = 'The vault forgets it; at the venue it lives on until you delete it there.';
  return inUse ? `${rest} This engine goes on with it until it ends.` : rest;
}
