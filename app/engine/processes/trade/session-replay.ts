import { ok, type Result } from '../../base/result.ts';
import type { Input } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { STATE_FORMAT } from '../../domain/state-format.ts';
import { createKernel, type Kernel } from '../../kernel/kernel.ts';
import type { RecordPlace } from '../../store/journal/input-codec.ts';
import { stateHash } from '../../store/journal/session-journal.ts';
import {
  readSession,
  type ReadRange,
  type SessionRead,
  type SessionReadError,
} from '../../store/journal/session-reader.ts';
import { LastAlerts, type LastAlert } from './last-alerts.ts';
import { marketEventOf } from './market-input.ts';

/** A session run again. */
export interface SessionReplay {
  readonly kernel: Kernel;
  readonly read: SessionRead;
  /** Inputs applied, market records apart. */
  readonly inputs: number;
  readonly intents: number;
  /** Hashes recorded, and the first that this run does not reproduce. */
  readonly hashes: number;
  readonly firstDifference?: RecordPlace;
  /** The format of recorded hashes that this release does not write: they were not compared. */
  readonly otherFormat?: number;
  /** Computed at the place of the last recorded hash. */
  readonly lastHash?: {
    readonly hash: string;
    readonly recorded: string;
    readonly place: RecordPlace;
  };
  readonly first?: RecordPlace;
  readonly last?: RecordPlace;
  /** What the kernel says at the end of it. */
  readonly lastAlerts: readonly LastAlert[];
}

/** Runs the kernel over a recorded session, from its beginning or a snapshot on: recovery after a death, and the proof that it was deterministic, are this. */
export function replaySession(
  sessionFolder: string,
  options: ReadRange = {},
): Result<SessionReplay, SessionReadError> {
  const kernel = createKernel();
  if (options.from !== undefined) kernel.restore(options.from.state);
  let instruments: readonly Instrument[] = options.from?.instruments ?? [];
  let inputs = 0;
  let intents = 0;
  let hashes = 0;
  let first: RecordPlace | undefined;
  let last: RecordPlace | undefined;
  let firstDifference: RecordPlace | undefined;
  let otherFormat: number | undefined;
  let lastHash: SessionReplay['lastHash'];
  const alerts = new LastAlerts();
  const apply = (input: Input): void => alerts.note(input, kernel.apply(input));
  const read = readSession(
    sessionFolder,
    {
      onMarket(records, row) {
        const event = marketEventOf(records, row, instruments);
        if (event === undefined) return;
        apply({ type: 'Market', at: records.tsInitMicros(row), event });
      },
      onInput(input, place) {
        if (input.type === 'SessionStarted') instruments = input.instruments;
        apply(input);
        inputs += 1;
        first ??= place;
        last = place;
      },
      onIntent() {
        intents += 1;
      },
      onStateHash(record, place) {
        hashes += 1;
        const hash = stateHash(kernel.encodeState());
        const { format = 1 } = record;
        if (format !== STATE_FORMAT) otherFormat ??= format;
        else if (hash !== record.hash) firstDifference ??= place;
        lastHash = { hash, recorded: record.hash, place };
        last = place;
      },
    },
    options,
  );
  if (!read.ok) return read;
  return ok({
    kernel,
    read: read.value,
    inputs,
    intents,
    hashes,
    lastAlerts: alerts.alerts,
    ...(firstDifference && { firstDifference }),
    ...(otherFormat !== undefined && { otherFormat }),
    ...(lastHash && { lastHash }),
    ...(first && { first }),
    ...(last && { last }),
  });
}
