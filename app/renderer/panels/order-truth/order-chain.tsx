import type { ReactNode } from 'react';
import type { Order } from '../../../engine/domain/order.ts';
import { statusWords } from '../../format/order-words.ts';
import { useDesk, useTrade } from '../../state/desk.tsx';
import { StatusSign } from '../../ui/status-sign.tsx';

/** Links followed each way; a longer chain is cut. */
const MOST_LINKS = 20;

/** The order among those it replaced and those that replaced it, oldest first; nothing for an order alone. */
export function OrderChain({ order }: { readonly order: Order }): ReactNode {
  const desk = useDesk();
  const orders = useTrade((state) => state.replica.orders);
  const chain = chainOf(order, orders);
  if (chain.length < 2) return null;
  return (
    <section className="chain" aria-label="Replaced orders">
      <div className="colhead">Replaced, oldest first</div>
      {chain.map((one) => (
        <button
          key={one.clientOrderId}
          type="button"
          className={one.clientOrderId === order.clientOrderId ? 'on' : ''}
          onClick={() => desk.link.selectOrder(one.clientOrderId)}
        >
          <StatusSign {...statusWords(one)} />
          <span className="mono t3">{one.clientOrderId}</span>
        </button>
      ))}
    </section>
  );
}

function chainOf(order: Order, orders: ReadonlyMap<string, Order>): readonly Order[] {
  const chain: Order[] = [order];
  for (let link = 0; link < MOST_LINKS; link += 1) {
    const [first] = chain;
    const before = first?.replaces === undefined ? undefined : orders.get(first.replaces);
    if (before === undefined) break;
    chain.unshift(before);
  }
  const all = [...orders.values()];
  for (let link = 0; link < MOST_LINKS; link += 1) {
    const last = chain.at(-1);
    const next = all.find((one) => one.replaces === last?.clientOrderId);
    if (next === undefined) break;
    chain.push(next);
  }
  return chain;
}
