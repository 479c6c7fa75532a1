import type { ReactNode } from 'react';
import { isTerminal, type Order } from '../../../engine/domain/order.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { useCommands } from '../../commands/commands-context.tsx';
import { priceText, quantityText } from '../../format/number-text.ts';
import { statusWords } from '../../format/order-words.ts';
import type { CellProps } from '../../grids/blotter-column.tsx';
import { NumberText } from '../../grids/number.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { KnownPlace } from '../../state/queue-places.ts';
import { StatusSign } from '../../ui/status-sign.tsx';

/** A row of the orders list. */
export interface OrderRow {
  readonly order: Order;
  readonly instrument: Instrument | undefined;
  /** Undefined while it does not rest, or nobody can say. */
  readonly place: KnownPlace | undefined;
}

type OrderCellProps = CellProps<OrderRow>;

/** Filled of ordered quantity. */
export function FilledCell({ row }: OrderCellProps): ReactNode {
  const { order, instrument } = row;
  if (instrument === undefined) return null;
  return (
    <>
      <span className={order.cumQty === 0 ? 't3' : 'filled'}>
        {quantityText(order.cumQty, instrument)}
      </span>
      <span className="t3"> / </span>
      <NumberText text={quantityText(order.quantity, instrument)} />
    </>
  );
}

/** Limit price; while a replace is unanswered the old one struck through and the new one. */
export function PriceCell({ row }: OrderCellProps): ReactNode {
  const { order, instrument } = row;
  if (instrument === undefined) return null;
  if (order.price === undefined) return <span className="t3">market</span>;
  const pending = order.pending?.price;
  if (pending === undefined || pending === order.price) {
    return <NumberText text={priceText(order.price, instrument)} />;
  }
  return (
    <>
      <span className="was">{priceText(order.price, instrument)}</span>
      <NumberText text={priceText(pending, instrument)} />
    </>
  );
}

/** Status as word, shape and colour. */
export function StatusCell({ row }: OrderCellProps): ReactNode {
  return <StatusSign {...statusWords(row.order)} />;
}

/** Cancels the order of its row, while there is something to cancel. */
export function CancelCell({ row }: OrderCellProps): ReactNode {
  const { actions } = useCommands();
  const { order } = row;
  if (isTerminal(order.status) || order.status === 'PendingCancel') return null;
  return (
    <button
      type="button"
      className="cell-x"
      tabIndex={-1}
      aria-label={`Cancel ${order.clientOrderId}`}
      data-testid={`cancel-${order.clientOrderId}`}
      onClick={() => actions.cancel(order)}
    >
      <Icon name="x" />
    </button>
  );
}
