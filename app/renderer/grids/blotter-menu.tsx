import { useState, type ReactNode } from 'react';
import { Check } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import {
  isViewName,
  LONGEST_VIEW_NAME,
  withView,
  type Look,
  type NamedLook,
} from './blotter-setup.ts';

/** What the menu shows and does. */
interface BlotterMenuProps {
  readonly label: string;
  readonly columns: readonly { readonly colId?: string; readonly headerName?: string }[];
  readonly look: Look | undefined;
  readonly views: readonly NamedLook[];
  readonly onColumn: (id: string, shown: boolean) => void;
  /** Without a look: as on a new desk. */
  readonly onShow: (look: Look | undefined) => void;
  readonly onViews: (views: readonly NamedLook[]) => void;
}

/** Which columns are shown, and views: to show, to keep under a name, to drop. */
export function BlotterMenu(props: BlotterMenuProps): ReactNode {
  const { label, columns, look, views, onColumn, onShow, onViews } = props;
  const [name, setName] = useState('');
  const hidden = new Set(look?.columns.filter(({ hide }) => hide).map(({ colId }) => colId));
  const keep = (): void => {
    if (look === undefined || !isViewName(name)) return;
    onViews(withView(views, { ...look, name: name.trim() }));
    setName('');
  };
  return (
    <MenuButton label="Columns" title={`Columns and views of ${label}`}>
      <div className="blotter-columns">
        {columns.map(({ colId, headerName }) =>
          colId === undefined || headerName === undefined || headerName === '' ? null : (
            <Check
              key={colId}
              label={headerName}
              checked={!hidden.has(colId)}
              onChange={(shown) => onColumn(colId, shown)}
            />
          ),
        )}
      </div>
      <h4>Views</h4>
      {views.map((view) => (
        <div key={view.name} className="blotter-view">
          <button type="button" onClick={() => onShow(view)}>
            {view.name}
          </button>
          <button
            type="button"
            className="cell-x"
            aria-label={`Drop the view ${view.name}`}
            onClick={() => onViews(views.filter((one) => one !== view))}
          >
            <Icon name="x" />
          </button>
        </div>
      ))}
      <div className="blotter-view">
        <button type="button" onClick={() => onShow(undefined)}>
          As on a new desk
        </button>
      </div>
      <form
        className="blotter-view"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <input
          aria-label="Name of the view to keep"
          placeholder="Keep as"
          maxLength={LONGEST_VIEW_NAME}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="chip" disabled={!isViewName(name)}>
          Keep
        </button>
      </form>
    </MenuButton>
  );
}
