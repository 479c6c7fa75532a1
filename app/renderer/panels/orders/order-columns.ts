import { formatDecimal } from '../../../engine/domain/decimal.ts';
import type { Order } from '../../../engine/domain/order.ts';
import { priceText, quantityText } from '../../format/number-text.ts';
import { averagePriceText, statusWords, typeWords } from '../../format/order-words.ts';
import { clockMillis, durationMicros } from '../../format/time-text.ts';
import { figures, type ColDef } from '../../grids/grid.tsx';
import { isEditable, PriceEditor, QuantityEditor } from './edit-cell.tsx';
import { CancelCell, FilledCell, PriceCell, StatusCell, type OrderRow } from './cells.tsx';
import { noteOf } from './order-note.ts';

interface RowNode {
  readonly data?: OrderRow | undefined;
}

function byOrder(
  key: (order: Order) => number,
): (left: unknown, right: unknown, first: RowNode, second: RowNode) => number {
  return (_left, _right, first, second) =>
    first.data === undefined || second.data === undefined
      ? 0
      : key(first.data.order) - key(second.data.order);
}

/** A column of text that is not shown on a new desk. */
function more(
  colId: string,
  headerName: string,
  width: number,
  text: (order: Order, row: OrderRow) => string | undefined,
): ColDef<OrderRow> {
  return {
    colId,
    headerName,
    width,
    hide: true,
    cellClass: 't2',
    valueGetter: ({ data }) => (data === undefined ? '' : (text(data.order, data) ?? '')),
  };
}

/** A column of a time that is not shown on a new desk. */
function time(
  colId: string,
  headerName: string,
  at: (order: Order) => number | undefined,
): ColDef<OrderRow> {
  return {
    colId,
    headerName,
    width: 88,
    hide: true,
    cellClass: 'tm',
    valueGetter: ({ data }) => data && at(data.order),
    valueFormatter: ({ value }) => (value === undefined ? '' : clockMillis(Number(value))),
  };
}

/** Every column of the orders list; those that are hidden are chosen in its menu. */
export const ORDER_COLUMNS: readonly ColDef<OrderRow>[] = [
  {
    colId: 'time',
    headerName: 'Time',
    width: 88,
    cellClass: 'tm',
    valueGetter: ({ data }) => data?.order.decidedAt,
    valueFormatter: ({ value }) => clockMillis(Number(value)),
  },
  {
    colId: 'instrument',
    headerName: 'Instrument',
    width: 72,
    valueGetter: ({ data }) => data?.instrument?.symbol ?? data?.order.instrument,
  },
  {
    colId: 'side',
    headerName: 'Side',
    width: 38,
    valueGetter: ({ data }) => data?.order.side,
    cellClass: ({ value }) => (value === 'Buy' ? 'buy' : 'sell'),
  },
  {
    colId: 'type',
    headerName: 'Type',
    width: 56,
    cellClass: 't2',
    valueGetter: ({ data }) => (data === undefined ? '' : typeWords(data.order.type)),
  },
  {
    colId: 'filled',
    headerName: 'Filled / qty',
    width: 124,
    type: 'rightAligned',
    valueGetter: ({ data }) => `${data?.order.cumQty} ${data?.order.quantity}`,
    valueFormatter: ({ data }) => filledText(data),
    editable: ({ data }) => data !== undefined && isEditable(data.order),
    cellEditor: QuantityEditor,
    // What the editor sends comes back from the engine; the row itself is never written.
    valueSetter: () => false,
    comparator: byOrder((order) => order.quantity),
    cellRenderer: FilledCell,
  },
  {
    colId: 'price',
    headerName: 'Price',
    width: 104,
    type: 'rightAligned',
    valueGetter: ({ data }) => `${data?.order.price} ${data?.order.pending?.price}`,
    valueFormatter: ({ data }) => limitText(data),
    editable: ({ data }) => data !== undefined && isEditable(data.order),
    cellEditor: PriceEditor,
    // What the editor sends comes back from the engine; the row itself is never written.
    valueSetter: () => false,
    comparator: byOrder((order) => order.price ?? 0),
    cellRenderer: PriceCell,
  },
  {
    colId: 'trigger',
    headerName: 'Trigger',
    width: 62,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => data?.order.stopPrice,
    valueFormatter: ({ data }) => triggerText(data),
  },
  {
    colId: 'status',
    headerName: 'Status',
    width: 100,
    valueGetter: ({ data }) => (data === undefined ? '' : statusWords(data.order).label),
    cellRenderer: StatusCell,
  },
  {
    colId: 'ack',
    headerName: 'Ack',
    width: 56,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => acknowledgement(data),
    valueFormatter: ({ value }) => (value === undefined ? '' : durationMicros(Number(value))),
  },
  {
    ...more('leaves', 'Working', 80, ({ leavesQty }, { instrument }) =>
      instrument === undefined ? undefined : quantityText(leavesQty, instrument),
    ),
    type: 'rightAligned',
    comparator: byOrder((order) => order.leavesQty),
  },
  {
    ...more('average', 'Average', 92, ({ cumNotional, cumQty }, { instrument }) =>
      instrument === undefined ? undefined : averagePriceText(cumNotional, cumQty, instrument),
    ),
    type: 'rightAligned',
    comparator: byOrder((order) => Number(order.cumNotional) / Math.max(1, order.cumQty)),
  },
  more('in-force', 'In force', 60, (order) => order.timeInForce),
  more('account', 'Account', 140, (order) => order.account),
  more('tag', 'Tag', 80, (order) => order.tag),
  more('origin', 'Origin', 72, (order) => order.origin),
  more('parent', 'Exit of', 120, (order) => order.parent),
  more('replaces', 'Replaces', 120, (order) => order.replaces),
  time('sent', 'Sent', (order) => order.submittedAt),
  time('taken', 'Venue took', (order) => order.venueAcceptedAt),
  time('last', 'Last change', (order) => order.updatedAt),
  more('venue-id', 'Venue id', 88, (order) => order.venueOrderId),
  more('client-id', 'Order id', 120, (order) => order.clientOrderId),
  more('reason', 'Reason', 160, (order) => order.reason?.code),
  {
    colId: 'note',
    headerName: 'Note',
    flex: 1,
    minWidth: 44,
    cellClass: 't2',
    tooltipValueGetter: ({ data }) => (data === undefined ? '' : noteOf(data)),
    valueGetter: ({ data }) => (data === undefined ? '' : noteOf(data)),
  },
  {
    colId: 'cancel',
    headerName: '',
    width: 28,
    sortable: false,
    resizable: false,
    filter: false,
    // The button comes and goes with the status.
    valueGetter: ({ data }) => data?.order.status,
    cellRenderer: CancelCell,
  },
];

function filledText(row: OrderRow | undefined): string {
  if (row?.instrument === undefined) return '';
  const { order, instrument } = row;
  return `${quantityText(order.cumQty, instrument)} / ${quantityText(order.quantity, instrument)}`;
}

function limitText(row: OrderRow | undefined): string {
  if (row === undefined) return '';
  const { order, instrument } = row;
  if (order.price === undefined) return 'market';
  return instrument === undefined
    ? formatDecimal(order.price, 0)
    : priceText(order.price, instrument);
}

function triggerText(row: OrderRow | undefined): string {
  if (row?.instrument === undefined || row.order.stopPrice === undefined) return '';
  return priceText(row.order.stopPrice, row.instrument);
}

function acknowledgement(row: OrderRow | undefined): number | undefined {
  const order = row?.order;
  if (order?.submittedAt === undefined || order.acceptedAt === undefined) return undefined;
  return order.acceptedAt - order.submittedAt;
}
