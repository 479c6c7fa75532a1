import type { ReactNode } from 'react';
import type { DrawingKind } from '../../charts/drawing.ts';
import { Keys } from '../../ui/controls.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import { TOOL_CHOICES, toolLabel } from './chart-words.ts';

/** What can be drawn, and the ways to be rid of it. */
export function DrawMenu({
  tool,
  drawings,
  onTool,
  onDelete,
  onClear,
}: {
  readonly tool: DrawingKind | undefined;
  /** How many there are. */
  readonly drawings: number;
  readonly onTool: (tool: DrawingKind | undefined) => void;
  readonly onDelete: () => void;
  readonly onClear: () => void;
}): ReactNode {
  const label = tool === undefined ? 'Draw' : toolLabel(tool);
  return (
    <MenuButton label={label} title="Drawings">
      {TOOL_CHOICES.map(({ kind, label: words, key }) => (
        <button
          key={kind}
          type="button"
          className="menu-line"
          aria-pressed={kind === tool}
          onClick={() => onTool(kind === tool ? undefined : kind)}
        >
          {words} <Keys chord={key} />
        </button>
      ))}
      <h4>{drawings === 1 ? '1 drawing' : `${drawings} drawings`} of this instrument</h4>
      <button type="button" className="menu-line" disabled={drawings === 0} onClick={onDelete}>
        Delete the chosen one <Keys chord="Delete" />
      </button>
      <button type="button" className="menu-line" disabled={drawings === 0} onClick={onClear}>
        Delete all of them
      </button>
    </MenuButton>
  );
}
