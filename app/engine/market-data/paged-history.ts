import { ok, type Result } from '../base/result.ts';
import type { VenueError } from '../ports/market-data-client.ts';
import type { MarketHistory, PagedHistory } from '../ports/market-history.ts';
import { pageOf, placeOfFunding, placeOfTrade, type Place } from '../ports/past-rows.ts';
import type { HistoryQuestions, PageQuestions, PublicQuestion } from '../ports/stream-venue.ts';

type Ask = <T>(question: PublicQuestion<T>) => Promise<Result<T, VenueError>>;

/** A venue's past, each page with one question. */
export function pagedHistory({ trades, funding }: HistoryQuestions, ask: Ask): MarketHistory {
  return {
    ...(trades && { trades: paged(trades, placeOfTrade, ask) }),
    ...(funding && { funding: paged(funding, placeOfFunding, ask) }),
  };
}

function paged<T extends { readonly tsNanos: bigint; readonly tradeId?: number }>(
  { order, unordered, question }: PageQuestions<T>,
  place: Place<T>,
  ask: Ask,
): PagedHistory<T> {
  return {
    order,
    page: async (span) => {
      const answer = await ask(question(span));
      return answer.ok
        ? ok(pageOf(answer.value, span, order, unordered ? undefined : place))
        : answer;
    },
  };
}
