import { useMemo, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { isTerminal, type Order } from '../../../engine/domain/order.ts';
import { useCommands, useKeyOf, useRegister } from '../../commands/commands-context.tsx';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { Blotter } from '../../grids/blotter.tsx';
import type { RowListOptions } from '../../grids/row-list.ts';
import { moneyUnit, moneyUnitText } from '../../grids/money-unit.ts';
import { rowWithKeyboard } from '../../grids/row-with-keyboard.ts';
import { useRows } from '../../grids/use-rows.ts';
import { useDesk, useOfAccount, useQueuePlaces, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';
import type { KnownPlace } from '../../state/queue-places.ts';
import type { OrderRow } from './cells.tsx';
import { ORDER_COLUMNS } from './order-columns.ts';
import { TruthStrip } from './truth-strip.tsx';
import './orders.css';

const ROW_CLASSES = {
  unknown: ({ order }: OrderRow): boolean => order.unknownSince !== undefined,
  done: ({ order }: OrderRow): boolean =>
    order.unknownSince === undefined && isTerminal(order.status),
};

const SECTIONS = [
  { id: 'account', label: 'Account', of: ({ order }: OrderRow) => order.account },
  { id: 'tag', label: 'Tag', of: ({ order }: OrderRow) => order.tag ?? '' },
  { id: 'instrument', label: 'Instrument', of: instrumentOf },
];

const LIST: RowListOptions<OrderRow> = {
  rowId: ({ order }) => order.clientOrderId,
  newestFirst: true,
  subtotals: {
    of: ({ order, instrument }) => [
      ['working', isTerminal(order.status) ? 0n : 1n],
      ...(instrument === undefined ? [] : [[moneyUnit(instrument), order.cumNotional] as const]),
    ],
    text: (unit, amount) =>
      unit === 'working' ? `${amount} working` : `${moneyUnitText(unit, amount)} filled`,
  },
};

/** Every order that the window holds, newest first, with how far the list is proved. */
export function Orders(): ReactNode {
  const desk = useDesk();
  const { actions } = useCommands();
  const keeping = useKeptPart('blotter-orders');
  const replica = useTrade((state) => state.replica);
  const typeKey = useKeyOf('order-line.focus');
  const orders = useOfAccount(useMemo(() => [...replica.orders.values()], [replica.orders]));
  const places = useQueuePlaces();
  const rows = useMemo(
    () =>
      orders.map((order) => {
        const instrument = replica.instruments.get(order.instrument);
        // The word that it rests no more may come after the one that it ended.
        const place = isTerminal(order.status) ? undefined : places.get(order.clientOrderId);
        return rowOf(order, instrument, place);
      }),
    [orders, replica.instruments, places],
  );
  const list = useRows(rows, LIST, replica.synced);
  useRegister(
    useMemo(
      (): readonly DeskCommand[] => [
        {
          id: 'orders.cancel',
          title: 'Cancel the order of the row',
          keys: ['Delete'],
          scope: 'orders',
          order: 'reduces',
          plan: () => actions.cancelPlan(rowWithKeyboard() ?? ''),
        },
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
      <Blotter<OrderRow>
        label="Orders"
        keeping={keeping}
        head={
          <TruthStrip
            orders={replica.orders}
            reconciliation={replica.accounts[0]?.reconciliation}
            synced={replica.synced}
          />
        }
        columns={ORDER_COLUMNS}
        list={list}
        sections={SECTIONS}
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
function rowOf(
  order: Order,
  instrument: Instrument | undefined,
  place: KnownPlace | undefined,
): OrderRow {
  const known = rowsKnown.get(order);
  if (known !== undefined && known.instrument === instrument && known.place === place) return known;
  const row = { order, instrument, place };
  rowsKnown.set(order, row);
  return row;
}

function instrumentOf({ order, instrument }: OrderRow): string {
  return instrument?.symbol ?? order.instrument;
}
