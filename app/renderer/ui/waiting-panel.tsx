import { useRef, type ReactNode } from 'react';
import { Say } from './controls.tsx';
import { usePassKeyboard } from './keyboard-place.ts';

/** A panel that has nothing to show yet; the keyboard may be in it, and is in what takes its place. */
export function WaitingPanel({
  title,
  text,
}: {
  readonly title: string;
  readonly text: string;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  usePassKeyboard(box);
  return (
    <div className="panel" ref={box} tabIndex={0} role="group" aria-label={title}>
      <Say icon="plug" title={title} text={text} />
    </div>
  );
}
