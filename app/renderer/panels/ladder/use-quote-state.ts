import { useEffect, useState } from 'react';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { DataState } from '../../../engine/domain/market.ts';
import { useDesk } from '../../state/desk.tsx';

/** How far an instrument's data can be trusted, and whether a price was seen at all; renders only when one of them changes. */
export function useQuoteState(id: InstrumentId): {
  readonly state: DataState;
  readonly hasPrice: boolean;
} {
  const desk = useDesk();
  const [state, setState] = useState<DataState>('Live');
  const [hasPrice, setHasPrice] = useState(false);
  useEffect(
    () =>
      desk.feed.market.onQuote(id, (quote) => {
        setState(quote.state);
        setHasPrice(quote.last !== undefined || quote.bid !== undefined);
      }),
    [desk, id],
  );
  return { state, hasPrice };
}
