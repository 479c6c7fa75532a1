import type { Result } from '../../engine/base/result.ts';
import { err, ok } from '../../engine/base/result.ts';
import type { Download, DownloadOrder } from '../../engine/domain/download.ts';
import type { InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Interval } from '../../engine/domain/market.ts';
import { quantity, type Quantity } from '../../engine/domain/price.ts';
import type { StudySpec } from '../../engine/domain/study.ts';
import type { UnixMicros } from '../../engine/domain/time.ts';
import type {
  BarRow,
  ConsolidatedMessage,
  DepthMessage,
  DownloadAction,
  FeedMessage,
  FeedRequest,
  QualityMessage,
  QuoteMessage,
  ReplayCoverage,
  StudyRows,
  TradeRow,
  TrustRows,
  VolumeRows,
} from '../client/feed-client.ts';
import { Lag } from './lag.ts';
import { Listeners } from './listeners.ts';
import { Pace, pageFrames, type Frames } from './pace.ts';
import { QueuePlaces } from './queue-places.ts';
import { ToldTrades } from './told-trades.ts';

/** Levels of a book that panels ask for, all the same: enough for a ladder's rows at a coarser grouping. */
export const DEPTH_LEVELS = 250;

/** New public trades of one frame; what did not fit in it is counted. */
export interface TradeBatch {
  readonly rows: readonly TradeRow[];
  readonly omittedCount: number;
  readonly omittedQuantity: Quantity;
}

/** Why bars could not be loaded. */
export interface LoadError {
  readonly code: string;
  readonly message: string;
}

/** What the feed answers a question with. */
type Answer = Extract<
  FeedMessage,
  { type: 'Bars' | 'Coverage' | 'ReplayCoverage' | 'DownloadAccepted' }
>;
/** What the disk has of an instrument, and which days are no more. */
export type StoredCoverage = Pick<
  Extract<FeedMessage, { type: 'Coverage' }>,
  'segments' | 'dropped'
>;
type Frame = Extract<FeedMessage, { type: 'Frame' }>;

export type {
  BarRow,
  ConsolidatedMessage,
  CoverageSegment,
  DepthMessage,
  DownloadAction,
  DroppedDay,
  MeasuresMessage,
  QualityMessage,
  QuoteMessage,
  ReplayCoverage,
  StudyRows,
  TradeRow,
  TrustRows,
  VolumeRows,
} from '../client/feed-client.ts';

interface Stream {
  readonly key: string;
  readonly request: FeedRequest;
  readonly depth: Listeners<DepthMessage>;
  readonly trades: Listeners<TradeBatch>;
  readonly told: ToldTrades;
  readonly bars: Listeners<BarRow>;
  readonly studies: Listeners<StudyRows>;
  readonly volumes: Listeners<VolumeRows>;
  readonly trusts: Listeners<TrustRows>;
  readonly consolidated: Listeners<ConsolidatedMessage>;
  users: number;
}

const NONE_OMITTED = { omittedCount: 0, omittedQuantity: quantity(0) } as const;

const DISCONNECTED: LoadError = {
  code: 'FEED_DISCONNECTED',
  message: 'The data process is not connected',
};

/** The window's copy of market data. Messages are kept at once; listeners hear once an animation frame, outside React. */
export class MarketStore {
  /** How old what is shown is. */
  readonly lag = new Lag('when it has news');
  /** Where own orders stand in their queues. */
  readonly queues: QueuePlaces;
  readonly #send: (request: FeedRequest) => boolean;
  readonly #pace: Pace;
  readonly #quotes = new Map<InstrumentId, QuoteMessage>();
  readonly #quoteListeners = new Map<InstrumentId, Listeners<QuoteMessage>>();
  readonly #streams = new Map<string, Stream>();
  readonly #depths = new Map<InstrumentId, DepthMessage>();
  readonly #questions = new Map<number, (answer: Result<Answer, LoadError>) => void>();
  readonly #quality = new Listeners<QualityMessage>();
  readonly #downloads = new Listeners<readonly Download[]>();
  #watched: readonly InstrumentId[] = [];
  #pending: Frame[] = [];
  #nextRequest = 1;
  #behind = false;

  constructor(send: (request: FeedRequest) => boolean, frames: Frames = pageFrames()) {
    this.#send = send;
    // With every picture, as long as they are cheap: the feed sends the next only when this one is painted.
    this.#pace = new Pace(frames, 0, () => this.#paint());
    this.queues = new QueuePlaces(send, frames);
  }

