import type { Result } from '../base/result.ts';
import type { WireLine } from '../ports/feed-verification.ts';
import { readWireRecording, type WireRecordingError } from './wire-recording.ts';

type Line = Result<WireLine, WireRecordingError>;

/** The lines of several recordings as one, by receive time; files of one recording in a row stay in that order. Errors come as soon as they are met. */
export async function* mergeRecordings(
  paths: readonly string[],
): AsyncGenerator<Line, void, undefined> {
  const sources = paths.map((path) => readWireRecording(path));
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let best = -1;
    let earliest: bigint | undefined;
    for (const [index, head] of heads.entries()) {
      if (head.done === true) continue;
      const at = head.value.ok ? head.value.value.receivedNanos : 0n;
      if (earliest !== undefined && at >= earliest) continue;
      best = index;
      earliest = at;
    }
    const head = heads[best];
    const source = sources[best];
    if (head === undefined || head.done === true || source === undefined) return;
    yield head.value;
    heads[best] = await source.next();
  }
}
