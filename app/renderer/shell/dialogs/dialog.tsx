import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { rememberKeyboard } from '../../ui/keyboard-place.ts';
import './dialogs.css';

/** A modal box: the keyboard stays in it, Escape leaves it, and the focus goes back where it was. */
export function Dialog({
  label,
  role,
  className,
  onClose,
  children,
}: {
  readonly label: string;
  readonly role: 'dialog' | 'alertdialog';
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  // Before it is painted: a key pressed as soon as the dialog is seen is the dialog's.
  useLayoutEffect(() => {
    const giveBack = rememberKeyboard();
    const first = box.current?.querySelector<HTMLElement>('[data-first]');
    (first ?? box.current)?.focus();
    return giveBack;
  }, []);
  useEffect(() => {
    // What had the focus may be gone with this picture: the keyboard stays in the dialog.
    if (document.activeElement === document.body) box.current?.focus();
  });
  useLayoutEffect(() => {
    // Wherever the focus is: the keys of a modal box are never lost to what is behind it.
    const onKeyDown = (event: KeyboardEvent): void => {
      const front = [...document.querySelectorAll('[aria-modal="true"]')].at(-1);
      if (box.current === null || front !== box.current || event.defaultPrevented) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        onClose();
      }
      if (event.key === 'Tab') keepInside(box.current, event);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  });
  return (
    <>
      <div className="scrim" onClick={onClose} />
      <div
        ref={box}
        className={`overlay ${className}`}
        role={role}
        aria-modal="true"
        aria-label={label}
        tabIndex={-1}
      >
        {children}
      </div>
    </>
  );
}

function keepInside(box: HTMLElement, event: KeyboardEvent): void {
  const stops = [...box.querySelectorAll<HTMLElement>('button:not(:disabled), a, input')];
  const from = document.activeElement;
  const [first, last] = [stops[0], stops.at(-1)];
  const edge = event.shiftKey ? first : last;
  const within = box.contains(from) && from !== edge && !(event.shiftKey && from === box);
  if (within) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
