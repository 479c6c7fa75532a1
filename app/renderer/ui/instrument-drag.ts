import type { InstrumentId } from '../../engine/domain/identifiers.ts';

/** What is known of a dragged instrument: only its id is a promise, the symbol is for text fields. */
export interface DraggedInstrument {
  readonly id: InstrumentId;
  readonly symbol: string;
}

/** Kind of the payload: an instrument's id, also from another window of the desk. */
const KIND = 'application/x-quarterdeck-instrument';
const LONGEST_ID = 80;

/** Puts an instrument into a drag that begins. */
export function dragInstrument(event: DragEvent, { id, symbol }: DraggedInstrument): void {
  const { dataTransfer } = event;
  if (dataTransfer === null) return;
  dataTransfer.effectAllowed = 'copy';
  dataTransfer.setData(KIND, id);
  dataTransfer.setData('text/plain', symbol);
}

/** Takes instruments that are dropped on an element, and shows while one hangs over it what a drop would do, until the returned function is called. */
export function takeInstruments(
  element: HTMLElement,
  words: () => string,
  onDrop: (id: InstrumentId) => void,
): () => void {
  const ended = new AbortController();
  const carries = ({ dataTransfer }: DragEvent): boolean =>
    dataTransfer?.types.includes(KIND) === true;
  const leave = (): void => {
    delete element.dataset['drop'];
  };
  // Before a text field under it takes the symbol for text.
  const options = { capture: true, signal: ended.signal };
  const over = (event: DragEvent): void => {
    if (!carries(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    element.dataset['drop'] ??= words();
  };
  element.addEventListener('dragenter', over, options);
  element.addEventListener('dragover', over, options);
  element.addEventListener(
    'dragleave',
    ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) leave();
    },
    options,
  );
  element.addEventListener(
    'drop',
    (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
      const id = event.dataTransfer?.getData(KIND) ?? '';
      if (id !== '' && id.length <= LONGEST_ID) onDrop(id as InstrumentId);
    },
    options,
  );
  return () => {
    ended.abort();
    leave();
  };
}
