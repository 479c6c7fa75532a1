import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DataVitals } from '../../api/health.ts';
import type { FeedMessage, QueuedOrder } from '../../api/feed-service.ts';
import type { FeedConfig } from '../../api/supervision.ts';
import { VERSION } from '../../api/version.ts';
import type { Clock } from '../../base/clock.ts';
import {
  hasLastingPast,
  venueId,
  type InstrumentId,
  type VenueId,
} from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Interval } from '../../domain/market.ts';
import { price } from '../../domain/price.ts';
import {
  FLAG_LAST,
  KIND_BBO,
  KIND_DIVERGENCE,
  KIND_TRADE,
  MarketRecords,
  bookRun,
} from '../../native/compute/market-record.ts';
import type { RingWriter } from '../../native/io/ring.ts';
import type { DivergenceChange, SourceSwitch } from '../../market-data/reference-prices.ts';
import type {
  ConnectionHealth,
  DroppedBecause,
  MarketDataClient,
  MarketDataSink,
} from '../../ports/market-data-client.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import { BarHistory } from './bar-history.ts';
import { barRow, BarSeries } from './bar-series.ts';
import type { Downloads } from './downloads/downloads.ts';
import { ConsolidatedBook } from './consolidated-book.ts';
import { CatalogueKeeper } from './catalogue-keeper.ts';
import { coverageOf, replayCoverageOf } from './coverage.ts';
import { keepScales } from './known-instruments.ts';
import { InstrumentFeed, type Print } from './instrument-feed.ts';
import { BarStore } from '../../store/ticks/bar-store.ts';
import { RECORDED_SOURCE } from '../../store/ticks/lineage.ts';
import type { HousekeepingRound } from '../../store/ticks/tick-housekeeper.ts';
import { TickRecorder } from '../../store/ticks/tick-recorder.ts';
import { QueuedOrders } from './queued-orders.ts';
import { StoredBars, type BarSource } from './stored-bars.ts';
import { FeedQuality } from './feed-quality.ts';
import { QualityKeeper } from './quality-keeper.ts';
import type { ReplayControl } from './replay-control.ts';
import { FeedWindow, type WindowSource } from './window.ts';

/** Longest pause between two frames of a window, one animation tick. */
const FRAME_MS = 16;
const HEALTH_MS = 1000;
/** Pause between the snapshots of two books. */
const SNAPSHOT_PAUSE_MS = 5;
/** How often what is priced alike is compared. */
const COMPARE_MS = 200;
/** Pause between two looks at the venue's rules, and most symbols one question names. */
const RULES_MS = 10_000;
const MOST_NAMED_SYMBOLS = 100;
const HOURS_A_DAY = 24;

const WRITTEN_BY = `quarterdeck ${VERSION}`;

/** What the feed is made of. */
export interface FeedParts {
  readonly config: FeedConfig;
  readonly clock: Clock;
  readonly client: MarketDataClient;
  readonly ring: RingWriter;
  /** The venue's rules for these are not what they were. */
  readonly onInstruments?: (changed: readonly Instrument[]) => void;
  /** Told how a connection is, each time it says so. */
  readonly onConnection?: (now: ConnectionHealth, before: ConnectionHealth | undefined) => void;
  readonly onUnknownMessage?: (raw: string) => void;
  /** A request of a window that could not be read. */
  readonly onMalformedRequest?: (detail: string) => void;
  /** An instrument went too far from the same elsewhere, or came back. */
  readonly onDivergence?: (change: DivergenceChange) => void;
  /** A reference price comes from another source. */
  readonly onSourceSwitch?: (change: SourceSwitch) => void;
  /** Bars could not be kept. */
  readonly onBarsNotKept?: (detail: string) => void;
  /** Something was done for the room of recorded ticks. */
  readonly onHousekeeping?: (round: HousekeepingRound) => void;
  /** What the catalogue of ticks finds wrong on the disk. */
  readonly onCatalogueProblem?: (detail: string) => void;
  /** Present in a replay. */
  readonly replay?: ReplayControl;
  /** Present where there is a venue to ask. */
  readonly downloads?: Downloads;
}

