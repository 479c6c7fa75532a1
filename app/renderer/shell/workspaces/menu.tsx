import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { rememberKeyboard } from '../../ui/keyboard-place.ts';

/** Where a menu hangs, in pixels of the window. */
export interface MenuPlace {
  readonly left: number;
  readonly top: number;
}

/** A list of actions that hangs under what opened it: arrows move in it, Escape and a press elsewhere leave it. */
export function Menu({
  label,
  place,
  testId,
  onClose,
  children,
}: {
  readonly label: string;
  readonly place: MenuPlace;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const giveBack = useRef<() => void>(null);
  // Before it is painted: a key pressed as soon as the menu is seen is the menu's.
  useLayoutEffect(() => {
    giveBack.current = rememberKeyboard();
    itemsOf(box.current)[0]?.focus();
  }, []);
  useEffect(() => {
    const give = giveBack.current;
    return () => {
      // Focus that went elsewhere by itself stays there.
      if (document.activeElement === document.body) give?.();
    };
  }, []);
  useEffect(() => {
    const leave = (event: PointerEvent): void => {
      if (!(event.target instanceof Node) || box.current?.contains(event.target) !== true)
        onClose();
    };
    window.addEventListener('pointerdown', leave, true);
    return () => window.removeEventListener('pointerdown', leave, true);
  }, [onClose]);
  // A menu near the right edge or the foot of a small window stays in it.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(4, Math.min(place.left, innerWidth - width - 4))}px`;
    element.style.top = `${Math.max(4, Math.min(place.top, innerHeight - height - 4))}px`;
  }, [place]);
  return (
    <div
      ref={box}
      className="menu"
      role="menu"
      aria-label={label}
      data-testid={testId}
      onKeyDown={(event) => onKey(event, box.current, onClose)}
    >
      {children}
    </div>
  );
}

/** One action; the menu closes when it is taken. */
export function MenuItem({
  testId,
  checked,
  many = false,
  disabled = false,
  note,
  onTake,
  children,
}: {
  readonly testId?: string;
  /** Undefined for what is no choice. */
  readonly checked?: boolean;
  /** Others may be checked too. */
  readonly many?: boolean;
  readonly disabled?: boolean;
  readonly note?: ReactNode;
  readonly onTake: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      className={`menu-item${checked === true ? ' on' : ''}`}
      role={roleOf(checked, many)}
      aria-checked={checked}
      disabled={disabled}
      data-testid={testId}
      onClick={onTake}
    >
      <span className="words">{children}</span>
      {note !== undefined && <span className="menu-note">{note}</span>}
    </button>
  );
}

function roleOf(checked: boolean | undefined, many: boolean): string {
  if (checked === undefined) return 'menuitem';
  return many ? 'menuitemcheckbox' : 'menuitemradio';
}

/** Actions that belong together. */
export function MenuPart({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="menu-part" role="group" aria-label={title}>
      <h3 role="none">{title}</h3>
      {children}
    </div>
  );
}

function itemsOf(box: HTMLElement | null): readonly HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])];
}

function onKey(event: KeyboardEvent, box: HTMLElement | null, onClose: () => void): void {
  const items = itemsOf(box);
  const at = items.findIndex((item) => item === document.activeElement);
  const goals: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: -1,
  };
  const goal = goals[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') onClose();
  else if (goal !== undefined) items.at(goal % Math.max(1, items.length))?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
