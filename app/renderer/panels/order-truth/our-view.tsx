import type { ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Quantity } from '../../../engine/domain/price.ts';
import type { Order } from '../../../engine/domain/order.ts';
import { priceText, quantityText } from '../../format/number-text.ts';
import { averagePriceText, statusWords, typeWords } from '../../format/order-words.ts';
import { clockMillis, ageText, zoneName } from '../../format/time-text.ts';
import { StatusSign } from '../../ui/status-sign.tsx';
import { useNow } from '../../ui/use-now.ts';

/** What we think of an order, and since when. */
export function OurView({
  order,
  instrument,
}: {
  readonly order: Order;
  readonly instrument: Instrument | undefined;
}): ReactNode {
  const now = useNow(500) * 1000;
  const quantity = (value: Quantity): string =>
    instrument === undefined ? String(value) : quantityText(value, instrument);
  const average = instrument && averagePriceText(order.cumNotional, order.cumQty, instrument);
  const price =
    order.price === undefined || instrument === undefined
      ? 'market'
      : priceText(order.price, instrument);
  return (
    <section className="ours" aria-label="What we think">
      <div className="words">
        <StatusSign {...statusWords(order)} />
        <span className={order.side === 'Buy' ? 'buy' : 'sell'}>{order.side}</span>
        <span>
          {quantity(order.quantity)} {instrument?.symbol ?? order.instrument}
        </span>
        <span className="t2">
          {typeWords(order.type)} {price}
        </span>
      </div>
      <dl>
        <dt>Filled</dt>
        <dd data-testid="truth-filled">{quantity(order.cumQty)}</dd>
        <dt>Left</dt>
        <dd>{quantity(order.leavesQty)}</dd>
        <dt>Average</dt>
        <dd>{average ?? <span className="none">none</span>}</dd>
        <dt>Since</dt>
        <dd
          title={`${clockMillis(order.updatedAt)} ${zoneName(order.updatedAt / 1000)}: the time of the journal's input that changed it`}
        >
          {clockMillis(order.updatedAt)}{' '}
          <span className="t3">{ageText(now - order.updatedAt)}</span>
        </dd>
        <dt>Venue id</dt>
        <dd className="mono">{order.venueOrderId ?? <span className="none">none</span>}</dd>
        {order.unknownSince !== undefined && (
          <>
            <dt className="warn">Unknown for</dt>
            <dd className="warn">{ageText(now - order.unknownSince)}</dd>
          </>
        )}
        {order.reason !== undefined && (
          <>
            <dt>Reason</dt>
            <dd title={order.reason.message}>{order.reason.code}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
