import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Rng } from '../base/rng.ts';
import type { InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Interval } from '../domain/market.ts';
import type { SessionPlace } from '../domain/session.ts';
import { unixMicros, type UnixMicros } from '../domain/time.ts';
import { Decoder, MALFORMED, UNKNOWN_EVENT, UNKNOWN_INSTRUMENT } from '../native/compute/decode.ts';
import { FrameDecoder, type Frame } from '../native/compute/frame-decoder.ts';
import {
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_BBO,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  type MarketRecords,
} from '../native/compute/market-record.ts';
import type { CircuitState } from '../net/circuit-breaker.ts';
import type { Fetch } from '../net/http-client.ts';
import type { Scheduler } from '../net/scheduler.ts';
import type { SocketOpener } from '../net/socket.ts';
import { VenueClock } from '../net/venue-clock.ts';
import {
  BOOK_REASON,
  type MarketDataClient,
  type MarketDataSink,
  type VenueError,
} from '../ports/market-data-client.ts';
import type { MarketHistory } from '../ports/market-history.ts';
import type { StreamVenue } from '../ports/stream-venue.ts';
import { pagedHistory } from './paged-history.ts';
import { PublicRest } from './public-rest.ts';
import { StreamConnection } from './stream-connection.ts';
import { lineHealth, restHealth } from './stream-health.ts';
import { StreamInstrument } from './stream-instrument.ts';

/** What the client needs. */
export interface StreamClientDeps {
  readonly venue: StreamVenue;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  readonly fetch?: Fetch;
  readonly sink: MarketDataSink;
}

/** A connection with what came over it. */
interface Line {
  readonly name: string;
  readonly connection: StreamConnection;
  readonly counts: { messages: number; unknown: number; parseErrors: number; resyncs: number };
  frames: { readonly socket: number; readonly frame: Frame }[];
  /** The number that the next message of a socket must have. */
  readonly sequences: Map<number, number>;
  lastMessageMicros: number;
  lastEventMicros: number;
  silent: boolean;
}

const WATCH_MS = 1_000;
/** How much of a message is looked at for its number. */
const HEAD_BYTES = 256;
/** For so long a list of instruments is taken for the venue's present one. */
const LIST_MS = 600_000;

/** Public data of a venue whose books begin with a snapshot on the stream: decoded natively, proved by the venue's own ids and checksums, everything that cannot be trusted said to be so. */
export class StreamDataClient implements MarketDataClient {
  readonly #deps: StreamClientDeps;
  readonly #rest: PublicRest;
  readonly #venueClock: VenueClock<VenueError> | undefined;
  readonly #frames = new FrameDecoder();
  readonly #held = new Map<InstrumentId, StreamInstrument>();
  readonly #byIndex = new Map<number, StreamInstrument>();
  readonly #lines: Line[] = [];
  /** Symbols given up: what still comes of them is nobody's. */
  readonly #left = new Set<string>();
  /** Those with trades that were missed and are still to be told. */
  readonly #missing = new Set<StreamInstrument>();
  #decoder: Decoder;
  #listed: { readonly at: number; readonly instruments: readonly Instrument[] } | undefined;
  #watch: Disposable | undefined;
  /** Of a market that closes: in which it is. */
  #session: SessionPlace | undefined;
  #disposed = false;

