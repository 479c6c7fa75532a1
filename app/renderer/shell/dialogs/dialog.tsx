import { useEffect, useRef, type ReactNode } from 'react';
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
  useEffect(() => {
    const before = document.activeElement;
    const first = box.current?.querySelector<HTMLElement>('[data-first]');
    (first ?? box.current)?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    // What had the focus may be gone with this picture: the keyboard stays in the dialog.
    if (document.activeElement === document.body) box.current?.focus();
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
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
          if (event.key === 'Tab') keepInside(event.currentTarget, event.shiftKey, event);
        }}
      >
        {children}
      </div>
    </>
  );
}

function keepInside(
  box: HTMLElement,
  backwards: boolean,
  event: { preventDefault: () => void },
): void {
  const stops = [...box.querySelectorAll<HTMLElement>('button:not(:disabled), a, input')];
  const first = stops[0];
  const last = stops.at(-1);
  const from = document.activeElement;
  if (backwards && (from === first || from === box)) {
    event.preventDefault();
    last?.focus();
  } else if (!backwards && from === last) {
    event.preventDefault();
    first?.focus();
  }
}
