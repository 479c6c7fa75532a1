import type { ReactNode } from 'react';
import { useWorkspaces } from '../../state/desk.tsx';
import { numberedTitle, shownWindow } from '../../state/workspaces.ts';
import { titleOfPanel } from '../panels.ts';
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
        {shown.map((panel) => (
          <MenuItem
            key={panel.id}
            note={panel.link === null ? undefined : `group ${panel.link.group}`}
            onTake={() => {
              onShow(panel.id);
              onClose();
            }}
          >
            {numberedTitle(titleOfPanel(panel.type), panel, own?.panels ?? [])}
          </MenuItem>
        ))}
      </MenuPart>
    </Menu>
  );
}
