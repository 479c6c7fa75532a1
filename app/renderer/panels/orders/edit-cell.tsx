import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Order } from '../../../engine/domain/order.ts';
import { useCommands } from '../../commands/commands-context.tsx';
import { readLine } from '../../commands/order-line.ts';
import { plainNumber, typedNumber } from '../../format/number-form.ts';
import { editText, priceDecimals, quantityDecimals } from '../../format/number-text.ts';
import type { EditorProps } from '../../grids/blotter-column.tsx';
import { useDesk } from '../../state/desk.tsx';
import type { OrderRow } from './cells.tsx';

/** True while a new price or quantity can be asked for: working, known, with a price of its own. */
export function isEditable({ status, unknownSince, price, parent }: Order): boolean {
  const working = status === 'Accepted' || status === 'PartiallyFilled';
  return working && unknownSince === undefined && price !== undefined && parent === undefined;
}

/** Edits the price of its row's order; Enter sends one replace, Escape and leaving send nothing. */
export function PriceEditor(props: EditorProps<OrderRow>): ReactNode {
  return <OrderEditor {...props} field="price" />;
}

/** Edits the total quantity of its row's order, fills included. */
export function QuantityEditor(props: EditorProps<OrderRow>): ReactNode {
  return <OrderEditor {...props} field="quantity" />;
}

function OrderEditor({
  row: { order, instrument },
  field,
  onEnd,
}: EditorProps<OrderRow> & { readonly field: 'price' | 'quantity' }): ReactNode {
  const desk = useDesk();
  const { actions } = useCommands();
  const input = useRef<HTMLInputElement>(null);
  const now = {
    price:
      instrument === undefined || order.price === undefined
        ? ''
        : editText(order.price, instrument.priceScale, priceDecimals(instrument)),
    quantity:
      instrument === undefined
        ? ''
        : editText(order.quantity, instrument.quantityScale, quantityDecimals(instrument)),
  };
  const begun = typedNumber(now[field]);
  const [text, setText] = useState(begun);
  useEffect(() => input.current?.select(), []);
  const send = (): void => {
    const { replica } = desk.trade.store.getState();
    const asked = { ...now, [field]: plainNumber(text) ?? text.trim() };
    // The same words that can be typed: one way to read, check and send them.
    const line = `replace ${order.clientOrderId} ${asked.quantity} ${asked.price}`;
    const meaning = readLine(line, {
      account: order.account,
      instruments: [...replica.instruments.values()],
      orders: replica.orders,
      quote: () => undefined,
    });
    if (meaning.kind === 'command' && meaning.command.type === 'ReplaceOrder')
      void actions.perform(meaning.command);
    else {
      const why = meaning.kind === 'error' ? meaning.message : `expected a ${field}`;
      desk.notices.raise('warning', 'Nothing sent', why, 'nothing sent');
    }
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') onEnd();
    if (event.key === 'Enter' && !event.repeat && text.trim() !== begun) send();
  };
  return (
    <input
      ref={input}
      className="edit-cell r"
      aria-label={`New ${field} of ${order.clientOrderId}`}
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => onEnd()}
    />
  );
}
