import type { Clock } from '../../base/clock.ts';
import { present } from '../../base/invariant.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Rng } from '../../base/rng.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Bar, Interval } from '../../domain/market.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import { Decoder, UNKNOWN_EVENT } from '../../native/compute/decode.ts';
import {
  FLAG_LAST,
  KIND_BBO,
  KIND_DIFF_HEADER,
  KIND_TRADE,
  MARKET_RECORD_BYTES,
  type MarketRecords,
} from '../../native/compute/market-record.ts';
import type { RequestQueue } from '../../net/request-queue.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { SocketOpener } from '../../net/socket.ts';
import {
  BOOK_REASON,
  type MarketDataClient,
  type MarketDataSink,
  type VenueError,
} from '../../ports/market-data-client.ts';
import type { MarketHistory } from '../../ports/market-history.ts';
import { parseBars } from './bars.ts';
import { BookKeeper } from './book-keeper.ts';
import { FactAsker } from './fact-asker.ts';
import { historyOf } from './history.ts';
import { SETTINGS } from './settings.ts';
import { FrameDecoder, type Frame } from '../../native/compute/frame-decoder.ts';
import type { BinanceMarket, MarketLine } from './market.ts';
import { MarketStream } from './market-stream.ts';
import type { RestApi } from './rest.ts';
import { parseJson } from '../../net/json-body.ts';
import { isRecord, jsonOf } from '../../ports/wire-fields.ts';
import type { VenueClock } from '../../net/venue-clock.ts';

/** What the market data client needs. */
export interface DataDeps {
  readonly market: BinanceMarket;
  readonly rest: RestApi;
  readonly queue: RequestQueue;
  readonly venueClock: VenueClock<VenueError>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  readonly sink: MarketDataSink;
}

interface Feed {
  readonly instrument: Instrument;
  readonly index: number;
  /** One of each kind. */
  readonly lines: readonly Line[];
  readonly keeper: BookKeeper;
  /** False of one that the venue lists no more. */
  listed: boolean;
  lastTradeId: number;
  lastBboId: number;
}

/** One connection with what came over it. */
interface Line {
  readonly kind: MarketLine;
  readonly name: string;
  readonly stream: MarketStream;
  readonly counts: { messages: number; unknown: number; parseErrors: number; resyncs: number };
  frames: Frame[];
  lastMessageMicros: number;
  silent: boolean;
}

const WATCH_MS = 1_000;
/** For so long a whole list of instruments is taken for the venue's present one, where parts of it cannot be asked for. */
const LIST_MS = 600_000;
/** Most bars that one question is asked for. */
const MOST_BARS = 1_000;

/** Public data of a market of Binance: decoded natively, books joined exactly, everything that cannot be trusted said to be so. */
export class BinanceDataClient implements MarketDataClient {
  readonly #deps: DataDeps;
  readonly #frames = new FrameDecoder();
  readonly #feeds = new Map<InstrumentId, Feed>();
  readonly #byIndex = new Map<number, Feed>();
  readonly #lines: Line[] = [];
  readonly #facts: readonly FactAsker[];
  #decoder = new Decoder([]);
  #listed: { readonly at: number; readonly instruments: readonly Instrument[] } | undefined;
  #watch: Disposable | undefined;
  #disposed = false;

  constructor(deps: DataDeps) {
    this.#deps = deps;
    const { sink } = deps;
    this.#facts = deps.market.facts.map(
      (fact) =>
        new FactAsker({
          ...deps,
          fact,
          watched: () => [...this.#feeds.values()],
          isWatched: ({ id }) => this.#feeds.has(id),
          emit: (records, count) => sink.onRecords(records, count),
          onParseError: (reason) => sink.onUnknownMessage(reason),
        }),
    );
  }

  async loadInstruments(
    symbols?: readonly string[],
  ): Promise<Result<readonly Instrument[], VenueError>> {
    const { clock, market } = this.#deps;
    const named = market.listsSome ? symbols : undefined;
    const kept = this.#listed;
    if (!market.listsSome && kept && clock.nowMicros() - kept.at <= LIST_MS * 1000) {
      return ok(chosen(kept.instruments, symbols));
    }
    const some = await this.#loadList(named);
    // One name that the venue does not know makes it refuse them all.
    const gone = named !== undefined && !some.ok && some.error.code === 'UNKNOWN_SYMBOL';
    const loaded = gone ? await this.#loadList(undefined) : some;
    if (!loaded.ok) return loaded;
    this.#listed = { at: clock.nowMicros(), instruments: loaded.value };
    this.#followList(loaded.value, gone ? undefined : named);
    return ok(chosen(loaded.value, symbols));
  }

