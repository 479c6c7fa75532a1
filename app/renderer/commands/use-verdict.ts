import { useEffect, useMemo, useState } from 'react';
import type { OrderTerms } from '../../engine/domain/order.ts';
import { useDesk } from '../state/desk.tsx';
import type { Verdict } from '../state/trade-session.ts';
import { orderOf, VerdictWatch, type WatchedVerdict } from './verdict-watch.ts';

/** What risk says of an order that is being written, kept true while it stands; undefined while it is not known. */
export function useVerdict(terms: OrderTerms | undefined): Verdict | undefined {
  const desk = useDesk();
  const [answer, setAnswer] = useState<WatchedVerdict>();
  const watch = useMemo(
    () =>
      new VerdictWatch({
        ask: (asked) => desk.trade.preview(asked),
        later: (run, afterMs) => {
          const timer = setTimeout(run, afterMs);
          return () => clearTimeout(timer);
        },
        onVerdict: setAnswer,
      }),
    [desk],
  );
  useEffect(() => watch.write(terms));
  useEffect(() => {
    const end = desk.trade.store.subscribe((state, before) => {
      if (state.replica !== before.replica) watch.changed();
    });
    return () => {
      end();
      watch[Symbol.dispose]();
    };
  }, [desk, watch]);
  return terms !== undefined && answer?.order === orderOf(terms) ? answer.verdict : undefined;
}
