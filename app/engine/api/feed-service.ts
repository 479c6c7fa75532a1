import { z } from 'zod';
import { INTERVALS, TICK_KINDS } from '../domain/market.ts';
import { MOST_STUDY_BARS, STUDY_KINDS } from '../domain/study.ts';
import { DROP_REASONS } from '../domain/tick-retention.ts';
import { consolidatedSchema } from './consolidated-book.ts';
import { DOWNLOAD_ACTIONS, downloadOrderSchema, downloadSchema } from './downloads.ts';
import { instrumentSchema, sideSchema } from './orders.ts';
import {
  clientOrderIdSchema,
  environmentSchema,
  instrumentIdSchema,
  microsSchema,
  priceSchema,
  quantitySchema,
  venueIdSchema,
} from './values.ts';

const intervalSchema = z.enum(INTERVALS);
const studySpecSchema = z.strictObject({
  kind: z.enum(STUDY_KINDS),
  parameters: z.array(z.number()).max(8),
});
/** Pace of a replay: 0 = paused, 1 = as recorded, max = as fast as it can be played. */
export const replaySpeedSchema = z.union([z.number().min(0).max(10_000), z.literal('max')]);
const dataStateSchema = z.enum(['Live', 'Stale', 'Resyncing']);

/** Own orders of a window whose queues are estimated. */
export const MOST_QUEUED_ORDERS = 1000;

