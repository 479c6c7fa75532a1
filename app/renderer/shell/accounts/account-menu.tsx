import type { ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { useDesk, useHost, useLink, useTrade } from '../../state/desk.tsx';
import { environmentWords } from '../environment-words.ts';
import { Menu, MenuItem, MenuPart, type MenuPlace } from '../workspaces/menu.tsx';
import { accountGoal, marketGoal, type Goal } from './change-dialog.tsx';

/** The account in use, whose rows the linked lists show, and the markets and accounts that the desk can change to. */
export function AccountMenu({
  place,
  onClose,
  onChange,
}: {
  readonly place: MenuPlace;
  readonly onClose: () => void;
  readonly onChange: (goal: Goal) => void;
}): ReactNode {
  const desk = useDesk();
  const { registry } = useCommands();
  const accounts = useTrade((state) => state.replica.accounts);
  const markets = useHost((state) => state.markets);
  const vault = useHost((state) => state.accounts);
  const chosen = useLink((state) => state.account);
  const inUse = accounts.map(({ account }) => account);
  const shown = inUse.find((account) => account === chosen);
  const open = (): void => {
    onClose();
    registry.run('panel.accounts');
  };
  const show = (account: typeof chosen) => (): void => {
    onClose();
    desk.link.choose({ account });
  };
  const change = (goal: Goal) => (): void => {
    onClose();
    onChange(goal);
  };
  const kept = (vault?.keys ?? []).map(({ name }) => accountGoal(name));
  const goals = [...kept.filter((goal) => goal !== undefined), ...markets.map(marketGoal)].filter(
    ({ title }) => !inUse.some((account) => account === title),
  );
  return (
    <Menu label="Accounts" place={place} testId="account-menu" onClose={onClose}>
      <MenuPart title="Orders, Fills, Positions and Balances of the focused panel’s group show">
        <MenuItem checked={shown === undefined} onTake={show(null)}>
          Every account of this desk
        </MenuItem>
        {inUse.map((account) => (
          <MenuItem key={account} checked={account === shown} note="in use" onTake={show(account)}>
            {account}
          </MenuItem>
        ))}
      </MenuPart>
      <MenuPart title="Change this desk to">
        {goals.map((goal) => (
          <MenuItem
            key={goal.title}
            testId={`change-to-${goal.title}`}
            note={environmentWords(goal.environment).tag}
            onTake={change(goal)}
          >
            {goal.title}…
          </MenuItem>
        ))}
      </MenuPart>
      <MenuPart title="Keys">
        <MenuItem testId="open-accounts" onTake={open}>
          {vault?.vault === true && vault.keys === null
            ? 'Show the accounts of the vault…'
            : 'Accounts…'}
        </MenuItem>
      </MenuPart>
    </Menu>
  );
}