/** The market data process: records from the venue go to the ring, the books, the disk and, conflated, to windows. */
export class Feed implements MarketDataSink, WindowSource, AsyncDisposable {
  /** What the tick store has. */
  readonly catalogue: CatalogueKeeper;
  readonly #parts: FeedParts;
  #feeds: readonly InstrumentFeed[] = [];
  #byId: ReadonlyMap<InstrumentId, InstrumentFeed> = new Map();
  readonly #bars: BarSource;
  readonly #series = new Map<string, BarSeries>();
  readonly #histories = new Map<BarSeries, BarHistory>();
  readonly #windows = new Set<FeedWindow>();
  readonly #queued = new QueuedOrders((instrument) => this.find(instrument));
  readonly #connections = new Map<string, ConnectionHealth>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #mark = new MarketRecords(1);
  readonly #takerFees: ReadonlyMap<VenueId, number>;
  #quality: FeedQuality | undefined;
  #qualityKeeper: QualityKeeper | undefined;
  #recorder: TickRecorder | undefined;
  #snapshots: NodeJS.Timeout | undefined;
  #reloading = false;
  #jumps = 0;
  #published = 0;
  #messagesBefore = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    const { client, clock, config } = parts;
    const stored = new StoredBars({
      client,
      store: new BarStore(join(config.dataFolder, 'ticks'), WRITTEN_BY),
      nowMicros: () => clock.nowMicros(),
      // The past of a simulated venue is another one at each start.
      keep: hasLastingPast(config.environment),
      onProblem: (detail) => parts.onBarsNotKept?.(detail),
    });
    // What is stored reaches beyond the time a replay stands at.
    this.#bars = parts.replay === undefined ? stored : client;
    const fees = config.takerFees ?? [];
    this.#takerFees = new Map(
      fees.map(({ venue, millionths }) => [venueId(venue, config.environment), millionths]),
    );
    this.catalogue = new CatalogueKeeper({
      dataFolder: config.dataFolder,
      nowNanos: () => clock.nowNanos(),
      // What is replayed stays.
      ...(parts.replay === undefined && config.retention && { retention: config.retention }),
      onHousekeeping: (round) => parts.onHousekeeping?.(round),
      onProblem: (detail) => parts.onCatalogueProblem?.(detail),
    });
  }

  /** The instruments subscribed, in the order of their ring numbers. */
  get instruments(): readonly Instrument[] {
    return this.#feeds.map((feed) => feed.instrument);
  }

  /** Subscribes the instruments; their number in records is their place in the list. */
  start(instruments: readonly Instrument[]): void {
    const { config } = this.#parts;
    if (config.record) {
      const origin = { source: RECORDED_SOURCE, writtenBy: WRITTEN_BY };
      this.#recorder = new TickRecorder(join(config.dataFolder, 'ticks'), instruments, origin);
    }
    this.#follow(instruments);
    // The times of a replay are not now, and the past of a simulated venue is another one at each start.
    if (config.record) {
      this.#qualityKeeper = new QualityKeeper({
        catalogue: this.catalogue,
        instruments: this.#feeds,
        nowMicros: () => this.nowMicros(),
        remembers: hasLastingPast(config.environment),
      });
    }
    this.#parts.client.subscribe(instruments.map((instrument, index) => ({ instrument, index })));
    this.#timers.push(setInterval(() => this.#quality?.compare(), COMPARE_MS));
    this.#timers.push(setInterval(() => this.#tick(), FRAME_MS));
    this.#timers.push(setInterval(() => this.#health(), HEALTH_MS));
    this.#timers.push(setInterval(() => void this.reloadInstruments(), RULES_MS));
  }

  /** The market begins at another time of a replay: nothing that was counted before is of it, and windows ask for all anew. */
  jump(): void {
    for (const series of this.#series.values()) series[Symbol.dispose]();
    for (const history of this.#histories.values()) history[Symbol.dispose]();
    this.#series.clear();
    this.#histories.clear();
    this.#follow(this.instruments);
    this.#jumps += 1;
    for (const window of this.#windows) {
      this.#queued.set(window, []);
      window.restart(this.#welcome());
    }
  }

  /** Windows hear where a replay stands. */
  tellReplay(): void {
    const state = this.#parts.replay?.state();
    if (state === undefined) return;
    for (const window of this.#windows) window.send(state);
  }

  /** Asks the venue for the rules of what is subscribed and tells what changed; one question at a time. */
  async reloadInstruments(): Promise<void> {
    if (this.#reloading || this.#parts.replay !== undefined) return;
    this.#reloading = true;
    // Other venues know themselves what is watched of them.
    const { symbols } = this.#parts.config;
    const few = symbols.length > 0 && symbols.length <= MOST_NAMED_SYMBOLS;
    const loaded = await this.#parts.client.loadInstruments(few ? symbols : undefined);
    this.#reloading = false;
    if (!loaded.ok) return;
    const changed = keepScales(this.instruments, loaded.value).filter(
      (one) => !isDeepStrictEqual(one, this.#byId.get(one.id)?.instrument),
    );
    if (changed.length === 0) return;
    for (const instrument of changed) {
      const feed = this.#byId.get(instrument.id);
      if (feed !== undefined) this.#recorder?.relist(this.#feeds.indexOf(feed), instrument);
      if (feed?.relist(instrument) !== true) continue;
      this.#parts.client.doubtBook(instrument.id, 'starting');
    }
    for (const window of this.#windows) {
      window.send({ type: 'InstrumentsChanged', instruments: changed });
    }
    this.#parts.onInstruments?.(changed);
  }

  /** Serves a window until it leaves. */
  addWindow(channel: ClientChannel): void {
    const window = new FeedWindow(channel, this);
    window.send(this.#welcome());
    this.#windows.add(window);
    channel.onClose(() => {
      this.#windows.delete(window);
      this.#queued.set(window, []);
      window[Symbol.dispose]();
    });
  }

  onRecords(bytes: Uint8Array, count: number): void {
    this.#parts.ring.publish(bytes, count);
    this.#recorder?.append(bytes, count);
    this.#published += count;
    const records = MarketRecords.over(bytes, count);
    let row = 0;
    while (row < count) {
      const feed = this.#feeds[records.instrument(row)];
      const end = bookRun(records, row, count);
      if (feed !== undefined && end > row) this.#onBook(feed, records, row, end);
      if (feed !== undefined && end === row) this.#onRecord(feed, records, row);
      row = Math.max(end, row + 1);
    }
  }

  /** Gives readers of the ring that missed records all they need to go on; the disk has it already. One book at a time, so that no reader is lapped by it. */
  publishSnapshots(): void {
    clearTimeout(this.#snapshots);
    this.#publishSnapshot(0);
  }

  onHealth(health: ConnectionHealth): void {
    const before = this.#connections.get(health.connection);
    this.#connections.set(health.connection, health);
    this.#quality?.onHealth(health);
    this.#parts.onConnection?.(health, before);
  }

  onDropped(index: number, because: DroppedBecause): void {
    this.#feeds[index]?.quality.onDropped(because);
  }

  /** What main is told of the market data. */
  vitals(): {
    connections: ConnectionHealth[];
    data: DataVitals[];
    counters: Record<string, number>;
    recordedTickBytes?: number;
  } {
    const data = this.#feeds.map((feed) => {
      const { state, at } = feed;
      const instrument = feed.instrument.id;
      return { instrument, state, ...(at === 0 ? {} : { lastAt: at }) };
    });
    const { lost = 0 } = this.#recorder?.state ?? {};
    const windows = [...this.#windows];
    const { room } = this.catalogue;
    return {
      connections: [...this.#connections.values()],
      data,
      counters: {
        records_published: this.#published,
        recorder_lost: lost,
        windows: windows.length,
      },
      ...(room && { recordedTickBytes: room.recordedBytes }),
    };
  }

  onUnknownMessage(raw: string): void {
    this.#parts.onUnknownMessage?.(raw);
    this.#recorder?.unknown(raw, this.#parts.clock.nowNanos());
  }

  find(instrument: InstrumentId): InstrumentFeed | undefined {
    return this.#byId.get(instrument);
  }

  bars(feed: InstrumentFeed, interval: Interval): BarSeries {
    const key = `${feed.instrument.id} ${interval}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = new BarSeries(this.#bars, feed.instrument, interval);
    this.#series.set(key, series);
    void series.begin();
    return series;
  }

  history(feed: InstrumentFeed, interval: Interval): BarHistory {
    const series = this.bars(feed, interval);
    const known = this.#histories.get(series);
    if (known !== undefined) return known;
    const history = new BarHistory(this.#bars, series);
    this.#histories.set(series, history);
    return history;
  }

  consolidated(feed: InstrumentFeed, levels: number, fees: boolean): ConsolidatedBook {
    const parts = { feed, all: this.#feeds, levels };
    return new ConsolidatedBook(fees ? { ...parts, fees: this.#takerFees } : parts);
  }

  async loadBars(request: Parameters<WindowSource['loadBars']>[0]): Promise<FeedMessage> {
    const { request: id, instrument, interval, limit, endTime } = request;
    const feed = this.#byId.get(instrument);
    if (feed === undefined) {
      const message = `instrument must be one the feed subscribes, was ${instrument}`;
      return { type: 'RequestFailed', request: id, code: 'INSTRUMENT_UNKNOWN', message };
    }
    const range = endTime === undefined ? { limit } : { limit, endTime };
    const loaded = await this.#bars.loadBars(feed.instrument, interval, range);
    if (!loaded.ok) {
      const { code, message } = loaded.error;
      return { type: 'RequestFailed', request: id, code, message };
    }
    return { type: 'Bars', request: id, instrument, interval, bars: loaded.value.map(barRow) };
  }

  async loadCoverage(request: Parameters<WindowSource['loadCoverage']>[0]): Promise<FeedMessage> {
    return coverageOf(this.catalogue, request, this.#parts.replay?.ticks ?? []);
  }

  async loadReplayCoverage(request: number): Promise<FeedMessage> {
    return replayCoverageOf(this.catalogue, this.#parts.replay?.ticks ?? [], request);
  }

  watchQueue(window: FeedWindow, orders: readonly QueuedOrder[]): void {
    this.#queued.set(window, orders);
  }

  onMalformedRequest(detail: string): void {
    this.#parts.onMalformedRequest?.(detail);
  }

  get downloads(): Downloads | undefined {
    return this.#parts.downloads;
  }

  get replay(): ReplayControl | undefined {
    return this.#parts.replay;
  }

  nowMicros(): number {
    return this.#parts.clock.nowMicros();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#snapshots);
    for (const series of this.#series.values()) series[Symbol.dispose]();
    for (const history of this.#histories.values()) history[Symbol.dispose]();
    await this.downloads?.[Symbol.asyncDispose]();
    await this.#parts.client[Symbol.asyncDispose]();
    await this.#qualityKeeper?.[Symbol.asyncDispose]();
    await this.catalogue[Symbol.asyncDispose]();
    this.#recorder?.close();
    this.#parts.ring.close();
  }

  /** Begins to count what comes of these. */
  #follow(instruments: readonly Instrument[]): void {
    const replayed = this.#parts.replay !== undefined;
    const feeds = instruments.map((instrument) => new InstrumentFeed(instrument, !replayed));
    this.#feeds = feeds;
    this.#byId = new Map(feeds.map((feed) => [feed.instrument.id, feed]));
    this.#quality = new FeedQuality(feeds, {
      nowMicros: () => this.nowMicros(),
      replayed,
      limitBps: this.#parts.config.divergenceBps,
      onDivergence: (change) => this.#onDivergence(change),
      onSwitch: (change) => this.#parts.onSourceSwitch?.(change),
    });
    for (const feed of feeds) void this.#loadDayBase(feed);
  }

  #welcome(): Extract<FeedMessage, { type: 'Welcome' }> {
    const { environment } = this.#parts.config;
    const jumps = this.#parts.replay === undefined ? {} : { jumps: this.#jumps };
    return { type: 'Welcome', environment, instruments: [...this.instruments], ...jumps };
  }

  #publishSnapshot(index: number): void {
    const feed = this.#feeds[index];
    if (feed === undefined) return;
    const { bytes, capacity } = feed.snapshot(index, this.#parts.clock.nowNanos());
    this.#parts.ring.publish(bytes, capacity);
    this.#published += capacity;
    this.#snapshots = setTimeout(() => this.#publishSnapshot(index + 1), SNAPSHOT_PAUSE_MS);
  }

  #onBook(feed: InstrumentFeed, records: MarketRecords, from: number, to: number): void {
    feed.onBook(records, from, to);
    const whole = (records.flags(to - 1) & FLAG_LAST) !== 0;
    if (!whole || !feed.book.crossed || feed.state !== 'Live') return;
    this.#doubt(feed);
  }

  /** Its best bid is not below its best ask: that can be no market. */
  #doubt(feed: InstrumentFeed): void {
    // The client is in the middle of a delivery.
    queueMicrotask(() => this.#parts.client.doubtBook(feed.instrument.id, 'crossed'));
  }

  #onRecord(feed: InstrumentFeed, records: MarketRecords, row: number): void {
    if (this.#parts.replay !== undefined) this.#quality?.onReplayed(records.tsEventMicros(row));
    const print = feed.onRecord(records, row);
    if (records.kind(row) === KIND_BBO && feed.crossed && feed.state === 'Live') {
      this.#doubt(feed);
    }
    if (print !== undefined && records.kind(row) === KIND_TRADE) this.#onPrint(feed, print);
  }

  #onPrint(feed: InstrumentFeed, print: Print): void {
    for (const series of this.#series.values()) {
      if (series.instrument.id === feed.instrument.id) series.add(print);
    }
    for (const window of this.#windows) window.onPrint(feed, print);
  }

  /** Readers of the ring are told, the disk is not: it holds what venues said. */
  #onDivergence(change: DivergenceChange): void {
    const index = this.#feeds.findIndex((feed) => feed.instrument.id === change.instrument.id);
    const { bps = 0, limitBps = 0 } = change.divergence ?? {};
    const at = this.#parts.clock.nowNanos();
    this.#mark.set(0, KIND_DIVERGENCE, FLAG_LAST, index, 0n, at, bps, limitBps, 0, 0, 0);
    this.#parts.ring.publish(this.#mark.bytes, 1);
    this.#published += 1;
    this.#feeds[index]?.onRecord(this.#mark, 0);
    this.#parts.onDivergence?.(change);
  }

  async #loadDayBase(feed: InstrumentFeed): Promise<void> {
    const range = { limit: HOURS_A_DAY };
    const loaded = await this.#parts.client.loadBars(feed.instrument, '1h', range);
    const [oldest] = loaded.ok ? loaded.value : [];
    if (oldest === undefined) return;
    feed.dayBase = price(oldest.open);
    feed.quoteVersion += 1;
  }

  #tick(): void {
    for (const window of this.#windows) window.tick();
  }

  #health(): void {
    this.#recorder?.flush();
    this.#quality?.look();
    const connections = [...this.#connections.values()];
    const messages = connections.reduce((sum, connection) => sum + connection.messages, 0);
    const messagesPerSecond = Math.max(0, messages - this.#messagesBefore);
    this.#messagesBefore = messages;
    const health: FeedMessage = {
      type: 'Health',
      connections,
      messagesPerSecond,
      recordsPublished: this.#published,
      ...(this.#recorder && { recorder: this.#recorder.state }),
    };
    const isWatched = [...this.#windows].some((window) => window.watchesQuality);
    const quality = isWatched ? this.#quality?.message() : undefined;
    for (const window of this.#windows) {
      window.send(health);
      if (quality !== undefined && window.watchesQuality) window.send(quality);
      window.tellDownloads();
    }
    this.tellReplay();
  }
}