  quote(id: InstrumentId): QuoteMessage | undefined {
    return this.#trusted(this.#quotes.get(id));
  }

  depth(id: InstrumentId): DepthMessage | undefined {
    return this.#depths.get(id);
  }

  /** Subscribes everything again: the answer to a (re)connected feed; `jumped`: to a market of another time. */
  welcome(jumped: boolean): void {
    this.#pending = [];
    this.#depths.clear();
    this.watchQuotes(this.#watched);
    for (const stream of this.#streams.values()) {
      if (jumped) stream.told.clear();
      this.#send(stream.request);
    }
    if (this.#quality.size > 0) this.#send({ type: 'WatchQuality', on: true });
    if (this.#downloads.size > 0) this.#send({ type: 'WatchDownloads', on: true });
    this.queues.welcome();
  }

  /** The feed is gone: what waits for its answer ends, and every price is stale from now. */
  disconnected(): void {
    for (const settle of this.#questions.values()) settle(err(DISCONNECTED));
    this.#questions.clear();
    this.#pending = [];
    this.queues.disconnected();
    this.lag.reset();
    for (const [id, quote] of this.#quotes) {
      if (quote.state === 'Stale') continue;
      const stale: QuoteMessage = { ...quote, state: 'Stale' };
      this.#quotes.set(id, stale);
      this.#quoteListeners.get(id)?.notify(stale);
    }
  }

  /** Says whether this window shows prices too late to be acted on: then every quote is stale for who asks. */
  setBehind(behind: boolean): void {
    if (behind === this.#behind) return;
    this.#behind = behind;
    for (const id of this.#quotes.keys()) this.#tellQuote(id);
  }

  /** Says which instruments' quotes are wanted. */
  watchQuotes(instruments: readonly InstrumentId[]): void {
    this.#watched = instruments;
    this.#send({ type: 'WatchQuotes', instruments: [...instruments] });
  }

  onQuote(id: InstrumentId, listener: (quote: QuoteMessage) => void): () => void {
    let listeners = this.#quoteListeners.get(id);
    if (listeners === undefined) {
      listeners = new Listeners();
      this.#quoteListeners.set(id, listeners);
    }
    const last = this.quote(id);
    if (last !== undefined) listener(last);
    return listeners.add(listener);
  }

  onDepth(
    instrument: InstrumentId,
    levels: number,
    listener: (depth: DepthMessage) => void,
  ): () => void {
    const subscription = `depth ${instrument}`;
    const stream = this.#join({ type: 'SubscribeDepth', subscription, instrument, levels });
    const last = this.#depths.get(instrument);
    if (last !== undefined) listener(last);
    return this.#leaving(stream, stream.depth.add(listener));
  }

  /** The newest trades of before, where there are any, and each one from now on. */
  onTrades(instrument: InstrumentId, listener: (batch: TradeBatch) => void): () => void {
    const subscription = `trades ${instrument}`;
    const stream = this.#join({ type: 'SubscribeTrades', subscription, instrument });
    const { rows } = stream.told;
    if (rows.length > 0) listener({ rows, ...NONE_OMITTED });
    return this.#leaving(stream, stream.trades.add(listener));
  }

  onBars(
    instrument: InstrumentId,
    interval: Interval,
    listener: (bar: BarRow) => void,
  ): () => void {
    const subscription = `bars ${interval} ${instrument}`;
    const stream = this.#join({ type: 'SubscribeBars', subscription, instrument, interval });
    return this.#leaving(stream, stream.bars.add(listener));
  }

  /** A study over the newest `bars` bars; `listener` gets rows as they are new. */
  onStudy(
    instrument: InstrumentId,
    interval: Interval,
    study: StudySpec,
    bars: number,
    listener: (rows: StudyRows) => void,
  ): () => void {
    const subscription = `study ${this.#nextRequest++}`;
    const spec = { kind: study.kind, parameters: [...study.parameters] };
    const stream = this.#join({
      type: 'SubscribeStudy',
      subscription,
      instrument,
      interval,
      study: spec,
      bars,
    });
    return this.#leaving(stream, stream.studies.add(listener));
  }

  /** What traded at each price; `listener` gets all prices, then those that changed. */
  onVolume(instrument: InstrumentId, listener: (rows: VolumeRows) => void): () => void {
    const subscription = `volume ${this.#nextRequest++}`;
    const stream = this.#join({ type: 'SubscribeVolume', subscription, instrument });
    return this.#leaving(stream, stream.volumes.add(listener));
  }

  /** How far the data could be trusted, minute by minute; `listener` gets all minutes, then those that changed. */
  onTrust(instrument: InstrumentId, listener: (rows: TrustRows) => void): () => void {
    const subscription = `trust ${this.#nextRequest++}`;
    const stream = this.#join({ type: 'SubscribeTrust', subscription, instrument });
    return this.#leaving(stream, stream.trusts.add(listener));
  }

  /** The books of an instrument at all venues as one, at most ten times a second; `fees`: with what takers are charged in its prices. */
  onConsolidated(
    instrument: InstrumentId,
    levels: number,
    fees: boolean,
    listener: (book: ConsolidatedMessage) => void,
  ): () => void {
    const subscription = `consolidated ${this.#nextRequest++}`;
    const stream = this.#join({
      type: 'SubscribeConsolidated',
      subscription,
      instrument,
      levels,
      fees,
    });
    return this.#leaving(stream, stream.consolidated.add(listener));
  }

  /** The quality of all data, once a second while somebody listens. */
  onQuality(listener: (quality: QualityMessage) => void): () => void {
    if (this.#quality.size === 0) this.#send({ type: 'WatchQuality', on: true });
    const remove = this.#quality.add(listener);
    return () => {
      remove();
      if (this.#quality.size === 0) this.#send({ type: 'WatchQuality', on: false });
    };
  }

  /** The downloads, newest first, now and whenever they change. */
  onDownloads(listener: (downloads: readonly Download[]) => void): () => void {
    const remove = this.#downloads.add(listener);
    this.#send({ type: 'WatchDownloads', on: true });
    return () => {
      remove();
      if (this.#downloads.size === 0) this.#send({ type: 'WatchDownloads', on: false });
    };
  }

  /** Has the venue asked for the past; why not, when it is refused. */
  async startDownload(order: DownloadOrder): Promise<Result<void, LoadError>> {
    const answer = await this.#ask((request) => ({ type: 'StartDownload', request, order }));
    return answer.ok ? ok(undefined) : answer;
  }

  /** Pauses, goes on with or removes a download. */
  async controlDownload(
    download: number,
    action: DownloadAction,
  ): Promise<Result<void, LoadError>> {
    const answer = await this.#ask((request) => ({
      type: 'ControlDownload',
      request,
      download,
      action,
    }));
    return answer.ok ? ok(undefined) : answer;
  }

  /** Asks for up to `limit` closed and current bars, oldest first, that open before `endTime` (newest when absent). */
  async loadBars(
    instrument: InstrumentId,
    interval: Interval,
    limit: number,
    endTime?: UnixMicros,
  ): Promise<Result<readonly BarRow[], LoadError>> {
    const end = endTime === undefined ? {} : { endTime };
    const asked = { instrument, interval, limit, ...end };
    const answer = await this.#ask((request) => ({ type: 'LoadBars', request, ...asked }));
    if (!answer.ok) return answer;
    return ok(answer.value.type === 'Bars' ? answer.value.bars : []);
  }

  /** Asks what the tick store has of an instrument. */
  async loadCoverage(instrument: InstrumentId): Promise<Result<StoredCoverage, LoadError>> {
    const answer = await this.#ask((request) => ({ type: 'LoadCoverage', request, instrument }));
    if (!answer.ok) return answer;
    return ok(answer.value.type === 'Coverage' ? answer.value : { segments: [], dropped: [] });
  }

  /** Asks which parts of a replay's span are stored. */
  async loadReplayCoverage(): Promise<Result<readonly ReplayCoverage[], LoadError>> {
    const answer = await this.#ask((request) => ({ type: 'LoadReplayCoverage', request }));
    if (!answer.ok) return answer;
    return ok(answer.value.type === 'ReplayCoverage' ? answer.value.instruments : []);
  }

  /** Takes one message of the feed. */
  receive(message: FeedMessage): void {
    switch (message.type) {
      case 'Frame':
        this.#keep(message);
        return;
      case 'Quality':
        this.#quality.notify(message);
        return;
      case 'Downloads':
        this.#downloads.notify(message.downloads);
        return;
      case 'Bars':
      case 'Coverage':
      case 'ReplayCoverage':
      case 'DownloadAccepted':
        this.#settle(message.request, ok(message));
        return;
      case 'RequestFailed':
        this.#settle(message.request, err({ code: message.code, message: message.message }));
        return;
      default:
    }
  }

  #keep(frame: Frame): void {
    for (const quote of frame.quotes) this.#quotes.set(quote.instrument, quote);
    for (const depth of frame.depths) this.#depths.set(depth.instrument, depth);
    this.#pending.push(frame);
    this.#pace.ask();
  }

  #paint(): void {
    const frames = this.#pending;
    if (frames.length === 0) return;
    this.#pending = [];
    const quotes = new Set<InstrumentId>();
    const depths = new Set<InstrumentId>();
    for (const frame of frames) {
      for (const { instrument } of frame.quotes) quotes.add(instrument);
      for (const { instrument } of frame.depths) depths.add(instrument);
      for (const { instrument, past, ...batch } of frame.trades) {
        this.#tellTrades(instrument, past, batch);
      }
      for (const { instrument, interval, bar } of frame.bars) {
        this.#streams.get(`bars ${interval} ${instrument}`)?.bars.notify(bar);
      }
      for (const rows of frame.studies) {
        this.#streams.get(rows.subscription)?.studies.notify(rows);
      }
      for (const rows of frame.volumes) {
        this.#streams.get(rows.subscription)?.volumes.notify(rows);
      }
      for (const rows of frame.trusts) {
        this.#streams.get(rows.subscription)?.trusts.notify(rows);
      }
      this.queues.take(frame.queues);
      for (const book of frame.consolidated) {
        this.#streams.get(book.subscription)?.consolidated.notify(book);
      }
    }
    for (const id of quotes) this.#tellQuote(id);
    for (const id of depths) {
      const depth = this.#depths.get(id);
      if (depth !== undefined) this.#streams.get(`depth ${id}`)?.depth.notify(depth);
    }
    // The next frame may come only when this one has been drawn.
    const newest = frames.at(-1);
    if (newest === undefined) return;
    this.#send({ type: 'Acknowledge', frame: newest.frame });
    this.lag.shown(newest.at, Date.now() * 1000);
  }

