import { useEffect, useState } from 'react';
import type { OrderTerms } from '../../engine/domain/order.ts';
import { useDesk, useTrade } from '../state/desk.tsx';
import type { Verdict } from '../state/trade-session.ts';

/** Milliseconds without a change after which risk is asked. */
const AFTER_MS = 120;
/** A verdict that time alone changes is asked for again after this. */
const AGAIN_AFTER_MS = 250;
/** Denials that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(['DUPLICATE_ORDER', 'ORDER_RATE', 'STALE_DATA']);

/** What risk says of an order that is being written; undefined while it is not known. Asked again when the account changes, and until a denial that passes by itself has passed. */
export function useVerdict(terms: OrderTerms | undefined): Verdict | undefined {
  const desk = useDesk();
  const accounts = useTrade((state) => state.replica.accounts);
  const armed = useTrade((state) => state.replica.armed);
  const [answer, setAnswer] = useState<{ readonly order: string; readonly verdict: Verdict }>();
  const key = terms === undefined ? '' : JSON.stringify(terms);
  const order = terms === undefined ? '' : orderOf(terms);
  useEffect(() => {
    if (key === '') return undefined;
    const asked = JSON.parse(key) as OrderTerms;
    let current = true;
    const ask = (): void => {
      void desk.trade.preview(asked).then((verdict) => {
        if (!current || verdict === undefined) return;
        setAnswer({ order, verdict });
        if (!verdict.ok && PASSING.has(verdict.code)) timer = setTimeout(ask, AGAIN_AFTER_MS);
      });
    };
    let timer = setTimeout(ask, AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // The account and the arming are asked about anew when they change.
  }, [desk, key, order, accounts, armed]);
  return answer?.order === order ? answer.verdict : undefined;
}

/** What makes an order the same one while a price beside the market moves with it. */
function orderOf(terms: OrderTerms): string {
  const { instrument, account, side, type, quantity, displayQuantity, tag } = terms;
  return [instrument, account, side, type, quantity, displayQuantity, tag].join(' ');
}
