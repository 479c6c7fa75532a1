import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { Icon } from './icons.tsx';

/** A button with a sheet of choices under it. Escape, a press elsewhere and a focus elsewhere close the sheet. */
export function MenuButton({
  label,
  title,
  button,
  children,
}: {
  readonly label: string;
  /** Name of the sheet. */
  readonly title: string;
  /** Set to the button, so that a key can press it. */
  readonly button?: RefObject<HTMLButtonElement | null>;
  readonly children: ReactNode;
}): ReactNode {
  const own = useRef<HTMLButtonElement>(null);
  const shown = button ?? own;
  const slot = useRef<HTMLSpanElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>();
  const open = place !== undefined;
  const setOpen = (wanted: boolean): void => {
    setPlace(wanted && shown.current !== null ? placeBeside(shown.current) : undefined);
  };
  useEffect(() => {
    const leave = ({ target }: PointerEvent): void => {
      if (target instanceof Node && slot.current?.contains(target) !== true) setPlace(undefined);
    };
    window.addEventListener('pointerdown', leave, true);
    return () => window.removeEventListener('pointerdown', leave, true);
  }, []);
  useLayoutEffect(() => {
    if (open) sheet.current?.focus();
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    shown.current?.focus();
  };
  return (
    <span
      onKeyDown={onKeyDown}
      ref={slot}
      // A button that is disabled by its own act loses the focus to nothing: that leaves nobody's menu.
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={shown}
        type="button"
        className={`chip ${open ? 'on' : ''}`}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {label}
        <Icon name="caret" />
      </button>
      {open && (
        <div
          className="menu-sheet"
          role="group"
          aria-label={title}
          tabIndex={-1}
          ref={sheet}
          style={place}
        >
          {children}
        </div>
      )}
    </span>
  );
}

interface Place {
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** Room that a sheet needs below its button, pixels. */
const ROOM = 330;
const GAP = 4;

/** Width of a sheet, pixels. */
const WIDTH = 320;

/** Below the button and from its right to the left, or above it and from its left where the window ends. */
function placeBeside(button: HTMLElement): Place {
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const edge = right < WIDTH ? { left } : { right: Math.max(0, innerWidth - right) };
  return bottom + ROOM > innerHeight
    ? { ...edge, bottom: innerHeight - top + GAP }
    : { ...edge, top: bottom + GAP };
}
