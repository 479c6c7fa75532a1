import { decodeMessage, encodeMessage } from '../../api/codec.ts';
import {
  feedMessageSchema,
  feedRequestSchema,
  type FeedMessage,
  type FeedRequest,
  type QueuedOrder,
  type TradeRow,
  type VolumeRows,
} from '../../api/feed-service.ts';
import type { ClientOrderId, InstrumentId } from '../../domain/identifiers.ts';
import { price, quantity } from '../../domain/price.ts';
import { checkedStudy } from '../../domain/study.ts';
import { unixMicros } from '../../domain/time.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import type { BarHistory } from './bar-history.ts';
import type { BarSeries } from './bar-series.ts';
import type { Downloads } from './downloads/downloads.ts';
import type { ConsolidatedBook } from './consolidated-book.ts';
import type { InstrumentFeed, Print } from './instrument-feed.ts';
import { controlReplay, type ReplayControl } from './replay-control.ts';
import { StudySeries } from './study-series.ts';

/** Rows of one instrument's trades in one frame; the rest is counted. */
const MOST_TRADE_ROWS = 200;
const MOST_SUBSCRIPTIONS = 200;

/** What a window may ask the feed for. */
export interface WindowSource {
  find(instrument: InstrumentId): InstrumentFeed | undefined;
  bars(feed: InstrumentFeed, interval: BarSeries['interval']): BarSeries;
  history(feed: InstrumentFeed, interval: BarSeries['interval']): BarHistory;
  consolidated(feed: InstrumentFeed, levels: number, fees: boolean): ConsolidatedBook;
  loadBars(channelRequest: Extract<FeedRequest, { type: 'LoadBars' }>): Promise<FeedMessage>;
  loadCoverage(request: Extract<FeedRequest, { type: 'LoadCoverage' }>): Promise<FeedMessage>;
  loadReplayCoverage(request: number): Promise<FeedMessage>;
  /** Replaces the own orders whose places in their queues a window wants. */
  watchQueue(window: FeedWindow, orders: readonly QueuedOrder[]): void;
  /** Present in a replay. */
  readonly replay: ReplayControl | undefined;
  /** Absent where there is no venue to ask. */
  readonly downloads: Downloads | undefined;
  nowMicros(): number;
  /** A request could not be read. */
  onMalformedRequest?(detail: string): void;
}

interface TradeBacklog {
  rows: TradeRow[];
  omittedCount: number;
  omittedQuantity: number;
}

type Subscription =
  | { readonly kind: 'depth'; readonly feed: InstrumentFeed; readonly levels: number; sent: number }
  | {
      readonly kind: 'trades';
      readonly feed: InstrumentFeed;
      readonly backlog: TradeBacklog;
      /** Trades from before it was asked for, not told yet. */
      past: TradeRow[];
    }
  | { readonly kind: 'bars'; readonly series: BarSeries; sent: number }
  | { readonly kind: 'study'; readonly study: StudySeries }
  | { readonly kind: 'consolidated'; readonly book: ConsolidatedBook }
  | { readonly kind: 'trust'; readonly feed: InstrumentFeed; sent: number }
  | { readonly kind: 'volume'; readonly feed: InstrumentFeed; epoch: number; changed: Set<number> };

/** The own orders of one instrument that a window watches, and what it was told last. */
interface QueuedHere {
  readonly orders: Set<ClientOrderId>;
  sent: number;
}

/** One window's view of the market: newest state only, one frame at a time, the next after its acknowledgement. */
export class FeedWindow implements Disposable {
  readonly #channel: ClientChannel;
  readonly #source: WindowSource;
  readonly #subscriptions = new Map<string, Subscription>();
  #quotes = new Map<InstrumentFeed, number>();
  #queued = new Map<InstrumentFeed, QueuedHere>();
  #watchesQuality = false;
  /** The version of the list of downloads that was told; absent where it is not wanted. */
  #downloadsTold: number | undefined;
  #frame = 0;
  #acknowledged = 0;