  #tellTrades(id: InstrumentId, past: boolean, batch: TradeBatch): void {
    const stream = this.#streams.get(`trades ${id}`);
    if (stream === undefined) return;
    const rows = past ? stream.told.newOf(batch.rows) : batch.rows;
    if (rows.length === 0) return;
    stream.told.add(rows);
    stream.trades.notify({ ...batch, rows });
  }

  #tellQuote(id: InstrumentId): void {
    const quote = this.quote(id);
    if (quote !== undefined) this.#quoteListeners.get(id)?.notify(quote);
  }

  #trusted(quote: QuoteMessage | undefined): QuoteMessage | undefined {
    return this.#behind && quote?.state === 'Live' ? { ...quote, state: 'Stale' } : quote;
  }

  #ask(question: (request: number) => FeedRequest): Promise<Result<Answer, LoadError>> {
    const request = this.#nextRequest++;
    const { promise, resolve } = Promise.withResolvers<Result<Answer, LoadError>>();
    this.#questions.set(request, resolve);
    if (!this.#send(question(request))) this.#settle(request, err(DISCONNECTED));
    return promise;
  }

  #settle(request: number, answer: Result<Answer, LoadError>): void {
    const settle = this.#questions.get(request);
    this.#questions.delete(request);
    settle?.(answer);
  }

  #join(request: FeedRequest & { readonly subscription: string }): Stream {
    const key = request.subscription;
    const existing = this.#streams.get(key);
    if (existing !== undefined) {
      existing.users += 1;
      return existing;
    }
    const stream: Stream = {
      key,
      request,
      depth: new Listeners(),
      trades: new Listeners(),
      told: new ToldTrades(),
      bars: new Listeners(),
      studies: new Listeners(),
      volumes: new Listeners(),
      trusts: new Listeners(),
      consolidated: new Listeners(),
      users: 1,
    };
    this.#streams.set(key, stream);
    this.#send(request);
    return stream;
  }

  #leaving(stream: Stream, remove: () => void): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      remove();
      stream.users -= 1;
      if (stream.users > 0) return;
      this.#streams.delete(stream.key);
      if (stream.request.type === 'SubscribeDepth') this.#depths.delete(stream.request.instrument);
      this.#send({ type: 'Unsubscribe', subscription: stream.key });
    };
  }
}