  async #loadList(
    symbols: readonly string[] | undefined,
  ): Promise<Result<readonly Instrument[], VenueError>> {
    const { rest, market, queue, sink } = this.#deps;
    const answer = await rest.json({
      path: `${market.root}/exchangeInfo`,
      ...(symbols === undefined ? {} : { params: { symbols: JSON.stringify(symbols) } }),
      priority: 'data',
      weight: market.weights.exchangeInfo,
    });
    if (!answer.ok) return answer;
    const info = market.readExchangeInfo(answer.value);
    if (!info.ok) return info;
    const { instruments, rejected, weightPerMinute } = info.value;
    if (weightPerMinute !== undefined) queue.setLimit(weightPerMinute);
    for (const one of rejected) sink.onUnknownMessage(jsonOf(one));
    return ok(instruments);
  }

  async loadBars(
    instrument: Instrument,
    interval: Interval,
    range: { readonly endTime?: UnixMicros; readonly limit: number },
  ): Promise<Result<readonly Bar[], VenueError>> {
    const { market, rest, venueClock } = this.#deps;
    const { endTime, limit } = range;
    const answer = await rest.json({
      path: `${market.root}/klines`,
      params: {
        symbol: instrument.symbol,
        interval,
        // The venue's end is inclusive.
        endTime: endTime === undefined ? undefined : Math.ceil(endTime / 1000) - 1,
        limit: Math.min(limit, MOST_BARS),
      },
      priority: 'data',
      weight: market.weights.klines,
    });
    if (!answer.ok) return answer;
    return parseBars(answer.value, instrument, unixMicros(venueClock.nowMs() * 1000));
  }

  history(instrument: Instrument): MarketHistory {
    return historyOf(this.#deps.market, this.#deps.rest, instrument);
  }

  subscribe(
    instruments: readonly { readonly instrument: Instrument; readonly index: number }[],
  ): void {
    const added: Feed[] = [];
    for (const { instrument, index } of instruments) {
      if (this.#feeds.has(instrument.id)) continue;
      const feed = this.#makeFeed(instrument, index);
      this.#feeds.set(instrument.id, feed);
      this.#byIndex.set(index, feed);
      added.push(feed);
    }
    this.#rebuildDecoder();
    for (const { instrument, lines } of added) {
      for (const { kind, stream } of lines) stream.want(kind.streamsOf(instrument.symbol));
    }
    for (const fact of this.#facts) fact.start();
    if (this.#watch === undefined) void this.#deps.venueClock.measure();
    this.#watch ??= this.#deps.scheduler.setTimer(WATCH_MS, () => this.#onWatch());
  }

  unsubscribe(instruments: readonly InstrumentId[]): void {
    for (const id of instruments) {
      const feed = this.#feeds.get(id);
      if (feed === undefined) continue;
      for (const { kind, stream } of feed.lines) {
        stream.unwant(kind.streamsOf(feed.instrument.symbol));
      }
      feed.keeper[Symbol.dispose]();
      this.#feeds.delete(id);
      this.#byIndex.delete(feed.index);
    }
    this.#rebuildDecoder();
  }

  doubtBook(...[instrument, because]: Parameters<MarketDataClient['doubtBook']>): void {
    this.#feeds.get(instrument)?.keeper.doubt(BOOK_REASON[because]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#watch?.[Symbol.dispose]();
    for (const { keeper } of this.#feeds.values()) keeper[Symbol.dispose]();
    for (const { stream } of this.#lines) stream[Symbol.dispose]();
    for (const fact of this.#facts) fact[Symbol.dispose]();
  }

  /** What the venue lists no more is given up; what it lists again is asked for again. Of `symbols` only, when they were asked for. */
  #followList(instruments: readonly Instrument[], symbols: readonly string[] | undefined): void {
    const listed = new Set(instruments.map(({ id }) => id));
    for (const feed of this.#feeds.values()) {
      const { instrument, keeper, lines } = feed;
      if (symbols?.includes(instrument.symbol) === false) continue;
      const before = feed.listed;
      feed.listed = listed.has(instrument.id);
      if (!feed.listed) keeper.stop();
      if (before || !feed.listed) continue;
      for (const { kind, stream } of lines) {
        stream.unwant(kind.streamsOf(instrument.symbol));
        stream.want(kind.streamsOf(instrument.symbol));
      }
    }
  }

  #makeFeed(instrument: Instrument, index: number): Feed {
    const { market, clock, scheduler, rng, rest, sink } = this.#deps;
    const lines = market.lines.map((kind) => this.#lineWithRoom(kind));
    const line = present(
      lines.find(({ kind }) => kind.books),
      'a line that brings books',
    );
    const keeper = new BookKeeper({
      index,
      continuity: market.continuity,
      clock,
      scheduler,
      rng,
      decoder: () => this.#decoder,
      fetchSnapshot: () =>
        rest.bytes({
          path: `${market.root}/depth`,
          params: { symbol: instrument.symbol, limit: SETTINGS.depthLevels },
          priority: 'data',
          weight: market.weights.depth,
        }),
      emit: (records, count) => sink.onRecords(records, count),
      onParseError: (raw) => {
        line.counts.parseErrors += 1;
        sink.onUnknownMessage(raw);
      },
      onResync: () => {
        line.counts.resyncs += 1;
        // The venue may number anew: then its quotes are newer with smaller ids.
        const feed = this.#byIndex.get(index);
        if (feed !== undefined) feed.lastBboId = -1;
      },
      onDeaf: () => line.stream.fail(`no diffs of ${instrument.symbol} while its book moved`),
    });
    return { instrument, index, lines, keeper, listed: true, lastTradeId: -1, lastBboId: -1 };
  }

  #lineWithRoom(kind: MarketLine): Line {
    const perInstrument = kind.streamsOf('').length;
    const { streamsPerConnection } = this.#deps.market;
    const same = this.#lines.filter((line) => line.kind === kind);
    const free = same.find(
      (line) => (this.#feedsOf(line).length + 1) * perInstrument <= streamsPerConnection,
    );
    return free ?? this.#openLine(kind, same.length + 1);
  }

  #openLine(kind: MarketLine, number: number): Line {
    const { market, clock, scheduler, rng, open } = this.#deps;
    const line: Line = {
      kind,
      name: `${kind.name}-${number}`,
      counts: { messages: 0, unknown: 0, parseErrors: 0, resyncs: 0 },
      frames: [],
      lastMessageMicros: clock.nowMicros(),
      silent: false,
      stream: new MarketStream({
        url: kind.url,
        requestIntervalMs: market.requestIntervalMs,
        clock,
        scheduler,
        rng,
        ...(open === undefined ? {} : { open }),
        onMessage: (data) => this.#onFrame(line, data),
        onSubscribed: (streams) => this.#onSubscribed(line, new Set(streams)),
        onLost: () => this.#onLost(line),
        onChange: () => this.#tellHealth(line),
      }),
    };
    this.#lines.push(line);
    return line;
  }

  #rebuildDecoder(): void {
    this.#decoder = new Decoder(
      [...this.#feeds.values()].map(({ instrument, index }) => ({
        symbol: instrument.symbol,
        index,
        priceScale: instrument.priceScale,
        quantityScale: instrument.quantityScale,
      })),
    );
  }

  #feedsOf(line: Line): Feed[] {
    return [...this.#feeds.values()].filter((feed) => feed.lines.includes(line));
  }

  /** Those whose books it brings. */
  #booksOf(line: Line): Feed[] {
    return line.kind.books ? this.#feedsOf(line) : [];
  }

  #onSubscribed(line: Line, streams: ReadonlySet<string>): void {
    line.lastMessageMicros = this.#deps.clock.nowMicros();
    for (const feed of this.#feedsOf(line)) {
      const [first = ''] = line.kind.streamsOf(feed.instrument.symbol);
      if (!streams.has(first) || !feed.listed) continue;
      if (line.kind.trades) feed.lastTradeId = -1;
      if (!line.kind.books) continue;
      feed.lastBboId = -1;
      feed.keeper.start();
    }
  }

  #onLost(line: Line): void {
    this.#flush(line);
    for (const { keeper } of this.#booksOf(line)) keeper.stop();
  }

  /** Collects what one turn of the event loop delivers and decodes it at its end. */
  #onFrame(line: Line, data: Uint8Array): void {
    line.frames.push({ data, receivedNanos: this.#deps.clock.nowNanos() });
    if (line.frames.length === 1) queueMicrotask(() => this.#flush(line));
  }

  #flush(line: Line): void {
    const { frames } = line;
    line.frames = [];
    if (frames.length === 0 || this.#disposed) return;
    line.counts.messages += frames.length;
    this.#frames.decode(this.#decoder, frames, {
      onRecords: (records, count) => {
        this.#onLife(line);
        this.#deliver(records, count);
      },
      onRefused: (data, status) => this.#onRefused(line, data, status),
    });
  }

  #onLife(line: Line): void {
    line.lastMessageMicros = this.#deps.clock.nowMicros();
    if (!line.silent) return;
    line.silent = false;
    for (const { keeper } of this.#booksOf(line)) keeper.heard();
  }

  /** Passes runs of records on as they lie; what a message has to wait or go for ends a run. */
  #deliver(records: MarketRecords, count: number): void {
    let runFrom = 0;
    let from = 0;
    for (let at = 0; at < count; at += 1) {
      if ((records.flags(at) & FLAG_LAST) === 0) continue;
      const to = at + 1;
      const feed = this.#byIndex.get(records.instrument(from));
      if (feed !== undefined && records.kind(from) === KIND_DIFF_HEADER) {
        // What the keeper says about the book must follow what came before.
        this.#emit(records, runFrom, from);
        runFrom = feed.keeper.onDiff(records, from, to) ? from : to;
      } else if (feed === undefined || !isNew(feed, records, from)) {
        this.#emit(records, runFrom, from);
        runFrom = to;
      }
      from = to;
    }
    this.#emit(records, runFrom, count);
  }

  #emit(records: MarketRecords, from: number, to: number): void {
    if (from >= to) return;
    const bytes = records.bytes.subarray(from * MARKET_RECORD_BYTES, to * MARKET_RECORD_BYTES);
    this.#deps.sink.onRecords(bytes, to - from);
  }

  #onRefused(line: Line, data: Uint8Array, status: number): void {
    const raw = Buffer.from(data).toString();
    if (status === UNKNOWN_EVENT) {
      const parsed = parseJson(data);
      if (parsed.ok && line.stream.onAnswer(parsed.value)) return;
      if (parsed.ok && isShutdown(parsed.value)) {
        return line.stream.rotate('the venue shuts this server down');
      }
      line.counts.unknown += 1;
    } else {
      line.counts.parseErrors += 1;
      this.#doubt(line, raw);
    }
    this.#deps.sink.onUnknownMessage(raw);
  }

  /** A message that cannot be read may have been a change of a book: of those it names, or of any. */
  #doubt(line: Line, raw: string): void {
    const feeds = this.#booksOf(line);
    const text = raw.toUpperCase();
    const named = feeds.filter(({ instrument }) => text.includes(instrument.symbol));
    for (const { keeper } of named.length > 0 ? named : feeds) keeper.doubt();
  }

  #onWatch(): void {
    const now = this.#deps.clock.nowMicros();
    for (const line of this.#lines) {
      const silentMs = (now - line.lastMessageMicros) / 1000;
      if (line.stream.state === 'Connected' && line.stream.size > 0) {
        const feeds = this.#booksOf(line);
        if (silentMs >= SETTINGS.staleAfterMs) {
          line.silent = true;
          for (const { keeper } of feeds) keeper.silent();
        }
        if (silentMs >= 6 * SETTINGS.staleAfterMs) line.stream.fail('connected but silent');
        for (const { keeper } of feeds) keeper.checkIfQuiet();
      }
      this.#tellHealth(line);
    }
    this.#watch = this.#deps.scheduler.setTimer(WATCH_MS, () => this.#onWatch());
  }

  #tellHealth(line: Line): void {
    const { name, stream, counts } = line;
    if (this.#disposed) return;
    const { offset } = this.#deps.venueClock;
    this.#deps.sink.onHealth({
      connection: name,
      venue: this.#deps.market.venue,
      state: stream.state,
      ...(offset === undefined
        ? {}
        : { latencyMicros: offset.roundTripMicros, clockOffsetMicros: offset.offsetMicros }),
      messages: counts.messages,
      unknownMessages: counts.unknown,
      parseErrors: counts.parseErrors,
      reconnects: stream.reconnects,
      resyncs: counts.resyncs,
      ...(counts.messages === 0 ? {} : { lastMessageAt: line.lastMessageMicros }),
    });
  }
}

function chosen(
  instruments: readonly Instrument[],
  symbols: readonly string[] | undefined,
): readonly Instrument[] {
  if (symbols === undefined) return instruments;
  return instruments.filter(({ symbol }) => symbols.includes(symbol));
}

/** False for what another connection of a rotation delivered before. */
function isNew(feed: Feed, records: MarketRecords, at: number): boolean {
  const id = records.id(at);
  switch (records.kind(at)) {
    case KIND_TRADE:
      if (id <= feed.lastTradeId) return false;
      feed.lastTradeId = id;
      return true;
    case KIND_BBO:
      if (id <= feed.lastBboId) return false;
      feed.lastBboId = id;
      feed.keeper.onQuote(id);
      return true;
    default:
      return true;
  }
}

function isShutdown(message: unknown): boolean {
  if (!isRecord(message)) return false;
  const event = isRecord(message['data']) ? message['data'] : message;
  return event['e'] === 'serverShutdown';
}
