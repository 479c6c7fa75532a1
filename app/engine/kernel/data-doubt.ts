import type { DataDoubt } from '../domain/market.ts';
import type { Denial } from '../risk/denial.ts';
import type { QuoteRecord } from './state.ts';

/** Why the quote is not to be leaned on; undefined when the market's data gives no reason. All of it is told by the feed, so that a session runs again as it ran. */
export function doubtOf({ state, crossed, divergence }: QuoteRecord): DataDoubt | undefined {
  if (state === 'Stale') return 'Stale';
  if (state === 'Resyncing') return crossed === true ? 'Crossed' : 'Gap';
  return divergence === undefined ? undefined : 'Divergent';
}

/** What an order that would lean on the quote is told; undefined when there is no doubt. */
export function doubtDenial(record: QuoteRecord): Denial | undefined {
  const doubt = doubtOf(record);
  if (doubt === undefined) return undefined;
  const words = wordsOf(doubt, record);
  return { code: 'DATA_DOUBTFUL', message: `the price must be one to lean on: ${words}` };
}

function wordsOf(doubt: DataDoubt, { divergence }: QuoteRecord): string {
  switch (doubt) {
    case 'Stale':
      return 'its data is stale';
    case 'Gap':
      return 'its book misses something and is taken anew';
    case 'Crossed':
      return 'its best bid is not below its best ask';
    case 'Divergent': {
      const { bps = 0, limitBps = 0 } = divergence ?? {};
      return `it lies ${Math.abs(bps)} bp ${bps < 0 ? 'below' : 'above'} the same elsewhere, at most ${limitBps} are taken`;
    }
  }
}
