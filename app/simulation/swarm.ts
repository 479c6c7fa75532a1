import type { Rng } from '../engine/base/rng.ts';
import type { LimitsMode } from '../sandbox/binance/limits.ts';

/** How bad the world of one seed is; shares of 1 and milliseconds. */
export interface Swarm {
  /** A message or answer is lost with its connection or request. */
  readonly loss: number;
  /** Of what is lost, the share that nobody is told of: a half-open connection, a request without an answer. */
  readonly silence: number;
  /** An event of the account's stream comes twice. */
  readonly replay: number;
  /** A message is delayed by up to `longestDelayMs`. */
  readonly delay: number;
  readonly longestDelayMs: number;
  /** A connection is refused. */
  readonly refusal: number;
  /** The venue answers 5xx in place of its answer. */
  readonly serverError: number;
  /** A start of the process meets a disk of which a write fails. */
  readonly writeFault: number;
  /** A sync fails. */
  readonly syncFault: number;
  /** A sync takes up to this long. */
  readonly longestSyncMs: number;
  /** Of unsynced bytes, the share that a loss of power takes at least. */
  readonly tear: number;
  /** Orders that add risk wait for the sync. */
  readonly durableBeforeSend: boolean;
  /** What the exchange does when the account would trade with itself. */
  readonly selfTrade: 'None' | 'ExpireMaker';
  /** Whether the venue counts weight and orders. */
  readonly limits: LimitsMode;
  /** Instruments that are traded. */
  readonly instruments: number;
}

/** Nothing goes wrong. */
export const CALM: Swarm = {
  loss: 0,
  silence: 0,
  replay: 0,
  delay: 0,
  longestDelayMs: 0,
  refusal: 0,
  serverError: 0,
  writeFault: 0,
  syncFault: 0,
  longestSyncMs: 4,
  tear: 0.8,
  durableBeforeSend: false,
  selfTrade: 'ExpireMaker',
  limits: 'open',
  instruments: 1,
};

/** Draws a world: each kind of fault is there in about half of the seeds, up to its greatest rate. */
export function drawSwarm(rng: Rng): Swarm {
  const upTo = (most: number): number => (rng.nextBelow(2) === 0 ? 0 : rng.nextDouble() * most);
  return {
    loss: upTo(0.3),
    silence: rng.nextDouble(),
    replay: upTo(0.5),
    delay: upTo(1),
    longestDelayMs: 50 + rng.nextBelow(4950),
    refusal: upTo(0.5),
    serverError: upTo(0.3),
    writeFault: upTo(0.1),
    syncFault: upTo(0.1),
    longestSyncMs: rng.nextBelow(2) === 0 ? 4 : 4 + rng.nextBelow(1000),
    tear: 0.8 + rng.nextDouble() * 0.2,
    durableBeforeSend: rng.nextBelow(2) === 0,
    selfTrade: rng.nextBelow(3) === 0 ? 'None' : 'ExpireMaker',
    limits: rng.nextBelow(2) === 0 ? 'open' : 'venue',
    instruments: Math.max(1, rng.nextBelow(5) - 1),
  };
}

/** Counts what happened, by kind. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(kind: string, count = 1): void {
    if (count === 0) return;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + count);
  }
}
