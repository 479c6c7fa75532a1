import { useMemo, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { isTerminal, type Order } from '../../../engine/domain/order.ts';
import { useCommands, useKeyOf, useRegister } from '../../commands/commands-context.tsx';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { priceText } from '../../format/number-text.ts';
import { statusWords, typeWords } from '../../format/order-words.ts';
import { clockMillis, durationMicros } from '../../format/time-text.ts';
import { figures, Grid, type ColDef } from '../../grids/grid.tsx';
import { useDesk, useTrade } from '../../state/desk.tsx';
import { noteOf } from './order-note.ts';
import { CancelCell, FilledCell, PriceCell, StatusCell, type OrderRow } from './cells.tsx';
import { TruthStrip } from './truth-strip.tsx';
import './orders.css';

/** Rows listed; older orders stay in the journal. */
const MOST_ROWS = 1000;

function byOrder(
  key: (order: OrderRow['order']) => number,
): (left: unknown, right: unknown, first: RowNode, second: RowNode) => number {
  return (_left, _right, first, second) =>
    first.data === undefined || second.data === undefined
      ? 0
      : key(first.data.order) - key(second.data.order);
}

interface RowNode {
  readonly data?: OrderRow | undefined;
}

const COLUMNS: readonly ColDef<OrderRow>[] = [
  {
    headerName: 'Time',
    width: 88,
    cellClass: 'tm',
    valueGetter: ({ data }) => data?.order.decidedAt,
    valueFormatter: ({ value }) => clockMillis(Number(value)),
  },
  {
    headerName: 'Instrument',
    width: 72,
    valueGetter: ({ data }) => data?.instrument?.symbol ?? data?.order.instrument,
  },
  {
    headerName: 'Side',
    width: 38,
    valueGetter: ({ data }) => data?.order.side,
    cellClass: ({ value }) => (value === 'Buy' ? 'buy' : 'sell'),
  },
  {
    headerName: 'Type',
    width: 56,
    cellClass: 't2',
    valueGetter: ({ data }) => (data === undefined ? '' : typeWords(data.order.type)),
  },
  {
    headerName: 'Filled / qty',
    width: 124,
    type: 'rightAligned',
    valueGetter: ({ data }) => `${data?.order.cumQty} ${data?.order.quantity}`,
    comparator: byOrder((order) => order.quantity),
    cellRenderer: FilledCell,
  },
  {
    headerName: 'Price',
    width: 104,
    type: 'rightAligned',
    valueGetter: ({ data }) => `${data?.order.price} ${data?.order.pending?.price}`,
    comparator: byOrder((order) => order.price ?? 0),
    cellRenderer: PriceCell,
  },
  {
    headerName: 'Trigger',
    width: 62,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => data?.order.stopPrice,
    valueFormatter: ({ data }) => triggerText(data),
  },
  {
    headerName: 'Status',
    width: 100,
    valueGetter: ({ data }) => (data === undefined ? '' : statusWords(data.order).label),
    cellRenderer: StatusCell,
  },
  {
    headerName: 'Ack',
    width: 56,
    type: 'rightAligned',
    cellClass: figures('t2'),
    valueGetter: ({ data }) => acknowledgement(data),
    valueFormatter: ({ value }) => (value === undefined ? '' : durationMicros(Number(value))),
  },
  {
    headerName: 'Note',
    flex: 1,
    minWidth: 44,
    cellClass: 't2',
    tooltipValueGetter: ({ data }) => (data === undefined ? '' : noteOf(data)),
    valueGetter: ({ data }) => (data === undefined ? '' : noteOf(data)),
  },
  {
    headerName: '',
    width: 28,
    sortable: false,
    resizable: false,
    // The button comes and goes with the status.
    valueGetter: ({ data }) => data?.order.status,
    cellRenderer: CancelCell,
  },
];

const ROW_CLASSES = {
  unknown: ({ data }: RowNode): boolean => data?.order.unknownSince !== undefined,
  done: ({ data }: RowNode): boolean =>
    data !== undefined && data.order.unknownSince === undefined && isTerminal(data.order.status),
};

/** Every order of the session, newest first, with how far the list is proved. */
export function Orders(): ReactNode {
  const desk = useDesk();
  const { actions } = useCommands();
  const replica = useTrade((state) => state.replica);
  const typeKey = useKeyOf('order-line.focus');
  const rows = useMemo(
    () =>
      [...replica.orders.values()]
        .slice(-MOST_ROWS)
        .toReversed()
        .map((order) => rowOf(order, replica.instruments.get(order.instrument))),
    [replica.orders, replica.instruments],
  );
  useRegister(
    useMemo(
      (): readonly DeskCommand[] => [
        {
          id: 'orders.cancel-all',
          title: 'Cancel every working order',
          keys: ['Ctrl+Delete'],
          scope: 'orders',
          order: 'reduces',
          plan: () => actions.cancelAllPlan(undefined),
        },
      ],
      [actions],
    ),
  );
  return (
    <div className="panel orders" tabIndex={-1}>
      <TruthStrip
        orders={replica.orders}
        reconciliation={replica.accounts[0]?.reconciliation}
        synced={replica.synced}
      />
      <Grid<OrderRow>
        label="Orders"
        columns={COLUMNS}
        rows={rows}
        rowId={rowId}
        rowClasses={ROW_CLASSES}
        long
        onSelect={({ order }) => {
          desk.link.select(order.instrument);
          desk.link.selectOrder(order.clientOrderId);
        }}
        empty={`No orders in this session.${typeKey === undefined ? '' : ` ${typeKey} types one.`}`}
        styleNonce={desk.styleNonce}
      />
    </div>
  );
}

const rowsKnown = new WeakMap<Order, OrderRow>();

/** The same row for the same order: the list draws anew only what changed. */
function rowOf(order: Order, instrument: Instrument | undefined): OrderRow {
  const known = rowsKnown.get(order);
  if (known !== undefined && known.instrument === instrument) return known;
  const row = { order, instrument };
  rowsKnown.set(order, row);
  return row;
}

function rowId({ order }: OrderRow): string {
  return order.clientOrderId;
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
