import type { ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { useWorkspaces } from '../../state/desk.tsx';
import { activeWorkspace, shownWindow, type LinkRole } from '../../state/workspaces.ts';
import { Menu, MenuItem, MenuPart, type MenuPlace } from './menu.tsx';
import { LINKED_ITEMS } from './workspace-commands.ts';

const GROUPS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const ROLES: readonly (readonly [LinkRole, string, string])[] = [
  ['both', 'Both', 'tells and follows'],
  ['source', 'Source', 'tells its group'],
  ['destination', 'Destination', 'follows its group'],
];

/** What can be done with one docked panel: its link, where it is, closing it. */
export function PanelMenu({
  panel: id,
  title,
  place,
  onClose,
}: {
  readonly panel: string;
  readonly title: string;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}): ReactNode {
  const { registry } = useCommands();
  const own = useWorkspaces(shownWindow);
  const workspace = useWorkspaces(activeWorkspace);
  const link = own?.panels.find((panel) => panel.id === id)?.link ?? null;
  const run = (command: string) => (): void => {
    onClose();
    registry.run(command);
  };
  const others = workspace?.windows.filter((window) => window.id !== own?.id) ?? [];
  const locked = workspace?.locked === true;
  return (
    <Menu label={`Menu of ${title}`} place={place} testId="panel-menu" onClose={onClose}>
      <MenuPart title="Link group">
        <div className="link-choice">
          {GROUPS.map((group) => (
            <button
              key={group}
              type="button"
              className="link"
              role="menuitemradio"
              aria-checked={link?.group === group}
              aria-label={`Link group ${group}`}
              data-group={group}
              data-testid={`dock.link.${group}`}
              onClick={run(`dock.link.${group}`)}
            >
              {group}
            </button>
          ))}
          <button
            type="button"
            className="link"
            role="menuitemradio"
            aria-checked={link === null}
            aria-label="Not linked"
            title="Not linked"
            data-testid="dock.unlink"
            onClick={run('dock.unlink')}
          />
        </div>
        {ROLES.map(([role, name, words]) => (
          <MenuItem
            key={role}
            testId={`dock.role.${role}`}
            checked={link?.role === role}
            disabled={link === null}
            note={words}
            onTake={run(`dock.role.${role}`)}
          >
            {name}
          </MenuItem>
        ))}
      </MenuPart>
      <MenuPart title="What is linked">
        {LINKED_ITEMS.map(([item, name, words]) => (
          <MenuItem
            key={item}
            testId={`dock.what.${item}`}
            checked={link?.what.includes(item) === true}
            many
            disabled={link === null}
            note={words}
            onTake={() => registry.run(`dock.what.${item}`)}
          >
            {name}
          </MenuItem>
        ))}
      </MenuPart>
      <MenuPart title="Move to">
        {others.map((window) => (
          <MenuItem
            key={window.id}
            testId={`dock.move.${window.title}`}
            disabled={locked}
            onTake={run(`dock.move.${window.id}`)}
          >
            {window.title}
          </MenuItem>
        ))}
        <MenuItem testId="dock.move.new" disabled={locked} onTake={run('dock.move.new')}>
          A new window
        </MenuItem>
      </MenuPart>
      <MenuPart title={title}>
        <MenuItem testId="dock.maximise" onTake={run('dock.maximise')}>
          Maximise or restore
        </MenuItem>
        <MenuItem testId="dock.close" disabled={locked} onTake={run('dock.close')}>
          Close panel
        </MenuItem>
      </MenuPart>
    </Menu>
  );
}
