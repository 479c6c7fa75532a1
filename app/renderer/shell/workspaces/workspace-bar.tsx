import { useCallback, useState, type ReactNode, type RefObject } from 'react';
import { useCommands, useKeyOf } from '../../commands/commands-context.tsx';
import { useWorkspaces } from '../../state/desk.tsx';
import { activeWorkspace, closedWindows, isEdited } from '../../state/workspaces.ts';
import { Icon } from '../../ui/icons.tsx';
import type { MenuPlace } from './menu.tsx';
import { restoreTitle } from './workspace-commands.ts';
import { WorkspaceMenu } from './workspace-menu.tsx';
import './workspaces.css';

/** Workspaces by name, the one that is shown marked, and their menu. */
export function WorkspaceBar({
  menu,
}: {
  readonly menu: RefObject<HTMLButtonElement | null>;
}): ReactNode {
  const { registry } = useCommands();
  const chord = useKeyOf('workspace.menu');
  const document = useWorkspaces((state) => state.document);
  const closed = useWorkspaces((state) => closedWindows(state).length);
  const edited = useWorkspaces((state) => isEdited(activeWorkspace(state)));
  const [place, setPlace] = useState<MenuPlace>();
  const close = useCallback(() => setPlace(undefined), []);
  return (
    <div className="wss" data-testid="workspaces">
      <div className="ws-names">
        {document?.workspaces.map(({ id, name, locked }) => (
          <button
            key={id}
            type="button"
            className={id === document.active ? 'on' : ''}
            aria-current={id === document.active}
            title={id === document.active && edited ? `${name}: changed since it was saved` : name}
            onClick={() => registry.run(`workspace.open.${id}`)}
          >
            <span className="ws-name">{name}</span>
            {locked && <Icon name="lock" />}
          </button>
        ))}
      </div>
      <button
        ref={menu}
        type="button"
        className="add"
        aria-haspopup="menu"
        aria-expanded={place !== undefined}
        aria-label="Workspaces"
        title={chord === undefined ? 'Workspaces' : `Workspaces (${chord})`}
        data-testid="workspace-menu-button"
        onClick={({ currentTarget }) => {
          const box = currentTarget.parentElement?.getBoundingClientRect();
          const at = { left: box?.left ?? 0, top: (box?.bottom ?? 0) + 2 };
          setPlace(place === undefined ? at : undefined);
        }}
      >
        <Icon name="caret" />
      </button>
      {closed > 0 && (
        <button
          type="button"
          className="restore"
          data-testid="restore-windows"
          onClick={() => registry.run('window.restore')}
        >
          <span className="act">{restoreTitle(closed)}</span>
        </button>
      )}
      {place !== undefined && <WorkspaceMenu place={place} onClose={close} />}
    </div>
  );
}
