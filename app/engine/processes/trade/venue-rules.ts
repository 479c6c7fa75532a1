import { isDeepStrictEqual } from 'node:util';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { VenueReport } from '../../domain/venue-report.ts';

/** Those `told` that are known and not as they were. */
export function changedRules(
  known: readonly Instrument[],
  told: readonly Instrument[],
): ReadonlyMap<InstrumentId, Instrument> {
  const before = new Map(known.map((one) => [one.id, one]));
  return new Map(
    told
      .filter((one) => before.has(one.id) && !isDeepStrictEqual(one, before.get(one.id)))
      .map((one) => [one.id, one]),
  );
}

/** True when the venue refused an order that by the rules known here it had to take. */
export function breaksUnknownRule(report: VenueReport): boolean {
  if (report.type !== 'OrderRejected' && report.type !== 'ReplaceRejected') return false;
  return report.code === 'MARKET_CLOSED' || report.code.startsWith('FILTER_FAILURE');
}
