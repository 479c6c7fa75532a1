import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Interval } from '../domain/market.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import {
  BOOK_RESYNCING,
  FLAG_LAST,
  KIND_BOOK_STATUS,
  MarketRecords,
} from '../native/compute/market-record.ts';
import {
  BOOK_REASON,
  type MarketDataClient,
  type MarketDataSink,
  type VenueError,
} from '../ports/market-data-client.ts';
import { ReplayBars } from './replay-bars.ts';
import { ReplayPace } from './replay-pace.ts';
import type { ReplayEvent, ReplayMarket, ReplaySource, ReplayTrack } from './replay-source.ts';
import { ReplayStanding } from './replay-standing.ts';

/** Events handed on in one go. */
const BATCH = 256;
/** Events that lead to a time and are read before others have their turn. */
const LEAD_BATCH = 4096;
const HEALTH_MS = 1000;

/** What a replay is made of. */
export interface ReplayDeps<Event extends ReplayEvent> {
  readonly clock: Clock;
  readonly source: ReplaySource<Event>;
  readonly sink: MarketDataSink;
  /** 1 = as recorded, 0 = paused, Infinity = as fast as it can be played. */
  readonly speed: number;
  /** The market begins at another time: nothing told before counts any more. */
  readonly onJump?: () => void;
  /** Where it stands, or how it goes, was changed by hand; it has ended. */
  readonly onState?: () => void;
}

/** Where a replay stands; recorded times. */
export interface ReplayState {
  /** Of the newest event that was played, or where it was sought. */
  readonly at: UnixMicros;
  readonly from: UnixMicros;
  readonly to: UnixMicros;
  readonly speed: number;
  readonly ended: boolean;
  /** What leads to a time is being read. */
  readonly seeking: boolean;
}

/** Why a replay does not do what it is asked. */
export interface ReplayRefusal {
  readonly code: 'REPLAY_NOT_PAUSED' | 'REPLAY_OUTSIDE_SPAN' | 'REPLAY_ENDED' | 'REPLAY_SEEKING';
  readonly message: string;
}

