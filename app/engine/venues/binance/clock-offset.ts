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

/** The offset of the sample with the shortest round trip; absent without samples. */
export function bestOffset(samples: readonly ClockSample[]): ClockOffset | undefined {
  let best: ClockOffset | undefined;
  for (const { sentMicros, venueMicros, receivedMicros } of samples) {
    const roundTripMicros = receivedMicros - sentMicros;
    if (best !== undefined && best.roundTripMicros <= roundTripMicros) continue;
    const middle = Math.round((sentMicros + receivedMicros) / 2);
    best = { offsetMicros: venueMicros - middle, roundTripMicros };
  }
  return best;
}