  constructor(channel: ClientChannel, source: WindowSource) {
    this.#channel = channel;
    this.#source = source;
    channel.onMessage((text) => {
      const decoded = decodeMessage(feedRequestSchema, text);
      if (decoded.ok) this.#onRequest(decoded.value);
      else {
        source.onMalformedRequest?.(decoded.error.message);
        this.send({ type: 'Refused', ...decoded.error });
      }
    });
  }

  /** The quality of all data is to be sent. */
  get watchesQuality(): boolean {
    return this.#watchesQuality;
  }

  /** Sends the list of downloads where it is wanted and another one. */
  tellDownloads(): void {
    const { downloads } = this.#source;
    const version = downloads?.version ?? 0;
    if (this.#downloadsTold === undefined || this.#downloadsTold === version) return;
    this.#downloadsTold = version;
    this.send({ type: 'Downloads', downloads: [...(downloads?.rows() ?? [])] });
  }

  /** Ends what it has subscribed. */
  [Symbol.dispose](): void {
    for (const name of this.#subscriptions.keys()) this.#end(name);
  }

  /** Sends a message outside the frames. */
  send(message: FeedMessage): void {
    this.#channel.send(encodeMessage(feedMessageSchema, message));
  }

  /** Begins anew with this Welcome: what the window asked for before is of another time. */
  restart(welcome: FeedMessage): void {
    this[Symbol.dispose]();
    this.#quotes.clear();
    this.#queued.clear();
    this.#frame = 0;
    this.#acknowledged = 0;
    this.send(welcome);
  }

  /** Keeps a trade for the next frame, if the window wants that instrument's trades. */
  onPrint(feed: InstrumentFeed, print: Print): void {
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.kind === 'volume' && subscription.feed === feed) {
        subscription.changed.add(feed.volume.stepOf(print.price));
      }
      if (subscription.kind !== 'trades' || subscription.feed !== feed) continue;
      const { backlog } = subscription;
      backlog.rows.push([print.id, print.price, print.quantity, print.buyer ?? null, print.at]);
      if (backlog.rows.length <= MOST_TRADE_ROWS) continue;
      const [oldest] = backlog.rows.splice(0, 1);
      backlog.omittedCount += 1;
      backlog.omittedQuantity = Math.min(
        Number.MAX_SAFE_INTEGER,
        backlog.omittedQuantity + (oldest?.[2] ?? 0),
      );
    }
  }

  /** Sends what changed since the last frame, when that one was acknowledged and something did. */
  tick(): void {
    if (this.#acknowledged < this.#frame) return;
    const message: Extract<FeedMessage, { type: 'Frame' }> = {
      type: 'Frame',
      frame: this.#frame + 1,
      at: unixMicros(this.#source.nowMicros()),
      quotes: this.#changedQuotes(),
      depths: [],
      trades: [],
      bars: [],
      studies: [],
      volumes: [],
      trusts: [],
      queues: this.#changedQueues(),
      consolidated: [],
    };
    for (const [name, subscription] of this.#subscriptions) collect(name, subscription, message);
    const { quotes, depths, trades, bars, studies, volumes, trusts, queues, consolidated } =
      message;
    const parts = [quotes, depths, trades, bars, studies, volumes, trusts, queues, consolidated];
    if (parts.every((rows) => rows.length === 0)) return;
    this.#frame += 1;
    this.send(message);
  }

  #changedQuotes(): ReturnType<InstrumentFeed['quote']>[] {
    const changed = [];
    for (const [feed, sent] of this.#quotes) {
      if (sent === feed.quoteVersion) continue;
      this.#quotes.set(feed, feed.quoteVersion);
      changed.push(feed.quote());
    }
    return changed;
  }

  #changedQueues(): ReturnType<InstrumentFeed['queue']['since']> {
    const changed = [];
    for (const [{ queue }, here] of this.#queued) {
      if (here.sent === queue.version) continue;
      changed.push(...queue.since(here.sent).filter(({ order }) => here.orders.has(order)));
      here.sent = queue.version;
    }
    return changed;
  }

  #watchQueue(orders: readonly QueuedOrder[]): void {
    this.#source.watchQueue(this, orders);
    this.#queued = new Map();
    for (const { order, instrument } of orders) {
      const feed = this.#source.find(instrument);
      if (feed === undefined) continue;
      const here = this.#queued.get(feed) ?? { orders: new Set(), sent: -1 };
      here.orders.add(order);
      this.#queued.set(feed, here);
    }
  }

