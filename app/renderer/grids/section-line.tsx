import type { ReactNode } from 'react';
import { Icon } from '../ui/icons.tsx';
import type { SectionHead } from './sections.ts';

/** The head of a section: its name, how many rows it has, its sums; opens and closes it. */
export function SectionLine({
  head: { name, open, count, sums },
  onToggle,
}: {
  readonly head: SectionHead;
  readonly onToggle: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className={`section-line ${open ? 'open' : ''}`}
      tabIndex={-1}
      aria-expanded={open}
      onClick={onToggle}
    >
      <Icon name="caret" />
      <b>{name === '' ? 'none' : name}</b>
      <span className="t3">{count}</span>
      <span className="t2 sums">{sums}</span>
    </button>
  );
}
