import type { InstrumentId } from '../domain/identifiers.ts';
import type { Touch } from '../domain/order.ts';
import type { KernelContext } from './context.ts';
import { doubtOf } from './data-doubt.ts';
import { keepsComparisons } from './rules.ts';

/** The touch that an order decided now is measured against; absent without a price that can be trusted and is not old. */
export function arrivalAt(context: KernelContext, instrument: InstrumentId): Touch | undefined {
  const { state, now } = context;
  const known = state.quotes.get(instrument);
  if (!keepsComparisons(state) || known === undefined) return undefined;
  const { quote, at, doubted } = known;
  const { bid, ask } = quote;
  if (doubted || doubtOf(known) !== undefined || bid === undefined || ask === undefined) {
    return undefined;
  }
  const { staleAfterMicros = 0 } = state.limits ?? {};
  return now - at > staleAfterMicros ? undefined : { bid, ask };
}
