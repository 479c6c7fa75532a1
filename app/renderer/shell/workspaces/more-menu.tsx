import type { ReactNode } from 'react';
import { useWorkspaces } from '../../state/desk.tsx';
import { shownWindow } from '../../state/workspaces.ts';
import { PANELS } from '../panels.ts';
import { Menu, MenuItem, MenuPart, type MenuPlace } from './menu.tsx';

/** The panels of one place whose tabs have no room there. */
export function MoreMenu({
  panels,
  place,
  onShow,
  onClose,
}: {
  readonly panels: readonly string[];
  readonly place: MenuPlace;
  /** Brings a panel to the front and the keyboard into it. */
  readonly onShow: (panel: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const own = useWorkspaces(shownWindow);
  const shown = panels.flatMap((id) => own?.panels.find((panel) => panel.id === id) ?? []);
  return (
    <Menu label="More panels" place={place} testId="more-menu" onClose={onClose}>
      <MenuPart title="More panels here">
        {shown.map(({ id, type, link }) => (
          <MenuItem
            key={id}
            note={link === null ? undefined : `group ${link.group}`}
            onTake={() => {
              onShow(id);
              onClose();
            }}
          >
            {PANELS.find(({ name }) => name === type)?.title ?? type}
          </MenuItem>
        ))}
      </MenuPart>
    </Menu>
  );
}
