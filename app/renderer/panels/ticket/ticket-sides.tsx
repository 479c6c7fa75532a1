import { useEffect, useRef, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Side } from '../../../engine/domain/order.ts';
import type { Price } from '../../../engine/domain/price.ts';
import { priceText } from '../../format/number-text.ts';
import { useDesk } from '../../state/desk.tsx';

/** Buy at the bid's side and sell at the offer's, with the touch in each. */
export function Sides({
  instrument,
  side,
  onSide,
}: {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly onSide: (side: Side) => void;
}): ReactNode {
  const desk = useDesk();
  const bid = useRef<HTMLElement>(null);
  const ask = useRef<HTMLElement>(null);
  useEffect(
    () =>
      desk.feed.market.onQuote(instrument.id, (quote) => {
        const show = (
          element: HTMLElement | null,
          price: Price | undefined,
          word: string,
        ): void => {
          if (element === null) return;
          element.textContent = price === undefined ? word : priceText(price, instrument);
        };
        show(bid.current, quote.bid, 'no bid');
        show(ask.current, quote.ask, 'no offer');
      }),
    [desk, instrument],
  );
  return (
    <div className="sides" role="radiogroup" aria-label="Side">
      <button
        type="button"
        role="radio"
        aria-checked={side === 'Buy'}
        className={side === 'Buy' ? 'on buy-side' : ''}
        onClick={() => onSide('Buy')}
      >
        <b>Buy</b>
        <em ref={bid} />
      </button>
      <button
        type="button"
        role="radio"
        aria-checked={side === 'Sell'}
        className={side === 'Sell' ? 'on sell-side' : ''}
        onClick={() => onSide('Sell')}
      >
        <em ref={ask} />
        <b>Sell</b>
      </button>
    </div>
  );
}
