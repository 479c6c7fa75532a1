import type { Instrument } from '../../engine/domain/instrument.ts';
import type { VenueId } from '../../engine/domain/identifiers.ts';

/** A venue without its environment: `KRAKEN` of `KRAKEN@sandbox`. */
export function venueName(venue: VenueId): string {
  return venue.split('@')[0] ?? venue;
}

/** The venue of an instrument that is only watched: another than that of the first, which is traded. */
export function watchedVenue(
  instrument: Instrument,
  instruments: readonly Instrument[],
): string | undefined {
  const traded = instruments[0]?.venue;
  return instrument.venue === traded ? undefined : venueName(instrument.venue);
}
