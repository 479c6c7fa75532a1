import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { WireLine } from '../ports/feed-verification.ts';
import type { MarketDataSink, VenueError } from '../ports/market-data-client.ts';
import type { RecordedDecoder, RecordingSurvey } from '../ports/recorded-market.ts';
import type { ReplayMarket, ReplaySource, ReplayTrack } from './replay-source.ts';
import type { WireRecordingError } from './wire-recording.ts';

/** Lines of a recording, oldest first. */
export type RecordedLines = AsyncIterable<Result<WireLine, WireRecordingError>>;

/** What the replay of a recording is made of. */
export interface RecordedReplayDeps {
  /** Opens the recording from its beginning. */
  readonly open: () => RecordedLines;
  readonly survey: (lines: RecordedLines) => Promise<RecordingSurvey>;
  readonly createDecoder: (
    instruments: readonly Instrument[],
    sink: Pick<MarketDataSink, 'onRecords'> & { onRefused(line: Uint8Array): void },
  ) => RecordedDecoder;
}

/** Recorded wire messages. To any time they lead from their beginning: only all of them say what a book was. */
export class RecordedReplay implements ReplaySource<WireLine> {
  readonly #deps: RecordedReplayDeps;

  constructor(deps: RecordedReplayDeps) {
    this.#deps = deps;
  }

  async survey(): Promise<Result<ReplayMarket, VenueError>> {
    const { instruments, problems, ...span } = await this.#deps.survey(this.#deps.open());
    if (instruments.length > 0) return ok({ instruments, ...span });
    const why = problems[0] ?? 'it has no market message';
    const message = `nothing can be replayed: ${why}`;
    return err({ code: 'RECORDING_EMPTY', kind: 'Fatal', message });
  }

  open(...[instruments, , sink]: Parameters<ReplaySource<WireLine>['open']>): RecordedTrack {
    return new RecordedTrack(this.#deps, instruments, sink);
  }
}

class RecordedTrack implements ReplayTrack<WireLine> {
  damaged = 0;
  refused = 0;
  readonly #open: () => RecordedLines;
  readonly #decoder: RecordedDecoder;

  constructor(
    { open, createDecoder }: RecordedReplayDeps,
    instruments: readonly Instrument[],
    sink: Pick<MarketDataSink, 'onRecords' | 'onUnknownMessage'>,
  ) {
    this.#open = open;
    this.#decoder = createDecoder(instruments, {
      onRecords: (records, count) => sink.onRecords(records, count),
      onRefused: (line) => {
        this.refused += 1;
        sink.onUnknownMessage(Buffer.from(line).toString().slice(0, 1000));
      },
    });
  }

  async *events(): AsyncGenerator<WireLine> {
    for await (const line of this.#open()) {
      if (!line.ok) this.damaged += 1;
      else if (line.value.receivedNanos > 0n) yield line.value;
    }
  }

  play(lines: readonly WireLine[], nowNanos: bigint): void {
    this.#decoder.add(lines, nowNanos);
  }

  end(nowNanos: bigint): void {
    this.#decoder.end(nowNanos);
  }
}
