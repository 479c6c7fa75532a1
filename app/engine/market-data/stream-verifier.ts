import { formatDecimal, parseDecimal } from '../domain/decimal.ts';
import { BookTop, L2Book } from '../native/compute/book.ts';
import {
  decodeErrorCode,
  Decoder,
  isDecodable,
  OVERFLOW,
  UNKNOWN_EVENT,
  UNKNOWN_INSTRUMENT,
} from '../native/compute/decode.ts';
import {
  FLAG_LAST,
  FLAG_SNAPSHOT,
  KIND_BBO,
  KIND_DIFF_HEADER,
  KIND_FUNDING_RATE,
  KIND_INDEX_PRICE,
  KIND_KLINE_PRICES,
  KIND_LIQUIDATION,
  KIND_MARK_PRICE,
  KIND_OPEN_INTEREST,
  KIND_SNAPSHOT_HEADER,
  KIND_TRADE,
  MarketRecords,
} from '../native/compute/market-record.ts';
import { FeedTally } from '../ports/feed-tally.ts';
import type {
  FeedReport,
  FeedVerifier,
  RecordedShape,
  RecordedWire,
  TextBook,
  WireLine,
} from '../ports/feed-verification.ts';
import { StreamBook } from './stream-book.ts';

const KINDS: Readonly<Record<number, string>> = {
  [KIND_TRADE]: 'trade',
  [KIND_BBO]: 'ticker',
  [KIND_DIFF_HEADER]: 'diff',
  [KIND_SNAPSHOT_HEADER]: 'snapshot',
  [KIND_KLINE_PRICES]: 'kline',
  [KIND_MARK_PRICE]: 'markPrice',
  [KIND_INDEX_PRICE]: 'indexPrice',
  [KIND_FUNDING_RATE]: 'fundingRate',
  [KIND_OPEN_INTEREST]: 'openInterest',
  [KIND_LIQUIDATION]: 'liquidation',
};
/** Levels kept while a message is applied, beyond the depth it is cut to after it. */
const SLACK = 1000;
const FINAL_DEPTH = 10;
const ROOM = 32_768;

interface Track {
  readonly shape: RecordedShape;
  readonly index: number;
  readonly book: L2Book;
  readonly judge: StreamBook;
  /** Had a snapshot. */
  begun: boolean;
  lastTrade: number | undefined;
  /** A connection began since the last snapshot. */
  reconnected: boolean;
}

/** Whom what counts of a recording is told, in the order in which it counts; `index` is the place of its instrument in `shapes`. */
export type RecordedEvents = (records: MarketRecords, from: number, to: number) => void;

/** Counts what a recording holds whose books begin with a snapshot on the stream, and checks every book by the venue's checksum and the ids of its changes, as far as it gives them. */
export class StreamVerifier implements FeedVerifier {
  readonly #wire: RecordedWire;
  readonly #tracks = new Map<string, Track>();
  readonly #depths = new Map<string, number>();
  readonly #tally = new FeedTally();
  readonly #out = new MarketRecords(ROOM);
  readonly #ends = new Uint32Array(1);
  readonly #times = new BigInt64Array(1);
  readonly #status = new Int32Array(1);
  readonly #top = new BookTop(FINAL_DEPTH);
  #decoder: Decoder;
  readonly #tell: RecordedEvents | undefined;
  #nextSequence = 0;

  /** `known`: instruments as an earlier reading left them; their numbers in records are their places. */
  constructor(wire: RecordedWire, known: readonly RecordedShape[] = [], tell?: RecordedEvents) {
    this.#wire = wire;
    this.#tell = tell;
    this.#decoder = new Decoder([], wire.wire);
    this.#follow(known);
  }

