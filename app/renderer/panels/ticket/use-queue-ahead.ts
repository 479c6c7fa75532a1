import { useEffect, useState } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderTerms } from '../../../engine/domain/order.ts';
import { compactQuantity } from '../../format/number-text.ts';
import { useDesk } from '../../state/desk.tsx';
import { DEPTH_LEVELS, type DepthMessage } from '../../state/market-store.ts';

/** What a limit order would have ahead of it at its price if it were sent now, in words; undefined for an order that would not rest at once. */
export function useQueueAhead(
  terms: OrderTerms | undefined,
  instrument: Instrument,
): string | undefined {
  const desk = useDesk();
  const side = terms?.side;
  const at = terms?.type === 'Limit' && terms.timeInForce === 'GTC' ? terms.price : undefined;
  const [text, setText] = useState<string>();
  useEffect(() => {
    if (side === undefined || at === undefined) return undefined;
    const leave = desk.feed.market.onDepth(instrument.id, DEPTH_LEVELS, (depth) =>
      setText(aheadText(depth, side, at, instrument)),
    );
    return () => {
      leave();
      setText(undefined);
    };
  }, [desk, side, at, instrument]);
  return text;
}

/** What stands at a price of a book, in words. */
export function aheadText(
  depth: DepthMessage,
  side: OrderTerms['side'],
  at: number,
  instrument: Instrument,
): string {
  const { bids, asks, state } = depth;
  if (state !== 'Live') return 'not known, the book is not current';
  const [own, other] = side === 'Buy' ? [bids, asks] : [asks, bids];
  const touch = other[0]?.[0];
  const sign = side === 'Buy' ? 1 : -1;
  if (touch !== undefined && sign * (at - touch) >= 0) return 'none, it trades at once';
  const level = own.find(([price]) => price === at);
  if (level !== undefined) return `${compactQuantity(level[1], instrument.quantityScale)} ahead`;
  const deepest = own.at(-1)?.[0];
  const isBeyond = deepest !== undefined && sign * (at - deepest) < 0;
  return isBeyond ? 'not known, beyond the book in sight' : 'none ahead';
}
