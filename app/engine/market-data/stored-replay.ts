import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { BookTop, L2Book } from '../native/compute/book.ts';
import {
  BOOK_LIVE,
  BOOK_STALE,
  FLAG_LAST,
  KIND_BBO,
  KIND_BOOK_STATUS,
  KIND_DIFF_HEADER,
  KIND_SNAPSHOT_HEADER,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../native/compute/market-record.ts';
import { BOOK_REASON, type MarketDataSink, type VenueError } from '../ports/market-data-client.ts';
import type { StoredEvent, StoredInstrument, StoredMarket } from '../ports/stored-market.ts';
import type { ReplayMarket, ReplaySource, ReplayTrack } from './replay-source.ts';

/** Records told in one go, unless one message has more. */
const BATCH = 4096;

/** What the replay of the tick store is made of. */
export interface StoredReplayDeps {
  readonly open: () => Result<StoredMarket, { readonly code: string; readonly message: string }>;
  /** The instrument that is played in place of a stored one. */
  readonly played: (stored: StoredInstrument) => Instrument;
}

/** A span of the tick store: what it holds is told as the venues' connectors told it. */
export class StoredReplay implements ReplaySource<StoredEvent> {
  readonly #deps: StoredReplayDeps;
  #market: StoredMarket | undefined;

  constructor(deps: StoredReplayDeps) {
    this.#deps = deps;
  }

  async survey(): Promise<Result<ReplayMarket, VenueError>> {
    const opened = this.#deps.open();
    if (!opened.ok) return err({ ...opened.error, kind: 'Fatal' });
    this.#market = opened.value;
    const { instruments, fromNanos, toNanos } = opened.value;
    const played = instruments.map((stored) => this.#deps.played(stored));
    const twice = played.find(({ id }, place) => played.findIndex((one) => one.id === id) < place);
    if (twice !== undefined) {
      const message = `two of the stored instruments would both be ${twice.id}`;
      return err({ code: 'REPLAYED_TWICE', kind: 'Fatal', message });
    }
    return ok({ instruments: played, firstNanos: fromNanos, lastNanos: toNanos - 1n });
  }

  open(
    instruments: readonly Instrument[],
    atNanos: bigint,
    sink: Pick<MarketDataSink, 'onRecords'>,
  ): StoredTrack {
    if (this.#market === undefined) throw new Error('survey must come before open');
    return new StoredTrack(this.#market, instruments, atNanos, sink);
  }
}

/** One instrument while it is played. */
interface Played {
  state: number | undefined;
  /** Present where its quotes are those of its book. */
  readonly own:
    { readonly book: L2Book; readonly top: BookTop; readonly told: Float64Array } | undefined;
}

class StoredTrack implements ReplayTrack<StoredEvent> {
  readonly damaged = 0;
  readonly refused = 0;
  readonly #market: StoredMarket;
  readonly #atNanos: bigint;
  readonly #sink: Pick<MarketDataSink, 'onRecords'>;
  readonly #played: readonly Played[];
  readonly #one = new MarketRecords(1);
  #out = new MarketRecords(BATCH);
  #count = 0;
  #nowNanos = 0n;

  constructor(
    market: StoredMarket,
    instruments: readonly Instrument[],
    atNanos: bigint,
    sink: Pick<MarketDataSink, 'onRecords'>,
  ) {
    this.#market = market;
    this.#atNanos = atNanos;
    this.#sink = sink;
    this.#played = instruments.map(({ tickSize }, index) => ({
      state: undefined,
      own:
        market.instruments[index]?.quoted === true
          ? undefined
          : { book: new L2Book({ tickSize }), top: new BookTop(1), told: new Float64Array(4) },
    }));
  }

  events(): Iterable<StoredEvent> {
    return this.#market.events(this.#atNanos);
  }

  play(events: readonly StoredEvent[], nowNanos: bigint): void {
    this.#nowNanos = nowNanos;
    for (const event of events) this.#tell(event);
    this.#flush();
  }

  end(nowNanos: bigint): void {
    this.#nowNanos = nowNanos;
    for (const index of this.#played.keys()) {
      this.#say(index, BOOK_STALE, BOOK_REASON.disconnected);
    }
    this.#flush();
  }

  #tell({ bytes, count }: StoredEvent): void {
    const records = MarketRecords.over(bytes, count);
    const index = records.instrument(0);
    const played = this.#played[index];
    if (played === undefined) return;
    this.#take(bytes, count);
    const kind = records.kind(0);
    if (kind === KIND_BOOK_STATUS) played.state = records.price(0);
    // Imported recordings tell no states: with its snapshot a book stands.
    if (kind === KIND_SNAPSHOT_HEADER) this.#say(index, BOOK_LIVE, BOOK_REASON.none);
    if (kind === KIND_SNAPSHOT_HEADER || kind === KIND_DIFF_HEADER)
      this.#quote(index, records, count);
  }

  #say(index: number, state: number, reason: number): void {
    const played = this.#played[index];
    if (played === undefined || played.state === state) return;
    played.state = state;
    this.#put(KIND_BOOK_STATUS, index, 0n, [state, reason, 0, 0], 0);
  }

  /** The best levels of a book whose quotes nobody stored, when they are others than before. */
  #quote(index: number, records: MarketRecords, count: number): void {
    const own = this.#played[index]?.own;
    if (own === undefined) return;
    const { book, top, told } = own;
    book.applyAndTop(records, 0, count, top);
    const bid = top.bids === 0 ? [0, 0] : [top.bidPrices[0] ?? 0, top.bidQuantities[0] ?? 0];
    const ask = top.asks === 0 ? [0, 0] : [top.askPrices[0] ?? 0, top.askQuantities[0] ?? 0];
    const best = [...bid, ...ask] as [number, number, number, number];
    if (best.every((number, place) => number === told[place])) return;
    told.set(best);
    this.#put(KIND_BBO, index, records.tsEventNanos(0), best, records.id(0));
  }

  #put(
    kind: number,
    index: number,
    tsEvent: bigint,
    [px, qty, px2, qty2]: readonly [number, number, number, number],
    id: number,
  ): void {
    this.#one.set(0, kind, FLAG_LAST, index, tsEvent, 0n, px, qty, px2, qty2, id);
    this.#take(this.#one.bytes, 1);
  }

  #take(bytes: Uint8Array, count: number): void {
    if (this.#count + count > this.#out.capacity) this.#flush();
    if (count > this.#out.capacity) this.#out = new MarketRecords(count);
    this.#out.bytes.set(bytes, this.#count * MARKET_RECORD_BYTES);
    this.#count += count;
  }

  #flush(): void {
    if (this.#count === 0) return;
    const count = this.#count;
    this.#count = 0;
    this.#out.moveTsInit(count, () => this.#nowNanos);
    this.#sink.onRecords(this.#out.bytes, count);
  }
}
