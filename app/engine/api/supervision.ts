import { z } from 'zod';
import { RETENTION_GROUPS } from '../domain/tick-retention.ts';
import { vitalsSchema } from './health.ts';
import { logRecordSchema } from './log.ts';
import { instrumentSchema, killWaySchema, limitsSchema, receiptSchema } from './orders.ts';
import { replaySpeedSchema } from './feed-service.ts';
import {
  accountIdSchema,
  clientIdSchema,
  environmentSchema,
  instrumentIdSchema,
  microsSchema,
} from './values.ts';

/** Base addresses of a venue in one environment; the only thing besides the environment that differs between live, testnet and sandbox. */
export const venueUrlsSchema = z.strictObject({
  http: z.url(),
  ws: z.url(),
  wsApi: z.url(),
});

/** Ways to the outside, as the settings `network` write them. */
export const networkSchema = z.strictObject({
  proxy: z.string(),
  certificates: z.string(),
  venues: z.array(z.string()),
});
export type NetworkConfig = z.infer<typeof networkSchema>;

/** Venues that can be watched beside the one that is traded. */
export const WATCHED_VENUES = [
  'KRAKEN',
  'OKX',
  'COINBASE',
  'DERIBIT',
  'BYBIT',
  'BYBIT-LINEAR',
  'BYBIT-INVERSE',
  'BINANCE-USDM',
  'ALPACA',
] as const;
export type WatchedVenueName = (typeof WATCHED_VENUES)[number];

/** A key pair of one venue; nowhere else than in messages to the process that uses it. */
export const credentialsSchema = z.strictObject({ apiKey: z.string(), secret: z.string() });

/** What a replay plays. */
export const replayedSchema = z.discriminatedUnion('kind', [
  /** Recorded wire files, one recording in that order. */
  z.strictObject({ kind: z.literal('files'), files: z.array(z.string()).min(1) }),
  /** A span of the tick store: received at or after `from` and before `to`; absent: the first and last stored. */
  z.strictObject({
    kind: z.literal('ticks'),
    instruments: z.array(instrumentIdSchema).min(1).max(100),
    from: microsSchema.exactOptional(),
    to: microsSchema.exactOptional(),
  }),
]);

/** Where `feed` gets its market from. */
const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('venue'), urls: venueUrlsSchema }),
  z.strictObject({ kind: z.literal('replay'), of: replayedSchema, speed: replaySpeedSchema }),
]);

/** How long recorded ticks are kept: whole days of each kind, 0 for ever, and the most bytes of all but bars, 0 for no bound. */
const retentionSchema = z.strictObject({
  days: z.record(z.enum(RETENTION_GROUPS), z.number().int().min(0)),
  budgetBytes: z.number().int().min(0),
});

/** What `feed` is told at start. `symbols` fixes each instrument's number in ring records, over restarts too; none: all that a recording holds. */
export const feedConfigSchema = z.strictObject({
  dataFolder: z.string(),
  environment: environmentSchema,
  source: sourceSchema,
  symbols: z.array(z.string()).max(1000),
  /** What is watched of other venues; their instruments come behind those of the traded one. */
  others: z
    .array(
      z.strictObject({
        venue: z.enum(WATCHED_VENUES),
        symbols: z.array(z.string()).min(1),
        /** Of a venue that tells nothing without a key. */
        credentials: credentialsSchema.exactOptional(),
      }),
    )
    .max(WATCHED_VENUES.length)
    .exactOptional(),
  /** Instruments as they are known in this session: a feed that starts again keeps their scales. */
  known: z.array(instrumentSchema).exactOptional(),
  ringPath: z.string(),
  record: z.boolean(),
  /** How long what is recorded is kept; for ever when absent, and while a replay plays. */
  retention: retentionSchema.exactOptional(),
  /** Everything direct when absent. */
  network: networkSchema.exactOptional(),
  /** How far an instrument may lie from the same at other venues, in basis points, before its price is doubted. */
  divergenceBps: z.number().int().min(1),
  /** What venues charge takers, in millionths of the price; absent: not told. */
  takerFees: z
    .array(z.strictObject({ venue: z.string(), millionths: z.number().int().min(0) }))
    .exactOptional(),
});

/** How `trade` reaches its venue. Its credentials are nowhere else than in this message and in `trade`. */
const executionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('venue'),
    urls: venueUrlsSchema,
    apiKey: z.string(),
    secret: z.string(),
  }),
  /** Simulated fills against the market of the ring. */
  z.strictObject({ kind: z.literal('simulated') }),
  /** No keys for this venue: prices only. */
  z.strictObject({ kind: z.literal('none') }),
]);

/** The idempotency key of what a client asks for. */
export const commandIdSchema = z.string().regex(/^[A-Za-z0-9-]{8,64}$/);

/** A kill, or its rehearsal, as main hands it to `trade`. */
export const killRequestSchema = z.strictObject({
  commandId: commandIdSchema,
  client: clientIdSchema,
  via: killWaySchema,
  /** When main was asked. */
  askedAt: microsSchema,
  drill: z.boolean(),
});

/** What a kill without a journal did on one symbol. */
export const unrecordedLineSchema = z.strictObject({
  symbol: z.string(),
  ok: z.boolean(),
  text: z.string(),
});

