import { formatDecimal, rescale } from '../../domain/decimal.ts';
import { BookTop, L2Book } from '../../native/compute/book.ts';
import {
  decodeErrorCode,
  Decoder,
  UNKNOWN_EVENT,
  UNKNOWN_INSTRUMENT,
} from '../../native/compute/decode.ts';
import {
  KIND_BBO,
  KIND_DIFF_HEADER,
  KIND_KLINE_PRICES,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  MarketRecords,
} from '../../native/compute/market-record.ts';
import { FeedTally } from '../../ports/feed-tally.ts';
import type {
  FeedReport,
  FeedVerifier,
  TextBook,
  TextLevel,
  WireLine,
} from '../../ports/feed-verification.ts';
import { BookSync, type Continuity, type DiffIds } from './book-sync.ts';
import { discover, symbolOfSnapshot, type WireShape } from './recorded-message.ts';

/** The Binance markets whose recordings can be verified. */
export type BinanceMarket = 'binance' | 'binance-usdm' | 'binance-coinm';

const CONTINUITY: Readonly<Record<BinanceMarket, Continuity>> = {
  binance: 'FirstUpdate',
  'binance-usdm': 'PreviousUpdate',
  'binance-coinm': 'PreviousUpdate',
};
const KINDS: Readonly<Record<number, string>> = {
  [KIND_TRADE]: 'trade',
  [KIND_BBO]: 'ticker',
  [KIND_DIFF_HEADER]: 'diff',
  [KIND_KLINE_PRICES]: 'kline',
};
const FINAL_DEPTH = 10;
const STATE_DEPTH = 5;
const ROOM = 32_768;
const SNAPSHOT_START = '{"lastUpdateId"';

interface Track {
  /** The scales of its numbers here. */
  readonly shape: WireShape;
  /** The decimals the venue writes. */
  written: WireShape;
  readonly index: number;
  readonly sync: BookSync;
  readonly book: L2Book;
  buffered: { readonly ids: DiffIds; readonly records: MarketRecords; readonly count: number }[];
  lastDiff: DiffIds | undefined;
  readonly lastIds: Map<string, number>;
  /** A connection began since the last diff: a gap here has its reason. */
  reconnected: boolean;
  lost: boolean;
}

/** Counts what a recording of one Binance market holds, joining every book as the connector does. */
export class BinanceVerifier implements FeedVerifier {
  readonly #market: BinanceMarket;
  readonly #statesAt: ReadonlySet<number>;
  readonly #tracks = new Map<string, Track>();
  readonly #out = new MarketRecords(ROOM);
  readonly #ends = new Uint32Array(1);
  readonly #times = new BigInt64Array(1);
  readonly #status = new Int32Array(1);
  readonly #tally = new FeedTally();
  readonly #states: (TextBook & { readonly at: number })[] = [];
  readonly #top = new BookTop(FINAL_DEPTH);
  #decoder = new Decoder([]);
  #lastSymbol = '';

  /** `statesAt`: update ids after which the best levels are kept. */
  constructor(market: BinanceMarket, statesAt: readonly number[] = []) {
    this.#market = market;
    this.#statesAt = new Set(statesAt);
  }