  /** The instruments met so far, by their numbers. */
  get shapes(): readonly RecordedShape[] {
    return [...this.#tracks.values()].map(({ shape }) => shape);
  }

  add(line: WireLine): void {
    if (line.kind === 'Connected') {
      for (const track of this.#tracks.values()) track.reconnected = true;
      this.#nextSequence = 0;
    }
    if (line.kind !== 'Received') return;
    this.#tally.counts.messages += 1;
    this.#checkClaims(line);
    for (const one of this.#rewritten(line)) if (this.#isNext(one)) this.#onMessage(one, true);
  }

  finish(): FeedReport {
    const books = [...this.#tracks.values()].filter(({ judge }) => judge.live);
    return this.#tally.report(
      books.map((track) => this.#textBook(track)),
      [],
    );
  }

  /** A message that speaks of levels that are not so came after one that is missing: the book is not known. */
  #checkClaims(line: WireLine): void {
    if (this.#wire.claims === undefined) return;
    for (const claim of this.#wire.claims(textOf(line.raw))) {
      const track = this.#tracks.get(claim.symbol);
      if (track?.judge.live !== true) continue;
      const price = parseDecimal(claim.price, track.shape.priceScale);
      if (!price.ok || track.book.quantityAt(claim.side, price.value) > 0 === claim.stands)
        continue;
      this.#tally.counts[track.reconnected ? 'explained' : 'unexplained'] += 1;
      const words = `${claim.symbol}: ${claim.side} ${claim.price} ${claim.stands ? 'should stand and does not' : 'stands and should not'}: the book is dropped`;
      this.#tally.warn(line, track.reconnected ? 'GAP_EXPLAINED' : 'GAP', words);
      track.judge.drop();
    }
  }

  #rewritten(line: WireLine): readonly WireLine[] {
    const texts = this.#wire.rewrite?.(textOf(line.raw));
    return texts?.map((text) => ({ ...line, raw: Buffer.from(text) })) ?? [line];
  }

  #onMessage(line: WireLine, mayDiscover: boolean): void {
    this.#ends[0] = line.raw.byteLength;
    this.#times[0] = line.receivedNanos;
    const count = this.#decoder.decode(
      line.raw,
      this.#ends,
      1,
      this.#times,
      this.#out,
      this.#status,
    );
    const status = this.#status[0] ?? 0;
    // A far price may be too great at the decimals that are written.
    const learns = status === UNKNOWN_INSTRUMENT || status === OVERFLOW;
    if (learns && mayDiscover && this.#learn(textOf(line.raw), status === OVERFLOW)) {
      this.#onMessage(line, status === UNKNOWN_INSTRUMENT);
      return;
    }
    if (status < 0) {
      this.#onRefused(line, status);
      return;
    }
    let row = 0;
    while (row < count) {
      let end = row + 1;
      while ((this.#out.flags(end - 1) & FLAG_LAST) === 0 && end < count) end += 1;
      this.#onEvent(line, row, end);
      row = end;
    }
  }

  /** Follows the numbers of the connection's messages: after one that is missing no book of it is known. False for a message that is too late. */
  #isNext(line: WireLine): boolean {
    const number = this.#wire.sequenceOf?.(textOf(line.raw));
    if (number === undefined) return true;
    const wanted = this.#nextSequence;
    if (number < wanted) {
      const same = number === wanted - 1;
      this.#tally.counts[same ? 'duplicates' : 'outOfOrder'] += 1;
      const words = `message ${number} of the connection after ${wanted - 1}`;
      this.#tally.warn(line, same ? 'DUPLICATE' : 'OUT_OF_ORDER', words);
      return false;
    }
    this.#nextSequence = number + 1;
    if (number === wanted) return true;
    this.#tally.counts.unexplained += 1;
    const words = `after message ${wanted - 1} of the connection came ${number}: its books are dropped`;
    this.#tally.warn(line, 'GAP', words);
    for (const { judge } of this.#tracks.values()) judge.drop();
    return true;
  }

  #onRefused(line: WireLine, status: number): void {
    const text = textOf(line.raw);
    const depth = status === UNKNOWN_EVENT ? this.#wire.subscribedDepth?.(text) : undefined;
    if (depth !== undefined) this.#onDepth(depth.symbol, depth.depth);
    if (status === UNKNOWN_EVENT && this.#wire.isControl(text)) {
      this.#tally.count('control');
      return;
    }
    const code = decodeErrorCode(status) ?? 'MALFORMED';
    this.#tally.refuse(line, code, status === UNKNOWN_EVENT, text.slice(0, 120));
  }

  /** The instrument may be known by its trades already. */
  #onDepth(symbol: string, depth: number): void {
    this.#depths.set(symbol, depth);
    const track = this.#tracks.get(symbol);
    if (track !== undefined) this.#follow([track.shape]);
  }

  #onEvent(line: WireLine, from: number, to: number): void {
    const kind = this.#out.kind(from);
    this.#tally.count(KINDS[kind] ?? 'other');
    const track = this.#trackAt(this.#out.instrument(from));
    const isBook = kind === KIND_SNAPSHOT_HEADER || kind === KIND_DIFF_HEADER;
    const counts = isBook ? this.#onBook(line, track, from, to) : this.#onOther(line, track, from);
    if (counts) this.#tell?.(this.#out, from, to);
  }