  #onRequest(request: FeedRequest): void {
    switch (request.type) {
      case 'Acknowledge':
        // A frame that was not sent is not acknowledged.
        if (request.frame <= this.#frame) {
          this.#acknowledged = Math.max(this.#acknowledged, request.frame);
        }
        return;
      case 'WatchQuotes': {
        const feeds = request.instruments
          .map((id) => this.#source.find(id))
          .filter((feed) => feed !== undefined);
        this.#quotes = new Map(feeds.map((feed) => [feed, this.#quotes.get(feed) ?? -1]));
        return;
      }
      case 'WatchQueue':
        this.#watchQueue(request.orders);
        return;
      case 'WatchQuality':
        this.#watchesQuality = request.on;
        return;
      case 'WatchDownloads':
        this.#downloadsTold = request.on ? -1 : undefined;
        this.tellDownloads();
        return;
      case 'StartDownload':
      case 'ControlDownload':
        this.#answerDownload(request);
        return;
      case 'Unsubscribe':
        this.#end(request.subscription);
        return;
      case 'LoadBars':
        void this.#source.loadBars(request).then((answer) => {
          this.send(answer);
        });
        return;
      case 'LoadCoverage':
        void this.#source.loadCoverage(request).then((answer) => {
          this.send(answer);
        });
        return;
      case 'LoadReplayCoverage':
        void this.#source.loadReplayCoverage(request.request).then((answer) => {
          this.send(answer);
        });
        return;
      case 'SetReplaySpeed':
      case 'StepReplay':
      case 'SeekReplay': {
        const done = controlReplay(this.#source.replay, request);
        if (!done.ok) this.send({ type: 'Refused', ...done.error });
        return;
      }
      default:
        this.#subscribe(request);
    }
  }

  #answerDownload(
    asked: Extract<FeedRequest, { type: 'StartDownload' | 'ControlDownload' }>,
  ): void {
    const { downloads } = this.#source;
    const { request } = asked;
    if (downloads === undefined) {
      const message = 'in a replay there is no venue to ask for the past';
      this.send({ type: 'RequestFailed', request, code: 'REPLAY_ONLY', message });
      return;
    }
    const done =
      asked.type === 'StartDownload'
        ? downloads.start(asked.order)
        : downloads.control(asked.download, asked.action);
    if (done.ok) this.send({ type: 'DownloadAccepted', request, download: done.value });
    else this.send({ type: 'RequestFailed', request, ...done.error });
    this.tellDownloads();
  }

  #subscribe(request: Extract<FeedRequest, { subscription: string; instrument: unknown }>): void {
    const feed = this.#source.find(request.instrument);
    if (feed === undefined) {
      const message = `instrument must be one the feed subscribes, was ${request.instrument}`;
      this.send({ type: 'Refused', code: 'INSTRUMENT_UNKNOWN', message });
      return;
    }
    if (this.#subscriptions.size >= MOST_SUBSCRIPTIONS) {
      const message = `a window may have ${MOST_SUBSCRIPTIONS} subscriptions`;
      this.send({ type: 'Refused', code: 'TOO_MANY_SUBSCRIPTIONS', message });
      return;
    }
    if (request.type === 'SubscribeStudy') {
      const checked = checkedStudy(request.study);
      if (!checked.ok) {
        this.send({ type: 'Refused', ...checked.error });
        return;
      }
    }
    this.#end(request.subscription);
    this.#subscriptions.set(request.subscription, this.#open(request, feed));
  }

  #end(name: string): void {
    const subscription = this.#subscriptions.get(name);
    this.#subscriptions.delete(name);
    if (subscription?.kind === 'consolidated') subscription.book[Symbol.dispose]();
  }

  /** A window loads the closed bars it wants to show; of those before it came it needs the last one only. */
  #openBars(series: BarSeries): Subscription {
    return { kind: 'bars', series, sent: series.lastClosedVersion - 1 };
  }

  #open(
    request: Extract<FeedRequest, { subscription: string; instrument: unknown }>,
    feed: InstrumentFeed,
  ): Subscription {
    switch (request.type) {
      case 'SubscribeDepth':
        return { kind: 'depth', feed, levels: request.levels, sent: -1 };
      case 'SubscribeTrades':
        return {
          kind: 'trades',
          feed,
          backlog: { rows: [], omittedCount: 0, omittedQuantity: 0 },
          past: feed.recent.rows(),
        };
      case 'SubscribeConsolidated': {
        const book = this.#source.consolidated(feed, request.levels, request.fees);
        return { kind: 'consolidated', book };
      }
      case 'SubscribeTrust':
        return { kind: 'trust', feed, sent: -1 };
      case 'SubscribeVolume':
        return { kind: 'volume', feed, epoch: -1, changed: new Set() };
      case 'SubscribeBars':
        return this.#openBars(this.#source.bars(feed, request.interval));
      case 'SubscribeStudy': {
        const history = this.#source.history(feed, request.interval);
        return { kind: 'study', study: new StudySeries(history, request.study, request.bars) };
      }
    }
  }
}

