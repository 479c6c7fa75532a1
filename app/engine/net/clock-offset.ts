import { present } from '../base/invariant.ts';

/** One question for the venue's time: our time before and after, theirs between; microseconds. */
export interface ClockSample {
  readonly sentMicros: number;
  readonly venueMicros: number;
  readonly receivedMicros: number;
}

/** Venue time minus ours, and the round trip it was measured over; microseconds. The error is at most half the round trip. */
export interface ClockOffset {
  readonly offsetMicros: number;
  readonly roundTripMicros: number;
}

/** The offset of the sample with the shortest round trip, of at least one. */
export function bestOffset(samples: readonly ClockSample[]): ClockOffset {
  const trip = ({ sentMicros, receivedMicros }: ClockSample): number => receivedMicros - sentMicros;
  const best = present(
    samples.toSorted((left, right) => trip(left) - trip(right))[0],
    'a sample of the venue\u2019s time',
  );
  const middle = Math.round((best.sentMicros + best.receivedMicros) / 2);
  return { offsetMicros: best.venueMicros - middle, roundTripMicros: trip(best) };
}
