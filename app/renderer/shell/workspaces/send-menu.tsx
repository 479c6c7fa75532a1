import { useEffect, type ReactNode } from 'react';
import { useDesk, useLinkedInstrument } from '../../state/desk.tsx';
import { PANELS } from '../panels.ts';
import { Menu, MenuItem, MenuPart, type MenuPlace } from './menu.tsx';
import { sendTargets, sendWords, showIn } from './send-instrument.ts';

/** The panels that the instrument of the focused panel can be sent to: what dragging it there does, by keyboard. */
export function SendMenu({
  place,
  onClose,
}: {
  readonly place: MenuPlace;
  readonly onClose: () => void;
}): ReactNode {
  const desk = useDesk();
  const instrument = useLinkedInstrument();
  const targets = sendTargets(desk, PANELS);
  const none = instrument === undefined || targets.length === 0;
  useEffect(() => {
    if (!none) return;
    desk.notices.raise(
      'info',
      'Nowhere to send it',
      'No panel of this window shows an instrument.',
    );
    onClose();
  }, [desk, none, onClose]);
  if (none) return null;
  return (
    <Menu
      label={`Send ${instrument.symbol} to a panel`}
      place={place}
      testId="send-menu"
      onClose={onClose}
    >
      <MenuPart title={`Send ${instrument.symbol} to`}>
        {targets.map(({ id, title, symbol }) => (
          <MenuItem
            key={id}
            note={`${sendWords(desk, id)}, in place of ${symbol}`}
            onTake={() => {
              onClose();
              showIn(desk, id, instrument.id);
            }}
          >
            {title}
          </MenuItem>
        ))}
      </MenuPart>
    </Menu>
  );
}
