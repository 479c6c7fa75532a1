import type { Result } from '../base/result.ts';
import type { WireLine } from '../ports/feed-verification.ts';
import { readWireRecording, type WireRecordingError } from './wire-recording.ts';

type Line = Result<WireLine, WireRecordingError>;

/** The lines of several recordings as one, by receive time; files of one recording in a row stay in that order. Errors come as soon as they are met. */
export async function* mergeRecordings(
  paths: readonly string[],
): AsyncGenerator<Line, void, undefined> {
  const sources = paths.map((path) => readWireRecording(path));
  try {
    const heads = await Promise.all(sources.map((source) => source.next()));
    for (;;) {
      const best = earliest(heads);
      const head = heads[best];
      const source = sources[best];
      if (head === undefined || head.done === true || source === undefined) return;
      yield head.value;
      heads[best] = await source.next();
    }
  } finally {
    for (const source of sources) await source.return();
  }
}

/** The place of the head that comes first; an error, or a line without a time, at once. -1 when all have ended. */
function earliest(heads: readonly IteratorResult<Line, void>[]): number {
  let best = -1;
  let first: bigint | undefined;
  for (const [index, head] of heads.entries()) {
    if (head.done === true) continue;
    const at = head.value.ok ? head.value.value.receivedNanos : 0n;
    if (first !== undefined && at >= first) continue;
    best = index;
    first = at;
  }
  return best;
}
