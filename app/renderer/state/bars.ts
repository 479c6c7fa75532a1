import { QueryClient } from '@tanstack/react-query';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Interval } from '../../engine/domain/market.ts';
import type { BarRow } from '../client/feed-client.ts';
import type { MarketStore } from './market-store.ts';

/** Milliseconds for which loaded history is taken as it is. */
const FRESH_MS = 60_000;

/** History shared by every panel that asks for the same bars. */
export class BarCache {
  readonly #queries = new QueryClient();
  readonly #market: MarketStore;

  constructor(market: MarketStore) {
    this.#market = market;
  }

  /** The newest `limit` bars, oldest first; the promise fails with the feed's words. */
  newest(instrument: InstrumentId, interval: Interval, limit: number): Promise<readonly BarRow[]> {
    return this.#queries.fetchQuery({
      queryKey: ['bars', instrument, interval, limit],
      staleTime: FRESH_MS,
      retry: false,
      queryFn: async () => {
        const answer = await this.#market.loadBars(instrument, interval, limit);
        if (!answer.ok) throw new Error(answer.error.message);
        return answer.value;
      },
    });
  }

  /** Forgets all history: after a reconnected feed. */
  clear(): void {
    this.#queries.clear();
  }
}
