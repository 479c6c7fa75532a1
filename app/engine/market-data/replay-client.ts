import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { joinBars, TimeBars } from '../bars/time-bars.ts';
import type { InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import { INTERVAL_MICROS, type Bar, type Interval } from '../domain/market.ts';
import { price, quantity } from '../domain/price.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import { KIND_TRADE, MarketRecords } from '../native/compute/market-record.ts';
import type { WireLine } from '../ports/feed-verification.ts';
import type { MarketDataClient, MarketDataSink, VenueError } from '../ports/market-data-client.ts';
import type { RecordedDecoder, RecordingSurvey } from '../ports/recorded-market.ts';
import type { WireRecordingError } from './wire-recording.ts';

/** Lines handed to the decoder in one go. */
const BATCH_LINES = 256;
/** Longest wait before the pace is looked at again. */
const LONGEST_WAIT_MS = 20;
const HEALTH_MS = 1000;
/** One-minute bars kept of each instrument: a week. */
const MOST_BARS = 10_080;
const NANOS_A_MILLISECOND = 1e6;

/** Lines of a recording, oldest first. */
export type RecordedLines = AsyncIterable<Result<WireLine, WireRecordingError>>;

/** What a replay is made of. */
export interface ReplayDeps {
  readonly clock: Clock;
  /** Opens the recording from its beginning. */
  readonly open: () => RecordedLines;
  readonly survey: (lines: RecordedLines) => Promise<RecordingSurvey>;
  readonly createDecoder: (
    instruments: readonly Instrument[],
    sink: Pick<MarketDataSink, 'onRecords'> & { onRefused(line: Uint8Array): void },
  ) => RecordedDecoder;
  readonly sink: MarketDataSink;
  /** 1 = as recorded, 0 = paused. */
  readonly speed: number;
}

/** Where a replay stands; recorded times. */
export interface ReplayState {
  readonly at: UnixMicros;
  readonly from: UnixMicros;
  readonly to: UnixMicros;
  readonly speed: number;
  readonly ended: boolean;
}

interface BarStore {
  readonly building: TimeBars;
  closed: Bar[];
}

/** A recorded market as a market data client: the same records as live, at any pace, with bars from its own trades. */
export class ReplayClient implements MarketDataClient {
  readonly #deps: ReplayDeps;
  readonly #bars = new Map<InstrumentId, BarStore>();
  #survey: RecordingSurvey | undefined;
  #instruments: readonly Instrument[] = [];
  #decoder: RecordedDecoder | undefined;
  #speed: number;
  /** Recorded time that was due at `#paceClock` of our clock. */
  #paceRecorded = 0n;
  #paceClock = 0n;
  #atNanos = 0n;
  /** Recorded time of the line that waits for its time. */
  #nextNanos = 0n;
  #messages = 0;
  #refused = 0;
  #damaged = 0;
  #ended = false;
  #disposed = false;
  #wake: () => void = () => undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
    this.#speed = deps.speed;
  }

  async loadInstruments(): Promise<Result<readonly Instrument[], VenueError>> {
    this.#survey = await this.#deps.survey(this.#deps.open());
    const { instruments, problems } = this.#survey;
    if (instruments.length > 0) return ok(instruments);
    const why = problems[0] ?? 'it has no market message';
    const message = `nothing can be replayed: ${why}`;
    return err({ code: 'RECORDING_EMPTY', kind: 'Fatal', message });
  }

  /** Where the replay stands. */
  get state(): ReplayState {
    const { firstNanos = 0n, lastNanos = 0n } = this.#survey ?? {};
    return {
      at: micros(this.#atNanos === 0n ? firstNanos : this.#atNanos),
      from: micros(firstNanos),
      to: micros(lastNanos),
      speed: this.#speed,
      ended: this.#ended,
    };
  }

  /** Changes the pace from here on. */
  setSpeed(speed: number): void {
    // Before the first line there is no recorded time to go on from: it is taken when that line comes.
    if (this.#paceClock !== 0n) this.#rebase(this.#position());
    this.#speed = speed;
    this.#wake();
  }

  subscribe(wanted: readonly { readonly instrument: Instrument; readonly index: number }[]): void {
    const ordered = [...wanted].sort((left, right) => left.index - right.index);
    this.#instruments = ordered.map(({ instrument }) => instrument);
    for (const { id } of this.#instruments) {
      this.#bars.set(id, { building: new TimeBars(INTERVAL_MICROS['1m']), closed: [] });
    }
    const { sink, createDecoder } = this.#deps;
    this.#decoder = createDecoder(this.#instruments, {
      onRecords: (records, count) => {
        this.#countTrades(records, count);
        sink.onRecords(records, count);
      },
      onRefused: (line) => {
        this.#refused += 1;
        sink.onUnknownMessage(Buffer.from(line).toString().slice(0, 1000));
      },
    });
    this.#timers.push(setInterval(() => this.#health(), HEALTH_MS));
    void this.#run(this.#decoder);
  }

  unsubscribe(): void {
    // A recording plays as a whole.
  }

  /** What was recorded is all there is. */
  doubtBook(): void {}

  async loadBars(
    instrument: Instrument,
    interval: Interval,
    range: { readonly endTime?: UnixMicros; readonly limit: number },
  ): Promise<Result<readonly Bar[], VenueError>> {
    const store = this.#bars.get(instrument.id);
    if (store === undefined) return ok([]);
    const { closed, building } = store;
    const minutes = building.current === undefined ? closed : [...closed, building.current];
    const bars = joinBars(minutes, INTERVAL_MICROS[interval]);
    const { endTime } = range;
    const before = endTime === undefined ? bars : bars.filter(({ openTime }) => openTime < endTime);
    return ok(before.slice(-range.limit));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#wake();
  }

  async #run(decoder: RecordedDecoder): Promise<void> {
    const { clock } = this.#deps;
    let batch: WireLine[] = [];
    const flush = (): void => {
      const last = batch.at(-1);
      if (last === undefined) return;
      this.#messages += batch.length;
      this.#atNanos = last.receivedNanos;
      decoder.add(batch, clock.nowNanos());
      batch = [];
    };
    for await (const line of this.#deps.open()) {
      if (!line.ok) this.#damaged += 1;
      if (!line.ok || line.value.receivedNanos === 0n) continue;
      this.#nextNanos = line.value.receivedNanos;
      if (this.#paceClock === 0n) this.#rebase(line.value.receivedNanos);
      if (this.#waitMs(line.value.receivedNanos) > 0) flush();
      await this.#due(line.value.receivedNanos);
      if (this.#disposed) return;
      batch.push(line.value);
      if (batch.length < BATCH_LINES) continue;
      flush();
      // Behind its pace nothing here waits: windows and the ring's readers must still have their turn.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    }
    flush();
    this.#ended = true;
    decoder.end(clock.nowNanos());
    this.#health();
  }

  /** Settles when the recorded time has come at the present pace. */
  async #due(recordedNanos: bigint): Promise<void> {
    for (;;) {
      const waitMs = this.#waitMs(recordedNanos);
      if (waitMs <= 0 || this.#disposed) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(waitMs, LONGEST_WAIT_MS));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #waitMs(recordedNanos: bigint): number {
    if (this.#speed === 0) return LONGEST_WAIT_MS;
    const recorded = Number(recordedNanos - this.#paceRecorded) / this.#speed;
    const passed = Number(this.#deps.clock.nowNanos() - this.#paceClock);
    return (recorded - passed) / NANOS_A_MILLISECOND;
  }

  /** The recorded time that is due now. */
  #position(): bigint {
    const passed = this.#deps.clock.nowNanos() - this.#paceClock;
    const due = this.#paceRecorded + BigInt(Math.floor(Number(passed) * this.#speed));
    // Behind its pace a replay goes on from where it is; it does not skip.
    return due < this.#nextNanos ? due : this.#nextNanos;
  }

  #rebase(recordedNanos: bigint): void {
    this.#paceRecorded = recordedNanos;
    this.#paceClock = this.#deps.clock.nowNanos();
  }

  #countTrades(bytes: Uint8Array, count: number): void {
    const records = MarketRecords.over(bytes, count);
    for (let row = 0; row < count; row += 1) {
      if (records.kind(row) !== KIND_TRADE) continue;
      const instrument = this.#instruments[records.instrument(row)];
      const store = instrument && this.#bars.get(instrument.id);
      if (store === undefined) continue;
      const at = records.tsEventMicros(row);
      store.building.add(price(records.price(row)), quantity(records.quantity(row)), at, (bar) => {
        store.closed.push(bar);
        if (store.closed.length > MOST_BARS) store.closed.shift();
      });
    }
  }

  #health(): void {
    this.#deps.sink.onHealth({
      connection: 'replay',
      state: this.#ended ? 'Disconnected' : 'Connected',
      messages: this.#messages,
      unknownMessages: this.#refused,
      parseErrors: this.#damaged,
      reconnects: 0,
      resyncs: 0,
    });
  }
}

function micros(nanos: bigint): UnixMicros {
  return unixMicros(Number(nanos / 1000n));
}