/** A market of the past as a market data client: the same records as live, at any pace, with bars from its own trades. */
export class ReplayClient<Event extends ReplayEvent> implements MarketDataClient {
  readonly #deps: ReplayDeps<Event>;
  readonly #pace: ReplayPace;
  #market: ReplayMarket | undefined;
  #instruments: readonly Instrument[] = [];
  #bars = new ReplayBars([]);
  /** Set while what leads to a time is read: records go there and nowhere else. */
  #standing: ReplayStanding | undefined;
  #track: ReplayTrack<Event> | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Another number: what runs is to end. */
  #turn = 0;
  #atNanos = 0n;
  #messages = 0;
  #damaged = 0;
  #refused = 0;
  #ended = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(deps: ReplayDeps<Event>) {
    this.#deps = deps;
    this.#pace = new ReplayPace(deps.clock, deps.speed);
  }

  async loadInstruments(): Promise<Result<readonly Instrument[], VenueError>> {
    const surveyed = await this.#deps.source.survey();
    if (!surveyed.ok) return surveyed;
    this.#market = surveyed.value;
    this.#atNanos = surveyed.value.firstNanos;
    return ok(surveyed.value.instruments);
  }

  /** Where the replay stands. */
  get state(): ReplayState {
    const { firstNanos = 0n, lastNanos = 0n } = this.#market ?? {};
    return {
      at: micros(this.#atNanos),
      from: micros(firstNanos),
      // Something older may have waited for the last one.
      to: micros(this.#atNanos > lastNanos ? this.#atNanos : lastNanos),
      speed: this.#pace.speed,
      ended: this.#ended,
      seeking: this.#standing !== undefined,
    };
  }

  /** Changes the pace from here on. */
  setSpeed(speed: number): void {
    this.#pace.setSpeed(speed);
    this.#deps.onState?.();
  }

  /** Plays the next event alone; only when it is paused. */
  step(): Result<void, ReplayRefusal> {
    if (this.#pace.speed !== 0) {
      return refused('REPLAY_NOT_PAUSED', 'only a paused replay goes step by step');
    }
    if (this.#standing !== undefined) return refused('REPLAY_SEEKING', 'it is on its way');
    if (this.#ended) return refused('REPLAY_ENDED', 'the replay has ended: nothing follows');
    this.#pace.step();
    return ok(undefined);
  }

  /** Goes to a time of the span, forward or back: what was received before it is past, the next event is of that time or later. */
  seek(to: UnixMicros): Result<void, ReplayRefusal> {
    const { from, to: last } = this.state;
    if (to < from || to > last) {
      const message = `the replay reaches from ${from} to ${last} microseconds, asked was ${to}`;
      return refused('REPLAY_OUTSIDE_SPAN', message);
    }
    const { firstNanos = 0n } = this.#market ?? {};
    const atNanos = BigInt(to) * 1000n;
    this.#sayBooks(BOOK_RESYNCING, BOOK_REASON.sought);
    this.#begin(atNanos < firstNanos ? firstNanos : atNanos, true);
    return ok(undefined);
  }

  subscribe(wanted: readonly { readonly instrument: Instrument; readonly index: number }[]): void {
    const ordered = [...wanted].sort((left, right) => left.index - right.index);
    this.#instruments = ordered.map(({ instrument }) => instrument);
    this.#timers.push(setInterval(() => this.#health(), HEALTH_MS));
    this.#begin(this.#market?.firstNanos ?? 0n, false);
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
    return ok(this.#bars.load(instrument, interval, range));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#turn += 1;
    for (const timer of this.#timers) clearInterval(timer);
    this.#pace.wake();
    await this.#running;
  }

  /** Ends what runs and goes on from a time. */
  #begin(atNanos: bigint, jumped: boolean): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.#standing = new ReplayStanding(this.#instruments);
    this.#atNanos = atNanos;
    this.#ended = false;
    this.#pace.wake();
    this.#running = this.#running.then(() => this.#run(turn, atNanos, jumped));
    this.#deps.onState?.();
  }

  async #run(turn: number, atNanos: bigint, jumped: boolean): Promise<void> {
    if (turn !== this.#turn) return;
    this.#bars = new ReplayBars(this.#instruments);
    const track = this.#deps.source.open(this.#instruments, atNanos, {
      onRecords: (records, count) => this.#onRecords(records, count),
      onUnknownMessage: (raw) => this.#deps.sink.onUnknownMessage(raw),
    });
    this.#track = track;
    const { clock } = this.#deps;
    let jumps = jumped;
    let batch: Event[] = [];
    const flush = (): void => {
      const last = batch.at(-1);
      if (last === undefined) return;
      this.#messages += batch.length;
      if (this.#standing === undefined) this.#atNanos = last.receivedNanos;
      // Whoever asked for the past before it was read has asked too early.
      else jumps = true;
      track.play(batch, clock.nowNanos());
      batch = [];
    };
    for await (const event of track.events()) {
      if (turn !== this.#turn) return;
      const { receivedNanos } = event;
      if (this.#standing !== undefined && receivedNanos >= atNanos) {
        flush();
        this.#arrive(jumps, jumped ? atNanos : receivedNanos);
      }
      if (this.#standing === undefined) {
        this.#pace.expect(receivedNanos);
        if (!this.#pace.isDue(receivedNanos)) flush();
        const stepped = await this.#pace.due(receivedNanos, () => turn === this.#turn);
        if (turn !== this.#turn) return;
        batch.push(event);
        if (stepped) {
          flush();
          this.#deps.onState?.();
        }
        if (batch.length < BATCH) continue;
      } else {
        batch.push(event);
        if (batch.length < LEAD_BATCH) continue;
      }
      flush();
      // Behind its pace nothing here waits: windows and the ring's readers must still have their turn.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      if (turn !== this.#turn) return;
    }
    flush();
    if (this.#standing !== undefined) this.#arrive(jumps, atNanos);
    this.#ended = true;
    track.end(clock.nowNanos());
    this.#health();
    this.#deps.onState?.();
  }

  /** What led here is read: from now on records are told, first those of how the market stands. */
  #arrive(jumps: boolean, dueNanos: bigint): void {
    const standing = this.#standing;
    this.#standing = undefined;
    this.#pace.restart(dueNanos);
    if (jumps) this.#deps.onJump?.();
    const { clock, sink } = this.#deps;
    for (const records of standing?.records(clock.nowNanos()) ?? []) {
      sink.onRecords(records.bytes, records.capacity);
    }
    this.#deps.onState?.();
  }

  #onRecords(bytes: Uint8Array, count: number): void {
    this.#bars.add(bytes, count);
    if (this.#standing === undefined) this.#deps.sink.onRecords(bytes, count);
    else this.#standing.take(bytes, count);
  }

  #sayBooks(state: number, reason: number): void {
    const { clock, sink } = this.#deps;
    const status = new MarketRecords(1);
    for (const index of this.#instruments.keys()) {
      const now = clock.nowNanos();
      status.set(0, KIND_BOOK_STATUS, FLAG_LAST, index, 0n, now, state, reason, 0, 0, 0);
      sink.onRecords(status.bytes, 1);
    }
  }

  #health(): void {
    const { damaged = 0, refused: unknown = 0 } = this.#track ?? {};
    this.#damaged = Math.max(this.#damaged, damaged);
    this.#refused = Math.max(this.#refused, unknown);
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

function refused(code: ReplayRefusal['code'], message: string): Result<never, ReplayRefusal> {
  return err({ code, message });
}

function micros(nanos: bigint): UnixMicros {
  return unixMicros(Number(nanos / 1000n));
}