  constructor(deps: StreamClientDeps) {
    this.#deps = deps;
    this.#rest = new PublicRest({
      ...deps,
      rest: deps.venue.rest,
      onCircuit: (state) => this.#tellRest(state),
    });
    const { clock, scheduler, venue } = deps;
    const time = venue.rest.time?.();
    this.#venueClock = time && new VenueClock(clock, scheduler, () => this.#rest.ask(time));
    this.#decoder = new Decoder([], venue.wire);
  }

  async loadInstruments(
    symbols?: readonly string[],
  ): Promise<Result<readonly Instrument[], VenueError>> {
    const { missing } = this.#deps.venue;
    if (missing !== undefined) return err(missing);
    const now = this.#deps.clock.nowMicros();
    if (this.#listed === undefined || now - this.#listed.at > LIST_MS * 1000) {
      const instruments: Instrument[] = [];
      const questions = [...this.#deps.venue.rest.instruments()];
      for (let question = questions.shift(); question !== undefined; question = questions.shift()) {
        const answer = await this.#rest.ask(question);
        if (!answer.ok) return answer;
        if (answer.value.next !== undefined) questions.unshift(answer.value.next);
        instruments.push(...answer.value.instruments);
        for (const reason of answer.value.rejected) this.#deps.sink.onUnknownMessage(reason);
      }
      this.#listed = { at: now, instruments };
      this.#followList(instruments);
    }
    const { instruments } = this.#listed;
    if (symbols === undefined) return ok(instruments);
    const wanted = new Set(symbols);
    return ok(instruments.filter(({ symbol }) => wanted.has(symbol)));
  }

  async loadBars(
    instrument: Instrument,
    interval: Interval,
    range: { readonly endTime?: UnixMicros; readonly limit: number },
  ): Promise<Result<readonly Bar[], VenueError>> {
    const { clock, venue } = this.#deps;
    const now = unixMicros(clock.nowMicros());
    const { endTime = now, limit } = range;
    const bars = await this.#rest.ask(
      venue.rest.bars(instrument, interval, { endTime, limit, now }),
    );
    if (!bars.ok) return bars;
    return ok(bars.value.filter(({ openTime }) => openTime < endTime).slice(-limit));
  }

  history(instrument: Instrument): MarketHistory {
    const questions = this.#deps.venue.rest.history?.(instrument) ?? {};
    return pagedHistory(questions, (question) => this.#rest.ask(question));
  }

  subscribe(
    instruments: readonly { readonly instrument: Instrument; readonly index: number }[],
  ): void {
    const added = instruments.filter(({ instrument }) => !this.#held.has(instrument.id));
    for (const { instrument, index } of added) {
      const line = this.#lineWithRoom(true);
      const held = new StreamInstrument({ ...this.#deps, instrument, index, line });
      this.#held.set(instrument.id, held);
      this.#byIndex.set(index, held);
      this.#left.delete(instrument.symbol);
    }
    this.#rebuildDecoder();
    for (const { instrument } of added) {
      const held = this.#held.get(instrument.id);
      held?.line.connection.want([instrument.symbol]);
      for (const kind of this.#deps.venue.lines) {
        if (!kind.books) this.#lineWithRoom(false, kind.name).connection.want([instrument.symbol]);
      }
    }
    if (this.#watch === undefined) {
      void this.#venueClock?.measure();
      this.#session = this.#deps.venue.sessionOf?.(unixMicros(this.#deps.clock.nowMicros()));
    }
    this.#watch ??= this.#deps.scheduler.setTimer(WATCH_MS, () => this.#onWatch());
  }

  unsubscribe(instruments: readonly InstrumentId[]): void {
    for (const id of instruments) {
      const held = this.#held.get(id);
      if (held === undefined) continue;
      const { symbol } = held.instrument;
      for (const { connection } of this.#lines) connection.unwant([symbol]);
      held[Symbol.dispose]();
      this.#held.delete(id);
      this.#byIndex.delete(held.index);
      this.#left.add(symbol);
    }
    this.#rebuildDecoder();
  }

  doubtBook(...[instrument, because]: Parameters<MarketDataClient['doubtBook']>): void {
    this.#held.get(instrument)?.doubt(BOOK_REASON[because]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#watch?.[Symbol.dispose]();
    for (const held of this.#held.values()) held[Symbol.dispose]();
    for (const { connection } of this.#lines) connection[Symbol.dispose]();
    this.#venueClock?.[Symbol.dispose]();
    this.#rest[Symbol.dispose]();
  }

  /** What the venue lists no more is given up; what it lists again is asked for again. */
  #followList(instruments: readonly Instrument[]): void {
    const listed = new Set(instruments.map(({ id }) => id));
    for (const [id, held] of this.#held) {
      if (!listed.has(id)) held.refuse();
      else if (held.refused) this.#askAgain(held);
    }
  }

  #askAgain(held: StreamInstrument): void {
    const symbols = [held.instrument.symbol];
    for (const { connection } of this.#lines) {
      if (!connection.wants(held.instrument.symbol)) continue;
      connection.unwant(symbols);
      connection.want(symbols);
    }
    held.asked();
  }

  #lineWithRoom(books: boolean, name?: string): Line {
    const kind = this.#deps.venue.lines.find(
      (one) => one.books === books && (name === undefined || one.name === name),
    );
    if (kind === undefined) throw new RangeError(`${this.#deps.venue.venue} has no such line`);
    const carried = (line: Line) =>
      books
        ? [...this.#held.values()].filter((held) => held.line === line).length
        : line.connection.size;
    const same = this.#lines.filter(({ connection }) => connection.line === kind);
    const free = same.find((line) => carried(line) < kind.instruments);
    if (free !== undefined) return free;
    const { clock, venue } = this.#deps;
    const line: Line = {
      name: `${kind.name}-${same.length + 1}`,
      counts: { messages: 0, unknown: 0, parseErrors: 0, resyncs: 0 },
      frames: [],
      sequences: new Map(),
      lastMessageMicros: clock.nowMicros(),
      lastEventMicros: clock.nowMicros(),
      silent: false,
      connection: new StreamConnection({
        ...this.#deps,
        line: kind,
        venue,
        onFrame: (data, socket) => this.#onFrame(line, data, socket),
        onOpened: (socket) => this.#onOpened(line, socket),
        onLost: (socket) => this.#onLost(line, socket),
        onChange: () => this.#tellHealth(line),
      }),
    };
    this.#lines.push(line);
    return line;
  }

  #rebuildDecoder(): void {
    const { wire, depth } = this.#deps.venue;
    this.#decoder = new Decoder(
      [...this.#held.values()].map(({ instrument, index }) => ({
        symbol: instrument.symbol,
        index,
        priceScale: instrument.priceScale,
        quantityScale: instrument.quantityScale,
        ...(depth === undefined ? {} : { depth }),
      })),
      wire,
    );
  }

  #heldOn(line: Line): StreamInstrument[] {
    return [...this.#held.values()].filter((held) => held.line === line);
  }

  #onOpened(line: Line, socket: number): void {
    line.sequences.set(socket, 0);
    line.lastEventMicros = this.#deps.clock.nowMicros();
    for (const held of this.#heldOn(line)) held.asked();
    if (!line.connection.line.books) line.connection.ready();
  }

  #onLost(line: Line, socket: number): void {
    this.#flush(line);
    line.sequences.delete(socket);
    for (const held of this.#heldOn(line)) held.lost(socket);
  }

  /** Collects what one turn of the event loop delivers and decodes it at its end. */
  #onFrame(line: Line, data: Uint8Array, socket: number): void {
    const { clock } = this.#deps;
    line.counts.messages += 1;
    line.lastMessageMicros = clock.nowMicros();
    if (!this.#follows(line, data, socket)) return;
    line.frames.push({ socket, frame: { data, receivedNanos: clock.nowNanos() } });
    if (line.frames.length === 1) queueMicrotask(() => this.#flush(line));
  }

  /** Follows the numbers of a socket's messages, where it has them. After one that is missing nothing it says is to be trusted; one that is late is dropped. */
  #follows(line: Line, data: Uint8Array, socket: number): boolean {
    const { sequenceOf } = this.#deps.venue;
    if (sequenceOf === undefined) return true;
    const number = sequenceOf(textOf(data.subarray(0, HEAD_BYTES)));
    const wanted = line.sequences.get(socket) ?? 0;
    if (number === undefined || number < wanted) return number === undefined;
    line.sequences.set(socket, number + 1);
    if (number === wanted) return true;
    this.#flush(line);
    for (const held of this.#heldOn(line)) held.missed(socket);
    line.counts.resyncs += 1;
    line.connection.fail(`message ${number} of the connection after ${wanted - 1}`, socket);
    return false;
  }

  #flush(line: Line): void {
    const { frames } = line;
    line.frames = [];
    if (this.#disposed) return;
    for (let from = 0; from < frames.length;) {
      const { socket = 0 } = frames[from] ?? {};
      let to = from + 1;
      while (frames[to]?.socket === socket) to += 1;
      const run = frames.slice(from, to).map(({ frame }) => frame);
      this.#frames.decode(this.#decoder, run, {
        onRecords: (records, count) => this.#deliver(line, records, count, socket),
        onRefused: (data, status) => this.#onRefused(line, data, status, socket),
      });
      from = to;
    }
  }

  /** Passes runs of records on as they lie; what an event has to wait or go for ends a run. */
  #deliver(line: Line, records: MarketRecords, count: number, socket: number): void {
    line.lastEventMicros = this.#deps.clock.nowMicros();
    if (line.silent) {
      line.silent = false;
      for (const held of this.#heldOn(line)) held.heard();
    }
    let runFrom = 0;
    let from = 0;
    const emitRun = (to: number): void => {
      this.#emit(records, runFrom, to);
      runFrom = to;
    };
    for (let at = 0; at < count; at += 1) {
      if ((records.flags(at) & FLAG_LAST) === 0) continue;
      const to = at + 1;
      const held = this.#byIndex.get(records.instrument(from));
      const kind = records.kind(from);
      if (kind === KIND_SNAPSHOT_HEADER || kind === KIND_DIFF_HEADER) {
        // What is said about the book must follow what came before.
        emitRun(from);
        const passed = held?.onBook(records, from, to, socket) === true;
        if (!passed) runFrom = to;
        else emitRun(to);
        held?.tellState();
        if (passed && kind === KIND_SNAPSHOT_HEADER) this.#checkReady(line);
      } else {
        if (held?.hasMissed === true && (records.flags(from) & FLAG_SNAPSHOT) === 0) {
          emitRun(from);
          held.emitMissed();
        }
        if (held === undefined || !isWanted(held, kind, records, from, socket)) {
          emitRun(from);
          runFrom = to;
          if (held?.hasMissed === true) this.#missing.add(held);
        }
      }
      from = to;
    }
    emitRun(count);
    for (const held of this.#missing) held.emitMissed();
    this.#missing.clear();
  }

  #emit(records: MarketRecords, from: number, to: number): void {
    if (from >= to) return;
    const bytes = records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
    this.#deps.sink.onRecords(bytes, to - from);
  }

  /** When every book of a connection comes from its newest socket, older ones may go. */
  #checkReady({ connection }: Line): void {
    const { newest } = connection;
    const all = [...this.#held.values()].every(
      (held) => held.line.connection !== connection || held.source === newest || held.refused,
    );
    if (all) connection.ready();
  }

  #onRefused(line: Line, data: Uint8Array, status: number, socket: number): void {
    const text = textOf(data);
    const control =
      status === UNKNOWN_EVENT || status === MALFORMED
        ? this.#deps.venue.readControl(text)
        : undefined;
    switch (control?.type) {
      case 'Quiet':
        return;
      case 'Reply':
        return line.connection.reply(control.text, socket);
      case 'Admitted':
        return line.connection.admit(socket);
      case 'Rotate':
        return line.connection.rotate(control.reason);
      case 'Refused':
        for (const held of this.#heldOn(line)) {
          if (held.instrument.symbol === control.symbol) held.refuse();
        }
        this.#deps.sink.onRefusal?.(this.#deps.venue.venue, control.message);
        break;
      case undefined:
        if (status === UNKNOWN_INSTRUMENT && this.#names(text, this.#left)) return;
        if (status === UNKNOWN_EVENT) line.counts.unknown += 1;
        else this.#onUnreadable(line, text);
    }
    this.#deps.sink.onUnknownMessage(text);
  }

  /** A message that cannot be read may have been a change of a book: of those it names, or of any. */
  #onUnreadable(line: Line, text: string): void {
    line.counts.parseErrors += 1;
    const all = this.#heldOn(line);
    const named = all.filter(({ instrument }) => text.includes(`"${instrument.symbol}"`));
    for (const held of named.length > 0 ? named : all) held.doubt();
  }

  #names(text: string, symbols: ReadonlySet<string>): boolean {
    return [...symbols].some((symbol) => text.includes(`"${symbol}"`));
  }

  #onWatch(): void {
    const { clock, scheduler, venue } = this.#deps;
    const now = clock.nowMicros();
    const session = venue.sessionOf?.(unixMicros(now));
    const isOpen = venue.sessionOf === undefined || session?.kind === 'Regular';
    if (!isDeepStrictEqual(session, this.#session)) {
      this.#session = session;
      for (const held of this.#held.values()) held.silent();
    }
    for (const line of this.#lines) {
      const { connection } = line;
      if (connection.line.books && connection.state === 'Connected' && connection.size > 0) {
        const silentMs = (now - line.lastEventMicros) / 1000;
        const held = this.#heldOn(line);
        if (silentMs >= venue.staleAfterMs) {
          line.silent = true;
          for (const one of held) one.silent();
        }
        if (isOpen && silentMs >= 6 * venue.staleAfterMs) connection.fail('connected but silent');
        for (const one of held) one.checkAnswered();
      }
      this.#tellHealth(line);
    }
    this.#watch = scheduler.setTimer(WATCH_MS, () => this.#onWatch());
  }

  #tellRest(circuit: CircuitState): void {
    if (this.#disposed) return;
    this.#deps.sink.onHealth(restHealth(this.#deps.venue.venue, circuit));
  }

  #tellHealth(line: Line): void {
    if (this.#disposed) return;
    const { sink, venue } = this.#deps;
    sink.onHealth(lineHealth(venue.venue, line, this.#venueClock?.offset));
  }
}

/** False for what another socket of a rotation delivers, or has delivered before. */
function isWanted(
  held: StreamInstrument,
  kind: number,
  records: MarketRecords,
  at: number,
  socket: number,
): boolean {
  if (kind === KIND_TRADE) return held.onTrade(records, at, socket);
  return kind !== KIND_BBO || held.source === undefined || held.source === socket;
}

function textOf(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
}
