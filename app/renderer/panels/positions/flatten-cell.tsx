import type { ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import type { CellProps } from '../../grids/blotter-column.tsx';
import { isOpen, type PositionRow } from './position-row.ts';

/** Cancels the orders of its row's instrument and closes what is held of it, with a receipt. */
export function FlattenCell({ row }: CellProps<PositionRow>): ReactNode {
  const { actions } = useCommands();
  if (!isOpen(row)) return null;
  const { id, symbol } = row.instrument;
  return (
    <button
      type="button"
      className="flatten"
      tabIndex={-1}
      aria-label={`Flatten ${symbol}`}
      title={`Cancels the orders of ${symbol} and closes the position`}
      onClick={() => actions.flatten(id)}
    >
      Flatten
    </button>
  );
}