  add(line: WireLine): void {
    if (line.kind === 'Sent' || line.kind === 'Note') return;
    if (line.kind === 'Connected') {
      for (const track of this.#tracks.values()) track.reconnected = true;
      return;
    }
    this.#tally.counts.messages += 1;
    if (isSnapshot(line.raw)) return this.#onSnapshot(line);
    if (line.kind === 'Answer') return this.#tally.count('reference');
    this.#onMessage(line, true);
  }

  finish(): FeedReport {
    const books = [...this.#tracks.values()]
      .filter(({ sync }) => sync.position.bookId !== undefined)
      .map((track) => this.#textBook(track, FINAL_DEPTH));
    return this.#tally.report(books, this.#states);
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
    if (status === UNKNOWN_INSTRUMENT && mayDiscover && this.#learn(line.raw)) {
      return this.#onMessage(line, false);
    }
    if (status < 0) return this.#onRefused(line, status);
    const track = this.#trackAt(this.#out.instrument(0));
    this.#lastSymbol = track.shape.symbol;
    if (!track.written.seen) track.written = discover(line.raw) ?? track.written;
    this.#tally.count(KINDS[status] ?? 'other');
    if (status === KIND_DIFF_HEADER) return this.#onDiff(line, track, count);
    if (status === KIND_TRADE || status === KIND_BBO) this.#checkOrder(line, track, status);
  }

  #onRefused(line: WireLine, status: number): void {
    if (status === UNKNOWN_EVENT && isAcknowledgement(line.raw))
      return this.#tally.count('control');
    const code = decodeErrorCode(status) ?? 'MALFORMED';
    this.#tally.refuse(line, code, status === UNKNOWN_EVENT, text(line.raw, 120));
  }

  /** Ids of trades and quotes only grow. */
  #checkOrder(line: WireLine, track: Track, kind: number): void {
    const aggregate = kind === KIND_TRADE && text(line.raw, 200).includes('"aggTrade"');
    const name = aggregate ? 'aggTrade' : (KINDS[kind] ?? '');
    const id = this.#out.id(0);
    const last = track.lastIds.get(name);
    if (last === id) {
      this.#tally.counts.duplicates += 1;
      return this.#tally.warn(
        line,
        'DUPLICATE',
        `${name} ${id} of ${track.shape.symbol} came before`,
      );
    }
    if (last !== undefined && id < last) {
      this.#tally.counts.outOfOrder += 1;
      return this.#tally.warn(
        line,
        'OUT_OF_ORDER',
        `${name} ${id} of ${track.shape.symbol} after ${last}`,
      );
    }
    track.lastIds.set(name, id);
  }

  #onDiff(line: WireLine, track: Track, count: number): void {
    const previous = this.#out.price2(0);
    const ids: DiffIds = {
      first: this.#out.price(0),
      last: this.#out.id(0),
      ...(previous < 0 ? {} : { previous }),
    };
    const before = track.lastDiff;
    const { bookId } = track.sync.position;
    const verdict = track.sync.onDiff(ids);
    if (verdict === 'Drop') return this.#onDropped(line, track, ids, before);
    track.lastDiff = ids;
    if (verdict === 'Apply') {
      this.#apply(line, track, this.#out, count, ids.last);
    } else {
      const records = new MarketRecords(count);
      records.bytes.set(this.#out.bytes.subarray(0, count * MARKET_RECORD_BYTES));
      if (verdict === 'Gap') {
        this.#onGap(line, track, ids, bookId ?? before?.last);
        track.buffered = [];
      }
      track.buffered.push({ ids, records, count });
    }
    track.reconnected = false;
  }

  #onDropped(line: WireLine, track: Track, ids: DiffIds, before: DiffIds | undefined): void {
    const name = `diff ${ids.first}..${ids.last} of ${track.shape.symbol}`;
    if (before === undefined || (before.last < ids.last && before.last < ids.first)) {
      track.lastDiff = ids;
      this.#tally.counts.staleDiffs += 1;
    } else if (before.first === ids.first && before.last === ids.last) {
      this.#tally.counts.duplicates += 1;
      this.#tally.warn(line, 'DUPLICATE', `${name} came before`);
    } else {
      this.#tally.counts.outOfOrder += 1;
      this.#tally.warn(line, 'OUT_OF_ORDER', `${name} after ${before.last}`);
    }
  }

  #onGap(line: WireLine, track: Track, ids: DiffIds, at: number | undefined): void {
    if (track.reconnected) this.#tally.counts.explained += 1;
    else this.#tally.counts.unexplained += 1;
    track.lost = true;
    const code = track.reconnected ? 'GAP_EXPLAINED' : 'GAP';
    const found = `${ids.first}..${ids.last} of ${track.shape.symbol}`;
    this.#tally.warn(line, code, `after update ${at ?? 'none'} came ${found}: the book is dropped`);
  }

  #onSnapshot(line: WireLine): void {
    this.#tally.count('snapshot');
    const symbol = symbolOfSnapshot(line.raw, line.url) ?? this.#lastSymbol;
    if (!this.#tracks.has(symbol)) this.#learn(line.raw, symbol);
    const track = this.#tracks.get(symbol);
    if (track === undefined) {
      this.#tally.counts.parseErrors += 1;
      return this.#tally.warn(
        line,
        'UNKNOWN_INSTRUMENT',
        'a snapshot before anything names its instrument',
      );
    }
    const count = this.#decoder.decodeSnapshot(
      line.raw,
      track.index,
      line.receivedNanos,
      this.#out,
    );
    if (count < 0) return this.#onRefused(line, count);
    if (!track.written.seen) track.written = discover(line.raw, symbol) ?? track.written;
    const id = this.#out.id(0);
    const held = track.sync.position.bookId;
    const verdict = track.sync.onSnapshot(id);
    if (!verdict.use) {
      return this.#tally.warn(
        line,
        'SNAPSHOT_TOO_OLD',
        `snapshot ${id} of ${symbol} does not join`,
      );
    }
    if (track.lost || held !== undefined) this.#tally.counts.resyncs += 1;
    track.lost = false;
    this.#tally.counts.staleDiffs += verdict.applyFrom;
    const { buffered } = track;
    track.buffered = [];
    this.#apply(line, track, this.#out, count, id);
    for (const { ids, records, count: levels } of buffered.slice(verdict.applyFrom)) {
      this.#apply(line, track, records, levels, ids.last);
    }
  }

  #apply(line: WireLine, track: Track, records: MarketRecords, count: number, id: number): void {
    track.book.apply(records, 0, count);
    if (track.book.crossed) {
      this.#tally.counts.crossedBooks += 1;
      this.#tally.warn(line, 'CROSSED_BOOK', `${track.shape.symbol} is crossed after update ${id}`);
    }
    if (this.#statesAt.has(id))
      this.#states.push({ at: id, ...this.#textBook(track, STATE_DEPTH) });
  }

  #textBook({ book, shape, written }: Track, depth: number): TextBook {
    book.top(this.#top);
    const { bids, asks, bidPrices, bidQuantities, askPrices, askQuantities } = this.#top;
    const levels = (prices: Float64Array, quantities: Float64Array, count: number): TextLevel[] =>
      Array.from({ length: Math.min(count, depth) }, (_, row) => [
        decimalText(prices[row] ?? 0, shape.priceScale, written.priceScale),
        decimalText(quantities[row] ?? 0, shape.quantityScale, written.quantityScale),
      ]);
    return {
      instrument: `${shape.symbol}.${this.#market.toUpperCase()}`,
      bids: levels(bidPrices, bidQuantities, bids),
      asks: levels(askPrices, askQuantities, asks),
    };
  }

  /** Adds the instrument a message names, at the decimals the venue writes. */
  #learn(raw: Uint8Array, symbol?: string): boolean {
    const shape = discover(raw, symbol);
    if (shape === undefined || this.#tracks.has(shape.symbol)) return false;
    this.#tracks.set(shape.symbol, {
      shape,
      written: shape,
      index: this.#tracks.size,
      sync: new BookSync(CONTINUITY[this.#market], Number.MAX_SAFE_INTEGER),
      book: new L2Book(),
      buffered: [],
      lastDiff: undefined,
      lastIds: new Map(),
      reconnected: false,
      lost: false,
    });
    this.#decoder = new Decoder(
      [...this.#tracks.values()].map(({ shape: known, index }) => ({ ...known, index })),
    );
    return true;
  }

  #trackAt(index: number): Track {
    for (const track of this.#tracks.values()) if (track.index === index) return track;
    throw new RangeError(`the decoder must know instrument ${index}`);
  }
}

/** A mantissa at `scale` as text with the decimals the venue writes; only zeros lie beyond them. */
function decimalText(mantissa: number, scale: number, written: number): string {
  return formatDecimal(rescale(BigInt(mantissa), scale, written), written);
}

function isSnapshot(raw: Uint8Array): boolean {
  return text(raw, SNAPSHOT_START.length) === SNAPSHOT_START;
}

function isAcknowledgement(raw: Uint8Array): boolean {
  const start = text(raw, 40);
  return start.startsWith('{"result":') || start.startsWith('{"id":');
}

function text(raw: Uint8Array, most: number): string {
  return Buffer.from(raw.buffer, raw.byteOffset, Math.min(most, raw.byteLength)).toString('latin1');
}
