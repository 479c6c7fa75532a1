import type { InstrumentId } from '../../domain/identifiers.ts';
import { atScales, type Instrument } from '../../domain/instrument.ts';

/** The `listed` instruments that are known, at the scales they are known at, in the known order. One that is gone, or finer than its scales, is Halted: it cannot be traded before a new session. */
export function keepScales(
  known: readonly Instrument[],
  listed: readonly Instrument[],
): readonly Instrument[] {
  const byId = new Map<InstrumentId, Instrument>(listed.map((one) => [one.id, one]));
  return known.map((before) => {
    const now = byId.get(before.id);
    const kept = now && atScales(now, before.priceScale, before.quantityScale);
    return kept ?? { ...before, status: 'Halted' };
  });
}
