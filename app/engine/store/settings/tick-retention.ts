import type { TickRetention } from '../../domain/tick-retention.ts';
import type { Settings } from './schema.ts';

const BYTES_A_GIGABYTE = 1e9;

/** How long the settings keep recorded ticks. */
export function tickRetention(ticks: Settings['ticks']): TickRetention {
  return {
    budgetBytes: ticks.budgetGigabytes * BYTES_A_GIGABYTE,
    days: {
      books: ticks.booksDays,
      quotes: ticks.quotesDays,
      derivatives: ticks.derivativesDays,
      trades: ticks.tradesDays,
      bars: ticks.barsDays,
    },
  };
}