/** What a window sends to `feed`. A subscription lives until the window ends it or leaves. */
export const feedRequestSchema = z.discriminatedUnion('type', [
  /** Replaces the set of instruments whose quotes are wanted. */
  z.strictObject({
    type: z.literal('WatchQuotes'),
    instruments: z.array(instrumentIdSchema).max(500),
  }),
  z.strictObject({
    type: z.literal('SubscribeDepth'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
    levels: z.number().int().min(1).max(1000),
  }),
  z.strictObject({
    type: z.literal('SubscribeTrades'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
  }),
  z.strictObject({
    type: z.literal('SubscribeBars'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
    interval: intervalSchema,
  }),
  /** A study over the newest `bars` bars and every one that follows. */
  z.strictObject({
    type: z.literal('SubscribeStudy'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
    interval: intervalSchema,
    study: studySpecSchema,
    bars: z.number().int().min(1).max(MOST_STUDY_BARS),
  }),
  /** What traded at each price, as the feed has counted it. */
  z.strictObject({
    type: z.literal('SubscribeVolume'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
  }),
  /** How far the instrument's data could be trusted, minute by minute. */
  z.strictObject({
    type: z.literal('SubscribeTrust'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
  }),
  /** Replaces the own orders whose place in their queues is wanted: limit orders that rest whole in sight. `takenAt` by the venue's clock. */
  z.strictObject({
    type: z.literal('WatchQueue'),
    orders: z
      .array(
        z.strictObject({
          order: clientOrderIdSchema,
          instrument: instrumentIdSchema,
          side: sideSchema,
          price: priceSchema,
          leaves: quantitySchema,
          takenAt: microsSchema,
        }),
      )
      .max(MOST_QUEUED_ORDERS),
  }),
  /** The books of the instrument and of the same at other venues as one; `fees`: with what takers are charged in the prices. */
  z.strictObject({
    type: z.literal('SubscribeConsolidated'),
    subscription: z.string().max(64),
    instrument: instrumentIdSchema,
    levels: z.number().int().min(1).max(1000),
    fees: z.boolean(),
  }),
  /** Whether the quality of all data is wanted, once a second. */
  z.strictObject({ type: z.literal('WatchQuality'), on: z.boolean() }),
  /** Whether the list of downloads is wanted, now and whenever it changed, once a second at most. */
  z.strictObject({ type: z.literal('WatchDownloads'), on: z.boolean() }),
  /** Asks the venue for the past. */
  z.strictObject({
    type: z.literal('StartDownload'),
    request: z.number(),
    order: downloadOrderSchema,
  }),
  z.strictObject({
    type: z.literal('ControlDownload'),
    request: z.number(),
    download: z.number(),
    action: z.enum(DOWNLOAD_ACTIONS),
  }),
  z.strictObject({ type: z.literal('Unsubscribe'), subscription: z.string().max(64) }),
  z.strictObject({
    type: z.literal('LoadBars'),
    request: z.number(),
    instrument: instrumentIdSchema,
    interval: intervalSchema,
    endTime: microsSchema.exactOptional(),
    limit: z.number().int().min(1).max(1000),
  }),
  /** What the tick store has of an instrument. */
  z.strictObject({
    type: z.literal('LoadCoverage'),
    request: z.number(),
    instrument: instrumentIdSchema,
  }),
  /** Replay only: which parts of the span are stored. */
  z.strictObject({ type: z.literal('LoadReplayCoverage'), request: z.number() }),
  /** The frame was painted; the next may come. */
  z.strictObject({ type: z.literal('Acknowledge'), frame: z.number() }),
  z.strictObject({ type: z.literal('SetReplaySpeed'), speed: replaySpeedSchema }),
  /** Replay only, and paused: the next event alone. */
  z.strictObject({ type: z.literal('StepReplay') }),
  /** Replay only: what was received before this time is past. Orders of the simulation end; every window gets a Welcome. */
  z.strictObject({ type: z.literal('SeekReplay'), to: microsSchema }),
]);

/** Best prices of one instrument, newest only. */
export const quoteSchema = z.strictObject({
  instrument: instrumentIdSchema,
  bid: priceSchema.exactOptional(),
  bidQuantity: quantitySchema.exactOptional(),
  ask: priceSchema.exactOptional(),
  askQuantity: quantitySchema.exactOptional(),
  last: priceSchema.exactOptional(),
  lastAggressor: z.enum(['Buy', 'Sell']).exactOptional(),
  /** Price 24 hours ago; absent until known. */
  dayBase: priceSchema.exactOptional(),
  state: dataStateSchema,
  /** Our time of the newest message. */
  at: microsSchema,
});

const levelSchema = z.tuple([priceSchema, quantitySchema]);

/** The newest top of a book, best first. */
export const depthSchema = z.strictObject({
  instrument: instrumentIdSchema,
  state: dataStateSchema,
  updateId: z.number(),
  bids: z.array(levelSchema),
  asks: z.array(levelSchema),
});

/** [trade id, price, quantity, aggressor is buyer (null: nobody told), venue time]. */
const tradeRowSchema = z.tuple([
  z.number(),
  priceSchema,
  quantitySchema,
  z.boolean().nullable(),
  microsSchema,
]);

/** [open time, open, high, low, close, volume]. */
const barRowSchema = z.tuple([
  microsSchema,
  priceSchema,
  priceSchema,
  priceSchema,
  priceSchema,
  quantitySchema,
]);

/** Values of a study at bars that open at `times`, a column for each of its outputs; null where it has none. `whole`: nothing told before counts. */
const studyRowsSchema = z.strictObject({
  subscription: z.string(),
  whole: z.boolean(),
  times: z.array(microsSchema),
  columns: z.array(z.array(z.number().nullable())),
});

/**
 * What traded since `since` (venue's clock) in the steps of price that begin at these prices, each `step` units high: those that
 * changed, all when `whole`, as then nothing told before counts. `missed` trades were numbered by the venue and never came.
 */
const volumeSchema = z.strictObject({
  subscription: z.string(),
  whole: z.boolean(),
  since: microsSchema,
  step: z.number(),
  missed: z.number(),
  rows: z.array(levelSchema),
});

/** Minutes whose marks changed, all when `whole`: [start, bits of QUALITY]. */
const trustSchema = z.strictObject({
  subscription: z.string(),
  whole: z.boolean(),
  minutes: z.array(z.tuple([microsSchema, z.number()]).readonly()),
});

/** What is to trade before an own order, at most, and all at its price; absent while the book is not to be trusted. */
const queuePlaceSchema = z.strictObject({
  order: clientOrderIdSchema,
  ahead: quantitySchema.exactOptional(),
  level: quantitySchema.exactOptional(),
});

const qualitySchema = z.strictObject({
  type: z.literal('Quality'),
  at: microsSchema,
  instruments: z.array(
    z.strictObject({
      instrument: instrumentIdSchema,
      state: dataStateSchema,
      /** Our time of the newest record; absent before the first. */
      at: microsSchema.exactOptional(),
      /** Since the engine began. */
      counts: z.strictObject({
        gaps: z.number(),
        disconnects: z.number(),
        silences: z.number(),
        checksumFailures: z.number(),
        crossed: z.number(),
        locked: z.number(),
        duplicates: z.number(),
        outOfOrder: z.number(),
        outliers: z.number(),
        volumeAnomalies: z.number(),
        divergences: z.number(),
      }),
      /** How long messages were under way, by the venue's clock as we measured it. */
      delays: z.strictObject({ medianMicros: z.number(), p99Micros: z.number() }).exactOptional(),
      /** The venue's clock less ours. */
      offsetMicros: z.number().exactOptional(),
      divergence: z.strictObject({ bps: z.number(), limitBps: z.number() }).exactOptional(),
    }),
  ),
  /** Prices that several venues give: the sources, the primary one first, and that which is leaned on now. */
  references: z.array(
    z.strictObject({
      pair: z.string(),
      sources: z.array(instrumentIdSchema),
      source: instrumentIdSchema.exactOptional(),
      switches: z.number(),
      switchedAt: microsSchema.exactOptional(),
    }),
  ),
});

/** One kind of an instrument's ticks on one UTC day, as the catalogue has it. */
const coverageSchema = z.strictObject({
  kind: z.enum(TICK_KINDS),
  /** `YYYY-MM-DD`. */
  day: z.string(),
  rows: z.number(),
  bytes: z.number(),
  /** False when a block of it is damaged; absent while it may still grow. */
  intact: z.boolean().exactOptional(),
  /** What is missing between its first and last row, by cause. */
  gaps: z.array(z.strictObject({ cause: z.string(), count: z.number(), micros: z.number() })),
});

/** A day of a kind of ticks that retention took from the disk. */
const droppedDaySchema = z.strictObject({
  kind: z.enum(TICK_KINDS),
  /** `YYYY-MM-DD`. */
  day: z.string(),
  why: z.enum(DROP_REASONS),
});

/** What is stored of an instrument that is replayed: from the first to the last row of each day, and what is missing within. */
const replayCoverageSchema = z.strictObject({
  instrument: instrumentIdSchema,
  parts: z.array(z.strictObject({ from: microsSchema, to: microsSchema })),
  gaps: z.array(z.strictObject({ from: microsSchema, to: microsSchema, cause: z.string() })),
});

/** How a venue connection is. */
export const connectionHealthSchema = z.strictObject({
  connection: z.string(),
  venue: venueIdSchema.exactOptional(),
  state: z.enum(['Connecting', 'Connected', 'Disconnected']),
  latencyMicros: z.number().exactOptional(),
  clockOffsetMicros: z.number().exactOptional(),
  messages: z.number(),
  unknownMessages: z.number(),
  parseErrors: z.number(),
  reconnects: z.number(),
  resyncs: z.number(),
  lastMessageAt: z.number().exactOptional(),
});

/** What `feed` sends. State is conflated to the newest; trades are not, but rows beyond 200 a frame are counted; `past`: they were there before they were asked for. */
export const feedMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('Welcome'),
    environment: environmentSchema,
    instruments: z.array(instrumentSchema),
    /** Of a replay: how often it went to another time. What was told before is of another one. */
    jumps: z.number().exactOptional(),
  }),
  /** The venue has other rules for these than were told before. */
  z.strictObject({ type: z.literal('InstrumentsChanged'), instruments: z.array(instrumentSchema) }),
  z.strictObject({
    type: z.literal('Frame'),
    frame: z.number(),
    at: microsSchema,
    quotes: z.array(quoteSchema),
    depths: z.array(depthSchema),
    trades: z.array(
      z.strictObject({
        instrument: instrumentIdSchema,
        past: z.boolean(),
        rows: z.array(tradeRowSchema),
        omittedCount: z.number(),
        omittedQuantity: quantitySchema,
      }),
    ),
    bars: z.array(
      z.strictObject({
        instrument: instrumentIdSchema,
        interval: intervalSchema,
        bar: barRowSchema,
      }),
    ),
    studies: z.array(studyRowsSchema),
    volumes: z.array(volumeSchema),
    trusts: z.array(trustSchema),
    queues: z.array(queuePlaceSchema),
    consolidated: z.array(consolidatedSchema),
  }),
  z.strictObject({
    type: z.literal('Bars'),
    request: z.number(),
    instrument: instrumentIdSchema,
    interval: intervalSchema,
    bars: z.array(barRowSchema),
  }),
  z.strictObject({
    type: z.literal('Coverage'),
    request: z.number(),
    segments: z.array(coverageSchema),
    /** Days that are no more; none that are there again. */
    dropped: z.array(droppedDaySchema),
  }),
  z.strictObject({
    type: z.literal('ReplayCoverage'),
    request: z.number(),
    instruments: z.array(replayCoverageSchema),
  }),
  /** A download was taken, or what was asked of it done. */
  z.strictObject({
    type: z.literal('DownloadAccepted'),
    request: z.number(),
    download: z.number(),
  }),
  /** All of them, newest first. */
  z.strictObject({ type: z.literal('Downloads'), downloads: z.array(downloadSchema) }),
  z.strictObject({
    type: z.literal('RequestFailed'),
    request: z.number(),
    code: z.string(),
    message: z.string(),
  }),
  z.strictObject({
    type: z.literal('Health'),
    connections: z.array(connectionHealthSchema),
    messagesPerSecond: z.number(),
    recordsPublished: z.number(),
    /** Present while the market is recorded. `lost` records the disk refused; `problem` is what it said last. */
    recorder: z
      .strictObject({ rows: z.number(), lost: z.number(), problem: z.string().exactOptional() })
      .exactOptional(),
  }),
  qualitySchema,
  z.strictObject({
    type: z.literal('Replay'),
    at: microsSchema,
    from: microsSchema,
    to: microsSchema,
    speed: replaySpeedSchema,
    ended: z.boolean(),
    /** What leads to `at` is being read. */
    seeking: z.boolean(),
  }),
  z.strictObject({ type: z.literal('Refused'), code: z.string(), message: z.string() }),
]);

export type FeedRequest = z.infer<typeof feedRequestSchema>;
export type ReplaySpeed = z.infer<typeof replaySpeedSchema>;
export type FeedMessage = z.infer<typeof feedMessageSchema>;
export type QuoteMessage = z.infer<typeof quoteSchema>;
export type DepthMessage = z.infer<typeof depthSchema>;
export type TradeRow = z.infer<typeof tradeRowSchema>;
export type BarRow = z.infer<typeof barRowSchema>;
export type StudyRows = z.infer<typeof studyRowsSchema>;
export type VolumeRows = z.infer<typeof volumeSchema>;
export type TrustRows = z.infer<typeof trustSchema>;
export type QueuePlace = z.infer<typeof queuePlaceSchema>;
export type QueuedOrder = Extract<FeedRequest, { type: 'WatchQueue' }>['orders'][number];
export type ReplayCoverage = z.infer<typeof replayCoverageSchema>;
export type CoverageSegment = z.infer<typeof coverageSchema>;
export type DroppedDay = z.infer<typeof droppedDaySchema>;
export type QualityMessage = z.infer<typeof qualitySchema>;
