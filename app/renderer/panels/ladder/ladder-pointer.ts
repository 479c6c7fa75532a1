import type { Side } from '../../../engine/domain/order.ts';
import type { Price } from '../../../engine/domain/price.ts';

/** What the pointer does to the ladder. Prices are those that stood under the pointer. */
export interface PointerActions {
  readonly onPlace: (side: Side, price: Price) => void;
  readonly onCancel: (clientOrderIds: readonly string[]) => void;
  /** Dragged from the row of `from` to that of `to`. */
  readonly onMove: (clientOrderIds: readonly string[], from: Price, to: Price) => void;
  /** The cell under the pointer that a click would place at; undefined over anything else. */
  readonly onHover: (cell: { readonly side: Side; readonly price: Price } | undefined) => void;
  readonly onDrop: (price: Price | undefined) => void;
  readonly onWheel: (rows: number) => void;
}

type Press =
  | { readonly kind: 'cell'; readonly side: Side; readonly price: Price }
  | {
      readonly kind: 'tag';
      /** One or more, with spaces between. */ readonly orders: string;
      readonly price: Price;
      readonly y: number;
    };

/** Pixels a pressed tag must move before it is a drag. */
const DRAG_PX = 4;

/** Reads pointer events on the ladder: a click acts when the button comes up on the cell it went down on, and on no other. */
export function attachPointer(host: HTMLElement, actions: PointerActions): () => void {
  let press: Press | undefined;
  let dragging = false;

  const down = (event: PointerEvent): void => {
    press = event.button === 0 ? pressAt(event.target, event.clientY) : undefined;
    dragging = false;
  };
  const move = (event: PointerEvent): void => {
    if (press?.kind === 'tag') {
      dragging ||= Math.abs(event.clientY - press.y) > DRAG_PX;
      host.classList.toggle('dragging', dragging);
      actions.onDrop(dragging ? rowPrice(under(event)) : undefined);
      return;
    }
    const cell = host.contains(event.target as Node) ? pressAt(event.target, 0) : undefined;
    actions.onHover(cell?.kind === 'cell' ? cell : undefined);
  };
  const up = (event: PointerEvent): void => {
    const began = press;
    const dragged = dragging;
    reset();
    if (event.button !== 0 || began === undefined) return;
    const target = under(event);
    if (began.kind === 'cell') {
      const ended = pressAt(target, 0);
      const same =
        ended?.kind === 'cell' && ended.side === began.side && ended.price === began.price;
      if (same) actions.onPlace(began.side, began.price);
      return;
    }
    const price = rowPrice(target);
    if (dragged) {
      if (price !== undefined && price !== began.price)
        actions.onMove(began.orders.split(' '), began.price, price);
      return;
    }
    const ended = pressAt(target, 0);
    // Orders that came to the stack or left it under the finger are not meant.
    if (ended?.kind === 'tag' && ended.orders === began.orders) {
      actions.onCancel(began.orders.split(' '));
    }
  };
  const reset = (): void => {
    press = undefined;
    dragging = false;
    host.classList.remove('dragging');
    actions.onDrop(undefined);
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') reset();
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // A press belongs to the price it began on: an axis that moved under it would be another order.
    reset();
    actions.onWheel(event.deltaY < 0 ? 3 : -3);
  };

  host.addEventListener('pointerdown', down);
  host.addEventListener('wheel', wheel, { passive: false });
  window.addEventListener('pointerup', up);
  window.addEventListener('pointermove', move);
  window.addEventListener('keydown', escape);
  return () => {
    host.removeEventListener('pointerdown', down);
    host.removeEventListener('wheel', wheel);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointermove', move);
    window.removeEventListener('keydown', escape);
  };
}

function under(event: PointerEvent): Element | null {
  return document.elementFromPoint(event.clientX, event.clientY);
}

function rowPrice(target: EventTarget | null): Price | undefined {
  if (!(target instanceof Element)) return undefined;
  const text = target.closest<HTMLElement>('.lv')?.dataset['price'];
  return text === undefined ? undefined : (Number(text) as Price);
}

function pressAt(target: EventTarget | null, y: number): Press | undefined {
  const price = rowPrice(target);
  if (price === undefined || !(target instanceof Element)) return undefined;
  const orders = target.closest<HTMLElement>('[data-order]')?.dataset['order'];
  if (orders !== undefined) return { kind: 'tag', orders, price, y };
  const side = target.closest<HTMLElement>('[data-side]')?.dataset['side'];
  return side === 'Buy' || side === 'Sell' ? { kind: 'cell', side, price } : undefined;
}
