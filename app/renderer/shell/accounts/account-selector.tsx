import { useCallback, useState, type ReactNode, type RefObject } from 'react';
import { useKeyOf } from '../../commands/commands-context.tsx';
import { useHost, useTrade } from '../../state/desk.tsx';
import { Icon } from '../../ui/icons.tsx';
import { environmentWords } from '../environment-words.ts';
import type { MenuPlace } from '../workspaces/menu.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ChangeDialog, type Goal } from './change-dialog.tsx';

/** Environment and account that this desk trades, and the menu of those that it can change to. */
export function AccountSelector({
  button,
}: {
  readonly button: RefObject<HTMLButtonElement | null>;
}): ReactNode {
  const environment = useHost((state) => state.environment);
  const title = useHost((state) => state.title);
  const account = useTrade((state) => state.replica.accounts[0]?.account);
  const chord = useKeyOf('account.menu');
  const [place, setPlace] = useState<MenuPlace>();
  const [goal, setGoal] = useState<Goal>();
  const close = useCallback(() => setPlace(undefined), []);
  const name = account?.split('/')[1];
  const words = account === undefined ? 'Accounts' : `Accounts: ${account} is in use`;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="seg account"
        data-testid="account-selector"
        aria-haspopup="menu"
        aria-expanded={place !== undefined}
        title={chord === undefined ? words : `${words} (${chord})`}
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
      {place !== undefined && <AccountMenu place={place} onClose={close} onChange={setGoal} />}
      {goal !== undefined && <ChangeDialog goal={goal} onClose={() => setGoal(undefined)} />}
    </>
  );
}
