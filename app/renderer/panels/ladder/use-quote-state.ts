import { useEffect, useState } from 'react';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { DataState } from '../../../engine/domain/market.ts';
import { unixMicros, type UnixMicros } from '../../../engine/domain/time.ts';
import { useDesk } from '../../state/desk.tsx';

/** How far an instrument's data can be trusted, whether a price was seen at all, and while it cannot be trusted how old it is: our time of the newest to the second, microseconds. Renders only when one of them changes. */
export function useQuoteState(id: InstrumentId): {
  readonly state: DataState;
  readonly hasPrice: boolean;
  readonly newest: UnixMicros | undefined;
} {
  const desk = useDesk();
  const [state, setState] = useState<DataState>('Live');
  const [hasPrice, setHasPrice] = useState(false);
  const [newest, setNewest] = useState<UnixMicros>();
  useEffect(
    () =>
      desk.feed.market.onQuote(id, (quote) => {
        setState(quote.state);
        setNewest(quote.state === 'Live' ? undefined : secondOf(quote.at));
        setHasPrice(quote.last !== undefined || quote.bid !== undefined);
      }),
    [desk, id],
  );
  return { state, hasPrice, newest };
}

function secondOf(at: UnixMicros): UnixMicros {
  return unixMicros(at - (at % 1_000_000));
}
