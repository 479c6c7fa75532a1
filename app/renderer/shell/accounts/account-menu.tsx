import type { ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { useDesk, useHost, useLink, useTrade } from '../../state/desk.tsx';
import { Menu, MenuItem, MenuPart, type MenuPlace } from '../workspaces/menu.tsx';

/** The account in use, whose rows the linked lists show, and the accounts of the vault with what trading them needs. */
export function AccountMenu({
  place,
  onClose,
}: {
  readonly place: MenuPlace;
  readonly onClose: () => void;
}): ReactNode {
  const desk = useDesk();
  const { registry } = useCommands();
  const accounts = useTrade((state) => state.replica.accounts);
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
  const others = vault?.keys?.filter(({ name }) => !inUse.some((one) => one === name)) ?? [];
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
      <MenuPart title="In the vault: to trade one, end this desk and start it on that account">
        {others.map(({ name }) => (
          <MenuItem key={name} note="how it is started" onTake={open}>
            {name}
          </MenuItem>
        ))}
        <MenuItem testId="open-accounts" onTake={open}>
          {vault?.vault === true && vault.keys === null
            ? 'Show the accounts of the vault…'
            : 'Accounts…'}
        </MenuItem>
      </MenuPart>
    </Menu>
  );
}
