import { useCallback, useState, type ReactNode } from 'react';
import { useHost, useTrade } from '../../state/desk.tsx';
import { Icon } from '../../ui/icons.tsx';
import { environmentWords } from '../environment-words.ts';
import type { MenuPlace } from '../workspaces/menu.tsx';
import { AccountMenu } from './account-menu.tsx';

/** Environment and account that this desk trades, and the menu of the accounts there are. */
export function AccountSelector(): ReactNode {
  const environment = useHost((state) => state.environment);
  const title = useHost((state) => state.title);
  const account = useTrade((state) => state.replica.accounts[0]?.account);
  const [place, setPlace] = useState<MenuPlace>();
  const close = useCallback(() => setPlace(undefined), []);
  const name = account?.split('/')[1];
  return (
    <>
      <button
        type="button"
        className="seg account"
        data-testid="account-selector"
        aria-haspopup="menu"
        aria-expanded={place !== undefined}
        title={account === undefined ? 'Accounts' : `Accounts: ${account} is in use`}
        onClick={({ currentTarget }) => {
          const { left, bottom } = currentTarget.getBoundingClientRect();
          setPlace(place === undefined ? { left, top: bottom + 2 } : undefined);
        }}
      >
        {environment !== undefined && (
          <span className="mode" data-testid="mode-tag">
            {environmentWords(environment).tag}
          </span>
        )}
        <span className="words">
          {title}
          {name !== undefined && <span className="t3"> {name}</span>}
        </span>
        <Icon name="caret" />
      </button>
      {place !== undefined && <AccountMenu place={place} onClose={close} />}
    </>
  );
}