  #onOther(line: WireLine, track: Track, row: number): boolean {
    return this.#out.kind(row) !== KIND_TRADE || this.#onTrade(line, track, row);
  }

  /** Ids of trades only grow; a snapshot begins with those of before. False for one that came before. */
  #onTrade(line: WireLine, track: Track, row: number): boolean {
    const id = this.#out.id(row);
    // The venue's id is no number.
    if (id === 0) return true;
    const { lastTrade } = track;
    if (lastTrade !== undefined && id <= lastTrade) {
      if ((this.#out.flags(row) & FLAG_SNAPSHOT) !== 0) return false;
      const same = id === lastTrade;
      this.#tally.counts[same ? 'duplicates' : 'outOfOrder'] += 1;
      const words = `trade ${id} of ${track.shape.symbol} after ${lastTrade}`;
      this.#tally.warn(line, same ? 'DUPLICATE' : 'OUT_OF_ORDER', words);
      return false;
    }
    if (lastTrade !== undefined && id > lastTrade + 1 && this.#wire.numbersTrades === true) {
      this.#tally.counts[track.reconnected ? 'explained' : 'unexplained'] += 1;
      const words = `after trade ${lastTrade} of ${track.shape.symbol} came ${id}`;
      this.#tally.warn(line, track.reconnected ? 'GAP_EXPLAINED' : 'GAP', words);
    }
    track.lastTrade = id;
    return true;
  }

  /** True for a message that the book took and holds for right. */
  #onBook(line: WireLine, track: Track, from: number, to: number): boolean {
    const { book, judge, shape, reconnected } = track;
    const { counts } = this.#tally;
    const snapshot = this.#out.kind(from) === KIND_SNAPSHOT_HEADER;
    if (snapshot && track.begun && (!judge.live || reconnected)) counts.resyncs += 1;
    if (snapshot) {
      track.begun = true;
      track.reconnected = false;
    }
    const before = judge.lastId;
    switch (judge.apply(this.#out, from, to)) {
      case 'Early':
        counts.staleDiffs += 1;
        return false;
      case 'Late': {
        const id = this.#out.id(from);
        const same = id === before;
        counts[same ? 'duplicates' : 'outOfOrder'] += 1;
        const words = `change ${id} of ${shape.symbol} after ${before}`;
        this.#tally.warn(line, same ? 'DUPLICATE' : 'OUT_OF_ORDER', words);
        return false;
      }
      case 'Gap': {
        counts[reconnected ? 'explained' : 'unexplained'] += 1;
        const words = `after change ${before} of ${shape.symbol} came ${this.#out.id(from)}, which does not follow it: the book is dropped`;
        this.#tally.warn(line, reconnected ? 'GAP_EXPLAINED' : 'GAP', words);
        return false;
      }
      case 'Differs': {
        counts.failed += 1;
        const words = `${shape.symbol}: the book's checksum is ${judge.ownChecksum}, the venue's ${this.#out.price(from)}: it is dropped`;
        this.#tally.warn(line, 'CHECKSUM', words);
        break;
      }
      case 'Proved':
        counts.verified += 1;
        break;
      case 'Applied':
    }
    if (book.crossed) {
      counts.crossedBooks += 1;
      this.#tally.warn(line, 'CROSSED_BOOK', `${shape.symbol} is crossed`);
    }
    return judge.live;
  }

  #depthOf(symbol: string): number {
    return this.#depths.get(symbol) ?? this.#wire.usualDepth;
  }

  #textBook({ book, shape }: Track): TextBook {
    book.top(this.#top);
    const { bids, asks, bidPrices, bidQuantities, askPrices, askQuantities } = this.#top;
    const levels = (
      prices: Float64Array,
      quantities: Float64Array,
      count: number,
    ): (readonly [string, string])[] =>
      Array.from({ length: count }, (_, row) => [
        formatDecimal(prices[row] ?? 0, shape.priceScale),
        formatDecimal(quantities[row] ?? 0, shape.quantityScale),
      ]);
    return {
      instrument: `${shape.symbol}.${this.#wire.venue}`,
      bids: levels(bidPrices, bidQuantities, bids),
      asks: levels(askPrices, askQuantities, asks),
    };
  }

  /** Adds the instruments that a message names, or those whose numbers must be read narrower and that have no book yet; false when there is none. */
  #learn(text: string, narrow: boolean): boolean {
    const fresh = this.#wire.discover(text, narrow).filter((shape) => {
      if (!isDecodable(shape)) return false;
      const known = this.#tracks.get(shape.symbol);
      return narrow ? known?.judge.live === false : known === undefined;
    });
    this.#follow(fresh);
    return fresh.length > 0;
  }

  /** Begins the books of instruments, or begins them anew. */
  #follow(shapes: readonly RecordedShape[]): void {
    const { checksum, numbersChanges = false } = this.#wire;
    for (const shape of shapes) {
      const before = this.#tracks.get(shape.symbol);
      const book = new L2Book({ maxLevels: this.#depthOf(shape.symbol) + SLACK });
      const proved = { book, checksum: checksum && (() => checksum(book, shape)) };
      this.#tracks.set(shape.symbol, {
        shape,
        index: before?.index ?? this.#tracks.size,
        begun: false,
        book,
        judge: new StreamBook(proved, numbersChanges),
        lastTrade: before?.lastTrade,
        reconnected: false,
      });
    }
    const known = [...this.#tracks.values()];
    this.#decoder = new Decoder(
      known.map(({ shape, index }) => ({
        ...shape,
        index,
        ...(this.#wire.truncates ? { depth: this.#depthOf(shape.symbol) } : {}),
      })),
      this.#wire.wire,
    );
  }

  #trackAt(index: number): Track {
    for (const track of this.#tracks.values()) if (track.index === index) return track;
    throw new RangeError(`the decoder must know instrument ${index}`);
  }
}

function textOf(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
}