/** What `trade` is told at start. A session folder that already holds a journal is recovered. */
export const tradeConfigSchema = z.strictObject({
  session: z.string(),
  sessionFolder: z.string(),
  environment: environmentSchema,
  ringPath: z.string(),
  instruments: z.array(instrumentSchema),
  account: accountIdSchema,
  execution: executionSchema,
  /** Everything direct when absent. */
  network: networkSchema.exactOptional(),
  limits: limitsSchema,
  /** True: the exchange begins anew with this engine, so nothing of an earlier session is carried into this one. */
  freshVenue: z.boolean().exactOptional(),
  /** An order that adds risk leaves only when its record survives the loss of power. */
  durableBeforeSend: z.boolean(),
  /** The session has begun: a journal that holds nothing is a journal lost. */
  begun: z.boolean().exactOptional(),
  /** Kill mode: after opening the journal the first act is this kill, over REST. */
  kill: killRequestSchema.exactOptional(),
});

/** What the built-in exchange is told at start. */
export const sandboxConfigSchema = z.strictObject({
  port: z.number(),
  seed: z.number(),
  limits: z.enum(['venue', 'open']),
  /** How its venues differ, as the setting writes it. */
  venues: z.array(z.string()).exactOptional(),
});

/** What main tells a process, beside handed-over sockets. */
export const processCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ConfigureFeed'), config: feedConfigSchema }),
  z.strictObject({ type: z.literal('ConfigureTrade'), config: tradeConfigSchema }),
  z.strictObject({ type: z.literal('ConfigureSandbox'), config: sandboxConfigSchema }),
  z.strictObject({
    type: z.literal('Socket'),
    client: clientIdSchema,
    headers: z.record(z.string(), z.string()),
    /** What the client sent beyond the request, base64. */
    head: z.base64(),
  }),
  /** A message port of an authenticated client comes with it. */
  z.strictObject({ type: z.literal('Port'), client: clientIdSchema }),
  /** To `feed`: publish every book, its state and its quote again, for a reader that has missed records. */
  z.strictObject({ type: z.literal('PublishSnapshots') }),
  /** To `feed`: ask the venue for its rules now. */
  z.strictObject({ type: z.literal('ReloadInstruments') }),
  /** To `trade`: the rules of these instruments, changed or not. */
  z.strictObject({ type: z.literal('TellInstruments'), instruments: z.array(instrumentSchema) }),
  /** To `trade`: other limits of risk than it was configured with. */
  z.strictObject({ type: z.literal('TellLimits'), limits: limitsSchema }),
  /** To `trade`: to be taken within a second. */
  z.strictObject({ type: z.literal('Kill'), request: killRequestSchema }),
  z.strictObject({ type: z.literal('Stop') }),
]);

/** What a process tells main. */
export const processReportSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('FeedReady'), instruments: z.array(instrumentSchema) }),
  /** The venue has other rules for these than it had. */
  z.strictObject({ type: z.literal('InstrumentsChanged'), instruments: z.array(instrumentSchema) }),
  /** The venue refused an order for a rule `trade` does not know: feed is to ask. */
  z.strictObject({ type: z.literal('InstrumentsWanted') }),
  z.strictObject({ type: z.literal('TradeReady') }),
  /** `trade` has missed market records: feed is to publish snapshots. */
  z.strictObject({ type: z.literal('SnapshotsWanted') }),
  z.strictObject({
    type: z.literal('SandboxReady'),
    urls: venueUrlsSchema,
    apiKey: z.string(),
    secret: z.string(),
  }),
  z.strictObject({ type: z.literal('Log'), record: logRecordSchema }),
  z.strictObject({ type: z.literal('Vitals'), vitals: vitalsSchema }),
  /** `trade` has journalled and begun a kill or drill. */
  z.strictObject({ type: z.literal('KillTaken'), commandId: z.string() }),
  /** A kill or drill came on, or to its end. */
  z.strictObject({ type: z.literal('Receipt'), receipt: receiptSchema }),
  /** A kill is carried out without a journal: what was done on each symbol so far. */
  z.strictObject({
    type: z.literal('KillUnrecorded'),
    commandId: z.string(),
    why: z.string(),
    lines: z.array(unrecordedLineSchema),
    done: z.boolean(),
  }),
  /** The process cannot do what it was told and is about to end; restarting would not help. */
  z.strictObject({ type: z.literal('Failed'), code: z.string(), message: z.string() }),
]);

/** `run/engine.json` (mode 0600): how the command line reaches a running engine. */
export const engineFileSchema = z.strictObject({
  pid: z.number(),
  socket: z.string(),
  secret: z.string(),
});

export type EngineFile = z.infer<typeof engineFileSchema>;
export type KillRequest = z.infer<typeof killRequestSchema>;
export type UnrecordedLine = z.infer<typeof unrecordedLineSchema>;
export type VenueUrls = z.infer<typeof venueUrlsSchema>;
export type Replayed = z.infer<typeof replayedSchema>;
export type FeedConfig = z.infer<typeof feedConfigSchema>;
export type TradeConfig = z.infer<typeof tradeConfigSchema>;
export type SandboxConfig = z.infer<typeof sandboxConfigSchema>;
export type ProcessCommand = z.infer<typeof processCommandSchema>;
export type ProcessReport = z.infer<typeof processReportSchema>;