function collect(
  name: string,
  subscription: Subscription,
  message: Extract<FeedMessage, { type: 'Frame' }>,
): void {
  switch (subscription.kind) {
    case 'depth':
      if (subscription.sent === subscription.feed.depthVersion) return;
      subscription.sent = subscription.feed.depthVersion;
      message.depths.push(subscription.feed.depth(subscription.levels));
      return;
    case 'trades': {
      const { backlog, feed, past } = subscription;
      const instrument = feed.instrument.id;
      if (past.length > 0) {
        const none = { omittedCount: 0, omittedQuantity: quantity(0) };
        message.trades.push({ instrument, past: true, rows: past, ...none });
        subscription.past = [];
      }
      if (backlog.rows.length === 0) return;
      message.trades.push({
        instrument,
        past: false,
        rows: backlog.rows,
        omittedCount: backlog.omittedCount,
        omittedQuantity: quantity(backlog.omittedQuantity),
      });
      backlog.rows = [];
      backlog.omittedCount = 0;
      backlog.omittedQuantity = 0;
      return;
    }
    case 'bars': {
      const { series } = subscription;
      if (subscription.sent === series.version) return;
      const rows = series.rowsSince(subscription.sent);
      subscription.sent = series.version;
      for (const bar of rows) {
        message.bars.push({ instrument: series.instrument.id, interval: series.interval, bar });
      }
      return;
    }
    case 'study': {
      const news = subscription.study.take();
      if (news !== undefined) message.studies.push({ subscription: name, ...news });
      return;
    }
    case 'consolidated': {
      const news = subscription.book.take(message.at);
      if (news !== undefined) message.consolidated.push({ subscription: name, ...news });
      return;
    }
    case 'trust': {
      const { quality } = subscription.feed;
      if (subscription.sent === quality.version) return;
      const whole = subscription.sent < 0;
      const minutes = [...quality.minutesSince(subscription.sent)];
      message.trusts.push({ subscription: name, whole, minutes });
      subscription.sent = quality.version;
      return;
    }
    case 'volume': {
      const { feed, changed, epoch } = subscription;
      const { volume } = feed;
      const { since, step, missed } = volume;
      const whole = epoch !== volume.epoch;
      if (since === undefined || (!whole && changed.size === 0)) return;
      const rows = [...(whole ? volume.steps() : changed)].map((at): VolumeRows['rows'][number] => [
        price(at),
        quantity(volume.at(at)),
      ]);
      message.volumes.push({ subscription: name, whole, since, step, missed, rows });
      subscription.epoch = volume.epoch;
      subscription.changed = new Set();
    }
  }
}
