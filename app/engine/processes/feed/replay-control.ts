import type { FeedMessage, FeedRequest, ReplaySpeed } from '../../api/feed-service.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { UnixMicros } from '../../domain/time.ts';
import type { ReplayState } from '../../market-data/replay-client.ts';

/** A request was refused, and why. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** An instrument of a replay and the stored one that is played in its place. */
export interface ReplayedTicks {
  readonly instrument: InstrumentId;
  readonly stored: InstrumentId;
}

/** What windows can do with a replay. */
export interface ReplayControl {
  /** None of recorded files. */
  readonly ticks: readonly ReplayedTicks[];
  setSpeed(speed: number): void;
  step(): Result<void, Refusal>;
  seek(to: UnixMicros): Result<void, Refusal>;
  state(): Extract<FeedMessage, { type: 'Replay' }>;
}

/** Does what a window asks of a replay. */
export function controlReplay(
  replay: ReplayControl | undefined,
  request: Extract<FeedRequest, { type: 'SetReplaySpeed' | 'StepReplay' | 'SeekReplay' }>,
): Result<void, Refusal> {
  if (replay === undefined) {
    const message = 'only a replay can be set, stepped or sought; this market is live';
    return err({ code: 'NOT_A_REPLAY', message });
  }
  if (request.type === 'StepReplay') return replay.step();
  if (request.type === 'SeekReplay') return replay.seek(request.to);
  replay.setSpeed(factorOf(request.speed));
  return ok(undefined);
}

/** The factor of a pace: without end as fast as it can be played. */
export function factorOf(speed: ReplaySpeed): number {
  return speed === 'max' ? Infinity : speed;
}

/** A replay's state as windows get it. */
export function replayMessage(state: ReplayState): Extract<FeedMessage, { type: 'Replay' }> {
  const { speed } = state;
  return { type: 'Replay', ...state, speed: speed === Infinity ? 'max' : speed };
}
