import { formatDecimal } from '../../../engine/domain/decimal.ts';
import type { Order } from '../../../engine/domain/order.ts';
import { compactQuantity, priceText, quantityText } from '../../format/number-text.ts';
import { averagePriceText, statusWords, typeWords } from '../../format/order-words.ts';
import { clockMillis, durationMicros } from '../../format/time-text.ts';
import type { BlotterColumn } from '../../grids/blotter-column.tsx';
import { isEditable, PriceEditor, QuantityEditor } from './edit-cell.tsx';
import { CancelCell, FilledCell, PriceCell, StatusCell, type OrderRow } from './cells.tsx';
import { noteOf } from './order-note.ts';

type Column = BlotterColumn<OrderRow>;

/** A column of text that is not shown on a new desk. */
function more(
  id: string,
  head: string,
  width: number,
  text: (row: OrderRow) => string | undefined,
): Column {
  return { id, head, width, hidden: true, classes: 't2', text: (row) => text(row) ?? '' };
}

/** A column of a time that is not shown on a new desk. */
function time(id: string, head: string, at: (order: Order) => number | undefined): Column {
  return {
    id,
    head,
    width: 88,
    hidden: true,
    classes: 'tm',
    text: ({ order }) => {
      const when = at(order);
      return when === undefined ? '' : clockMillis(when);
    },
    key: ({ order }) => at(order),
  };
}

/** Every column of the orders list; those that are hidden are chosen in its menu. */
export const ORDER_COLUMNS: readonly Column[] = [
  {
    id: 'time',
    head: 'Time',
    width: 86,
    classes: 'tm',
    text: ({ order }) => clockMillis(order.decidedAt),
    key: ({ order }) => order.decidedAt,
  },
  {
    id: 'instrument',
    head: 'Instrument',
    width: 70,
    text: ({ order, instrument }) => instrument?.symbol ?? order.instrument,
  },
  {
    id: 'side',
    head: 'Side',
    width: 38,
    text: ({ order }) => order.side,
    classes: ({ order }) => (order.side === 'Buy' ? 'buy' : 'sell'),
  },
  {
    id: 'type',
    head: 'Type',
    width: 54,
    classes: 't2',
    text: ({ order }) => typeWords(order.type),
  },
  {
    id: 'filled',
    head: 'Filled / qty',
    width: 112,
    figures: true,
    text: filledText,
    key: ({ order }) => order.quantity,
    cell: FilledCell,
    editor: QuantityEditor,
    isEditable: ({ order }) => isEditable(order),
  },
  {
    id: 'price',
    head: 'Price',
    width: 98,
    figures: true,
    text: limitText,
    key: ({ order }) => order.price ?? 0,
    cell: PriceCell,
    drawnFor: ({ order }) => `${order.price} ${order.pending?.price}`,
    editor: PriceEditor,
    isEditable: ({ order }) => isEditable(order),
  },
  {
    id: 'trigger',
    head: 'Trigger',
    width: 54,
    figures: true,
    classes: 't2',
    text: triggerText,
    key: ({ order }) => order.stopPrice,
  },
  {
    id: 'status',
    head: 'Status',
    width: 100,
    text: ({ order }) => statusWords(order).label,
    cell: StatusCell,
  },
  {
    id: 'ack',
    head: 'Ack',
    width: 52,
    figures: true,
    classes: 't2',
    text: ({ order }) => {
      const took = acknowledgement(order);
      return took === undefined ? '' : durationMicros(took);
    },
    key: ({ order }) => acknowledgement(order),
  },
  {
    id: 'queue',
    head: 'Ahead / level',
    width: 92,
    figures: true,
    classes: 't2',
    text: queueText,
    key: ({ place }) => place?.ahead,
  },
  {
    ...more('leaves', 'Working', 80, ({ order, instrument }) =>
      instrument === undefined ? undefined : quantityText(order.leavesQty, instrument),
    ),
    figures: true,
    key: ({ order }) => order.leavesQty,
  },
  {
    ...more('average', 'Average', 92, ({ order, instrument }) =>
      instrument === undefined
        ? undefined
        : averagePriceText(order.cumNotional, order.cumQty, instrument),
    ),
    figures: true,
    key: ({ order }) => Number(order.cumNotional) / Math.max(1, order.cumQty),
  },
  more('in-force', 'In force', 60, ({ order }) => order.timeInForce),
  more('account', 'Account', 140, ({ order }) => order.account),
  more('tag', 'Tag', 80, ({ order }) => order.tag),
  more('origin', 'Origin', 72, ({ order }) => order.origin),
  more('parent', 'Exit of', 120, ({ order }) => order.parent),
  more('replaces', 'Replaces', 120, ({ order }) => order.replaces),
  time('sent', 'Sent', (order) => order.submittedAt),
  time('taken', 'Venue took', (order) => order.venueAcceptedAt),
  time('last', 'Last change', (order) => order.updatedAt),
  more('venue-id', 'Venue id', 88, ({ order }) => order.venueOrderId),
  more('client-id', 'Order id', 120, ({ order }) => order.clientOrderId),
  more('reason', 'Reason', 160, ({ order }) => order.reason?.code),
  {
    id: 'note',
    head: 'Note',
    flex: 1,
    minWidth: 44,
    classes: 't2',
    tip: true,
    text: noteOf,
  },
  {
    id: 'cancel',
    head: 'Cancel',
    width: 28,
    isTool: true,
    text: () => '',
    // The button comes and goes with the status.
    drawnFor: ({ order }) => order.status,
    cell: CancelCell,
  },
];

function filledText({ order, instrument }: OrderRow): string {
  if (instrument === undefined) return '';
  return `${quantityText(order.cumQty, instrument)} / ${quantityText(order.quantity, instrument)}`;
}

function limitText({ order, instrument }: OrderRow): string {
  if (order.price === undefined) return 'market';
  return instrument === undefined
    ? formatDecimal(order.price, 0)
    : priceText(order.price, instrument);
}

function triggerText({ order, instrument }: OrderRow): string {
  if (instrument === undefined || order.stopPrice === undefined) return '';
  return priceText(order.stopPrice, instrument);
}

/** What is to trade before it, at most, of all at its price. */
function queueText({ place, instrument }: OrderRow): string {
  if (place === undefined || instrument === undefined) return '';
  const { quantityScale } = instrument;
  const { ahead, level } = place;
  return `${compactQuantity(ahead, quantityScale)} / ${compactQuantity(level, quantityScale)}`;
}

function acknowledgement({ submittedAt, acceptedAt }: Order): number | undefined {
  if (submittedAt === undefined || acceptedAt === undefined) return undefined;
  return acceptedAt - submittedAt;
}
