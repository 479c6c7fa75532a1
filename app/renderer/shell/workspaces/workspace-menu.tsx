import type { ReactNode } from 'react';
import { useBindings, useCommands } from '../../commands/commands-context.tsx';
import { useWorkspaces } from '../../state/desk.tsx';
import { activeWorkspace } from '../../state/workspaces.ts';
import { Keys } from '../../ui/controls.tsx';
import { Menu, MenuItem, MenuPart, type MenuPlace } from './menu.tsx';
import { STARTER_TITLES } from './workspace-commands.ts';

/** Names that have room in the title row; with more of them the menu lists them too. */
const MOST_NAMES = 4;

/** Everything that can be done with workspaces and windows, by the registry's commands. */
export function WorkspaceMenu({
  place,
  onClose,
}: {
  readonly place: MenuPlace;
  readonly onClose: () => void;
}): ReactNode {
  const { registry } = useCommands();
  const { commands, chords } = useBindings();
  const workspace = useWorkspaces(activeWorkspace);
  const document = useWorkspaces((state) => state.document);
  const many = (document?.workspaces.length ?? 0) > MOST_NAMES;
  const run = (id: string) => (): void => {
    onClose();
    registry.run(id);
  };
  const names = new Map(commands.map(({ id, title }) => [id, title]));
  const item = (id: string, note?: ReactNode): ReactNode => (
    <MenuItem
      key={id}
      testId={id}
      onTake={run(id)}
      disabled={!names.has(id)}
      {...(note === undefined ? {} : { note })}
    >
      {names.get(id)}
    </MenuItem>
  );
  if (workspace === undefined) return null;
  const keys = (id: string): ReactNode => {
    const chord = chords.get(id)?.[0];
    return chord === undefined ? undefined : <Keys chord={chord} />;
  };
  return (
    <Menu label="Workspaces" place={place} testId="workspace-menu" onClose={onClose}>
      <div className="menu-columns">
        <div>
          <MenuPart title={workspace.name}>
            {item('workspace.save', keys('workspace.save'))}
            {item('workspace.save-as')}
            {item('workspace.rename')}
            {item('workspace.lock')}
            {item('workspace.undo', keys('workspace.undo'))}
            {workspace.saved !== null && item('workspace.revert')}
            {item('workspace.reset')}
            {item('workspace.delete')}
          </MenuPart>
          <MenuPart title="Files and copies">
            {item('workspace.copies')}
            {item('workspace.export')}
            {item('workspace.import')}
          </MenuPart>
        </div>
        <div>
          {many && (
            <MenuPart title="Open">
              {document?.workspaces.map(({ id, name }) => (
                <MenuItem
                  key={id}
                  checked={id === workspace.id}
                  onTake={run(`workspace.open.${id}`)}
                >
                  {name}
                </MenuItem>
              ))}
            </MenuPart>
          )}
          <MenuPart title="New workspace">
            {STARTER_TITLES.map(([starter, title]) => (
              <MenuItem
                key={starter}
                testId={`workspace.create.${starter}`}
                onTake={run(`workspace.create.${starter}`)}
              >
                {title}
              </MenuItem>
            ))}
          </MenuPart>
          <MenuPart title="Windows">
            {item('window.new')}
            {names.has('window.rename') && item('window.rename')}
            {names.has('window.restore') && item('window.restore')}
            {names.has('window.gather') && item('window.gather')}
          </MenuPart>
        </div>
      </div>
    </Menu>
  );
}
