import type { Desk } from '../../state/desk.tsx';
import { dragInstrument } from '../../ui/instrument-drag.ts';

/** Cells of every list that name an instrument. */
const CELL = '.ag-row [col-id="instrument"]';

/** Lets the instruments that lists of orders, fills and positions name be dragged, until the returned function is called. Lists make and reuse their cells as they scroll: one listener serves them all. */
export function dragFromCells(desk: Desk): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const cellOf = ({ target }: Event): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>(CELL) : null;
  window.addEventListener(
    'pointerdown',
    (event) => {
      const cell = cellOf(event);
      if (cell !== null) cell.draggable = true;
    },
    { capture: true, signal },
  );
  window.addEventListener(
    'dragstart',
    (event) => {
      const symbol = cellOf(event)?.textContent?.trim();
      if (symbol === undefined) return;
      const { instruments } = desk.feed.store.getState();
      const [instrument, another] = instruments.filter((one) => one.symbol === symbol);
      // A symbol of two venues does not say which.
      if (instrument === undefined || another !== undefined) event.preventDefault();
      else dragInstrument(event, instrument);
    },
    { signal },
  );
  return () => ended.abort();
}
