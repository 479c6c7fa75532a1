import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

/** Whether a panel sends orders, as a lock with its word; pressing it arms or disarms. It never takes the keyboard from the panel by a click. */
export function Padlock({
  word,
  title,
  toggle,
}: {
  readonly word: 'Armed' | 'Disarmed' | 'Locked';
  readonly title: string;
  readonly toggle: () => void;
}): ReactNode {
  const armed = word === 'Armed';
  return (
    <button
      type="button"
      className={`padlock${armed ? ' armed' : ''}`}
      data-testid="padlock"
      aria-pressed={armed}
      aria-label={`${word}. ${title}`}
      title={title}
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={toggle}
    >
      <Icon name={armed ? 'unlock' : 'lock'} />
      {word}
    </button>
  );
}
