import { useState, type ReactNode } from 'react';
import { Check, Segments } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import {
  isViewName,
  LONGEST_VIEW_NAME,
  NO_SECTIONS,
  withView,
  type Look,
  type NamedLook,
} from './blotter-setup.ts';

/** What the menu shows and does. */
interface BlotterMenuProps {
  readonly label: string;
  readonly columns: readonly {
    readonly id: string;
    readonly head: string;
    readonly isTool?: boolean;
  }[];
  readonly look: Look | undefined;
  readonly views: readonly NamedLook[];
  readonly sections: readonly { readonly id: string; readonly label: string }[];
  readonly onColumn: (id: string, shown: boolean) => void;
  readonly onSection: (id: string) => void;
  /** Without a look: as on a new desk. */
  readonly onShow: (look: Look | undefined) => void;
  readonly onViews: (views: readonly NamedLook[]) => void;
}

/** Which columns are shown, what sections there are, and views: to show, to keep under a name, to drop. */
export function BlotterMenu(props: BlotterMenuProps): ReactNode {
  const { label, columns, look, views, sections, onColumn, onSection, onShow, onViews } = props;
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
        {columns.map(({ id, head, isTool }) =>
          isTool === true ? null : (
            <Check
              key={id}
              label={head}
              checked={!hidden.has(id)}
              onChange={(shown) => onColumn(id, shown)}
            />
          ),
        )}
      </div>
      <h4>Sections</h4>
      <Segments
        label="Sections"
        value={look?.section ?? NO_SECTIONS}
        options={[
          { value: NO_SECTIONS, label: 'None' },
          ...sections.map((section) => ({ value: section.id, label: section.label })),
        ]}
        onChange={onSection}
      />
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
