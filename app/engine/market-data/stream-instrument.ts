import type { Clock } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';
import type { Instrument } from '../domain/instrument.ts';
import { L2Book } from '../native/compute/book.ts';
import {
  BOOK_LIVE,
  BOOK_RESYNCING,
  BOOK_STALE,
  FLAG_ID_UNORDERED,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_BOOK_STATUS,
  KIND_SNAPSHOT_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../native/compute/market-record.ts';
import { Backoff } from '../net/backoff.ts';
import type { Scheduler } from '../net/scheduler.ts';
import {
  BOOK_REASON,
  type DroppedBecause,
  type MarketDataSink,
} from '../ports/market-data-client.ts';
import type { StreamVenue } from '../ports/stream-venue.ts';
import { StreamBook } from './stream-book.ts';
import type { StreamConnection } from './stream-connection.ts';

/** The connection an instrument's book comes over. */
export interface BookLine {
  readonly connection: StreamConnection;
  readonly counts: { resyncs: number };
}

/** What one instrument needs and whom it tells. */
export interface StreamInstrumentDeps<L extends BookLine> {
  readonly instrument: Instrument;
  /** Its number in records. */
  readonly index: number;
  readonly line: L;
  readonly venue: StreamVenue;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly sink: MarketDataSink;
}

const RENEWAL = { firstMs: 200, maxMs: 30_000 };
/** A book that stood for so long begins its pauses anew. */
const SOUND_MICROS = 30_000_000;
/** A snapshot that was asked for comes within this time, or is asked for again. */
const SNAPSHOT_WITHIN_MICROS = 10_000_000;
/** So many of the newest trades are told apart where ids do not order them. */
const TOLD_APART = 1_000;

/** One instrument of a streaming venue: says how far its book can be trusted, begins it again when it cannot, lets each trade through once. */
export class StreamInstrument<L extends BookLine = BookLine> implements Disposable {
  readonly instrument: Instrument;
  readonly index: number;
  readonly line: L;
  /** The socket its book comes from. */
  source: number | undefined;
  /** The venue does not give it. */
  refused = false;
  readonly #deps: StreamInstrumentDeps<L>;
  readonly #book: StreamBook;
  readonly #backoff: Backoff;
  readonly #status = new MarketRecords(1);
  #state: number | undefined;
  #next: { readonly state: number; readonly reason: number } | undefined;
  #renewal: Disposable | undefined;
  #askedMicros = 0;
  #liveSinceMicros = 0;
  #lastTradeId = -1;
  /** Trades of two sockets that stand side by side, by id. */
  readonly #twice = new Set<number>();
  /** The newest trades that ids tell apart and do not order. */
  readonly #apart = new Set<string>();
  /** A connection was lost after trades had come: a snapshot's newer ones were missed. */
  #missing = false;
  #missed: Uint8Array[] = [];

  constructor(deps: StreamInstrumentDeps<L>) {
    this.#deps = deps;
    const { instrument, index, line, rng, venue } = deps;
    const { checksum } = venue;
    this.instrument = instrument;
    this.index = index;
    this.line = line;
    this.#backoff = new Backoff(RENEWAL, rng);
    // Without a checksum the ids alone prove it: the levels are kept once, where they are read.
    const kept = checksum && {
      book: new L2Book({ tickSize: instrument.tickSize }),
      checksum: (book: L2Book) => checksum.call(venue, book, instrument),
    };
    this.#book = new StreamBook(kept, venue.numbersChanges);
  }

  /** Its book was asked for on a socket that has opened. */
  asked(): void {
    this.refused = false;
    this.#askedMicros = this.#deps.clock.nowMicros();
    if (this.source === undefined) this.#say(BOOK_RESYNCING, BOOK_REASON.starting);
  }

  /** A socket is gone. */
  lost(socket: number): void {
    if (this.source !== socket && this.source !== undefined) return;
    this.#end();
    this.#say(BOOK_STALE, BOOK_REASON.disconnected);
  }

  /** A socket has lost a message: what it says is not to be trusted any more. */
  missed(socket: number): void {
    if (this.source !== socket) return;
    this.#end();
    this.#say(BOOK_RESYNCING, BOOK_REASON.gap);
  }

  /** Nothing came for too long on the connection, or the session of the book is over. */
  silent(): void {
    if (this.#state === BOOK_LIVE) this.#say(BOOK_STALE, BOOK_REASON.silent);
  }

  /** The connection speaks again and has lost nothing. Where a market closes, what was quoted may be withdrawn meanwhile: the next message of its own tells. */
  heard(): void {
    if (this.#deps.venue.sessionOf !== undefined) return;
    if (this.#book.live && this.#state === BOOK_STALE) this.#say(BOOK_LIVE, BOOK_REASON.none);
  }

  /** Something of this book may have been lost or unreadable: it begins again. */
  doubt(reason: number = BOOK_REASON.gap): void {
    if (this.source === undefined) return;
    this.#startOver(reason);
    this.tellState();
  }

  /** The venue said that it does not give this instrument, or lists it no more. */
  refuse(): void {
    this.refused = true;
    this.#end();
    this.#say(BOOK_STALE, BOOK_REASON.disconnected);
  }

  /** Asks again for a snapshot that does not come. */
  checkAnswered(): void {
    const since = this.#deps.clock.nowMicros() - this.#askedMicros;
    const waits = this.#state === BOOK_RESYNCING && this.#renewal === undefined && !this.refused;
    if (waits && since > SNAPSHOT_WITHIN_MICROS) this.#renewLater();
  }

  /** Judges the book message in records [from, to); true when it is to be passed on. What it changes is told by `tellState`. */
  onBook(records: MarketRecords, from: number, to: number, socket: number): boolean {
    const snapshot = records.kind(from) === KIND_SNAPSHOT_HEADER;
    if (snapshot) this.#adopt(socket);
    if (this.source !== socket) return false;
    switch (this.#book.apply(records, from, to)) {
      case 'Applied':
      case 'Proved':
        if (snapshot && this.#state !== BOOK_LIVE) {
          this.#liveSinceMicros = this.#deps.clock.nowMicros();
          this.#next = { state: BOOK_LIVE, reason: BOOK_REASON.none };
        }
        return true;
      case 'Early':
        return false;
      case 'Late': {
        const again = records.id(from) === this.#book.lastId;
        this.#dropped(again ? 'Duplicate' : 'OutOfOrder');
        return false;
      }
      case 'Gap':
        this.#startOver(BOOK_REASON.gap);
        return false;
      case 'Differs':
        this.#startOver(BOOK_REASON.checksum);
        return false;
    }
  }

  /** Tells what the last message changed of the book's state. */
  tellState(): void {
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.#say(next.state, next.reason);
  }

  /** True when the trade in a record is to be passed on: it is new, and happened while we listened. */
  onTrade(records: MarketRecords, at: number, socket: number): boolean {
    const id = records.id(at);
    // Some trades have no number: they can be told apart only by the socket.
    if (id <= 0) return this.source === undefined || this.source === socket;
    if ((records.flags(at) & FLAG_ID_UNORDERED) !== 0) return this.#isUnseen(records, at);
    const past = (records.flags(at) & FLAG_SNAPSHOT) !== 0;
    if (past) {
      // What is listed at a beginning was before it; after a loss it is what was missed, in any order.
      if (this.#missing && id > this.#lastTradeId) this.#missed.push(copyOf(records, at));
      if (!this.#missing) this.#lastTradeId = Math.max(this.#lastTradeId, id);
      return false;
    }
    const { overlaps } = this.line.connection;
    if (!overlaps) this.#twice.clear();
    if (id <= this.#lastTradeId && (!overlaps || this.#twice.has(id))) {
      // Two sockets side by side say everything twice.
      if (!overlaps) this.#dropped(id === this.#lastTradeId ? 'Duplicate' : 'OutOfOrder');
      return false;
    }
    if (overlaps) this.#twice.add(id);
    this.#lastTradeId = Math.max(this.#lastTradeId, id);
    return true;
  }

  /** Ids that do not order trades tell those of one time apart. */
  #isUnseen(records: MarketRecords, at: number): boolean {
    const trade = `${records.id(at)} ${records.tsEventNanos(at)}`;
    if (this.#apart.has(trade)) {
      // Two sockets side by side say everything twice.
      if (!this.line.connection.overlaps) this.#dropped('Duplicate');
      return false;
    }
    this.#apart.add(trade);
    const [oldest = ''] = this.#apart;
    if (this.#apart.size > TOLD_APART) this.#apart.delete(oldest);
    return true;
  }

  /** Trades that a snapshot after a loss has brought wait to be passed on. */
  get hasMissed(): boolean {
    return this.#missed.length > 0;
  }

  /** Passes on the trades that a snapshot after a loss has brought, oldest first. */
  emitMissed(): void {
    if (this.#missed.length === 0) return;
    const rows = this.#missed.map((bytes) => ({ bytes, id: MarketRecords.over(bytes, 1).id(0) }));
    this.#missed = [];
    this.#missing = false;
    for (const { bytes, id } of rows.toSorted((left, right) => left.id - right.id)) {
      if (id <= this.#lastTradeId) continue;
      this.#lastTradeId = id;
      this.#deps.sink.onRecords(bytes, 1);
    }
  }

  [Symbol.dispose](): void {
    this.#renewal?.[Symbol.dispose]();
  }

  #adopt(socket: number): void {
    if (this.source !== undefined && socket < this.source) return;
    this.source = socket;
    this.refused = false;
    this.#renewal?.[Symbol.dispose]();
    this.#renewal = undefined;
  }

  #end(): void {
    this.#book.drop();
    this.source = undefined;
    this.#next = undefined;
    this.#missing = this.#lastTradeId >= 0;
    this.#renewal?.[Symbol.dispose]();
    this.#renewal = undefined;
  }

  #dropped(because: DroppedBecause): void {
    this.#deps.sink.onDropped?.(this.index, because);
  }

  #startOver(reason: number): void {
    this.#book.drop();
    this.line.counts.resyncs += 1;
    this.#next = { state: BOOK_RESYNCING, reason };
    this.#renewLater();
  }

  #renewLater(): void {
    if (this.#renewal !== undefined) return;
    const { clock, scheduler } = this.#deps;
    if (clock.nowMicros() - this.#liveSinceMicros > SOUND_MICROS) this.#backoff.reset();
    this.#renewal = scheduler.setTimer(this.#backoff.next(), () => {
      this.#renewal = undefined;
      this.#askedMicros = clock.nowMicros();
      this.line.connection.renewBook(this.instrument.symbol);
    });
  }

  #say(state: number, reason: number): void {
    if (this.#state === state) return;
    this.#state = state;
    const { clock, sink } = this.#deps;
    const now = clock.nowNanos();
    const { lastId } = this.#book;
    this.#status.set(
      0,
      KIND_BOOK_STATUS,
      FLAG_LAST,
      this.index,
      0n,
      now,
      state,
      reason,
      0,
      0,
      lastId,
    );
    sink.onRecords(this.#status.bytes, 1);
  }
}

function copyOf(records: MarketRecords, at: number): Uint8Array {
  return records.bytes.slice(at * MARKET_RECORD_BYTES, (at + 1) * MARKET_RECORD_BYTES);
}
