import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Check } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
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
  const button = useRef<HTMLButtonElement>(null);
  const slot = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState<Place>();
  const open = place !== undefined;
  const setOpen = (wanted: boolean): void => {
    setPlace(wanted && button.current !== null ? placeBeside(button.current) : undefined);
  };
  const [name, setName] = useState('');
  useEffect(() => {
    const leave = ({ target }: PointerEvent): void => {
      if (target instanceof Node && slot.current?.contains(target) !== true) setPlace(undefined);
    };
    window.addEventListener('pointerdown', leave, true);
    return () => window.removeEventListener('pointerdown', leave, true);
  }, []);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    close();
  };
  const hidden = new Set(look?.columns.filter(({ hide }) => hide).map(({ colId }) => colId));
  const keep = (): void => {
    if (look === undefined || !isViewName(name)) return;
    onViews(withView(views, { ...look, name: name.trim() }));
    setName('');
  };
  return (
    <span
      className="blotter-slot"
      onKeyDown={onKeyDown}
      ref={slot}
      // A button that is disabled by its own act loses the focus to nothing: that leaves nobody's menu.
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className={`chip ${open ? 'on' : ''}`}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Columns
        <Icon name="caret" />
      </button>
      {open && (
        <div
          className="blotter-menu"
          role="group"
          aria-label={`Columns and views of ${label}`}
          tabIndex={-1}
          style={place}
        >
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
        </div>
      )}
    </span>
  );
}

interface Place {
  readonly right: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** Room that the menu needs below its button, pixels. */
const ROOM = 330;
const GAP = 4;

/** Below the button, or above it where the window ends. */
function placeBeside(button: HTMLElement): Place {
  const { top, bottom, right } = button.getBoundingClientRect();
  const edge = { right: Math.max(0, innerWidth - right) };
  return bottom + ROOM > innerHeight
    ? { ...edge, bottom: innerHeight - top + GAP }
    : { ...edge, top: bottom + GAP };
}
