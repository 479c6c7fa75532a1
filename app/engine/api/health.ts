import { z } from 'zod';
import { processSchema } from './process-state.ts';
import { instrumentIdSchema, venueIdSchema } from './values.ts';

// Times are ours in microseconds, durations in the unit their name says. What is not known is absent.

/** One way to a venue: a socket or its REST interface. */
export const connectionVitalsSchema = z.strictObject({
  connection: z.string(),
  venue: venueIdSchema.exactOptional(),
  state: z.enum(['Connecting', 'Connected', 'Disconnected']),
  latencyMicros: z.number().exactOptional(),
  clockOffsetMicros: z.number().exactOptional(),
  lastMessageAt: z.number().exactOptional(),
  messages: z.number().exactOptional(),
  unknownMessages: z.number().exactOptional(),
  parseErrors: z.number().exactOptional(),
  reconnects: z.number().exactOptional(),
  resyncs: z.number().exactOptional(),
  /** Request weight of the present minute, as we or the venue counted it. */
  weightUsed: z.number().exactOptional(),
  weightLimit: z.number().exactOptional(),
});

/** How fresh the data of one instrument is. */
export const dataVitalsSchema = z.strictObject({
  instrument: instrumentIdSchema,
  state: z.enum(['Live', 'Stale', 'Resyncing']),
  lastAt: z.number().exactOptional(),
});

const badInputSchema = z.strictObject({
  code: z.string(),
  count: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
  sample: z.string(),
});

/** A distribution of durations in nanoseconds. */
const latencySchema = z.strictObject({
  name: z.enum(['journal', 'kernel', 'ring', 'venue']),
  count: z.number(),
  sumNanos: z.number(),
  p50Nanos: z.number(),
  p99Nanos: z.number(),
  p999Nanos: z.number(),
  maxNanos: z.number(),
});

const journalSchema = z.strictObject({
  records: z.number(),
  bytes: z.number(),
  /** `Starved`: it takes inputs from what room is left; `Failed`: they wait in memory and no order can leave. */
  state: z.enum(['Ready', 'Starved', 'Failed']),
  detail: z.string(),
  /** Records that a loss of power would take. */
  durableLag: z.number(),
  /** When more of it was last seen to be durable. */
  durableAt: z.number().exactOptional(),
});

const ordersSchema = z.strictObject({
  byStatus: z.record(z.string(), z.number()),
  unknown: z.number(),
  oldestUnknownAt: z.number().exactOptional(),
});

/** What a process says of itself once a second. */
export const vitalsSchema = z.strictObject({
  at: z.number(),
  uptimeMs: z.number(),
  rssBytes: z.number(),
  /** Of one core, since the last report. */
  cpuPercent: z.number(),
  loopDelayP99Nanos: z.number(),
  loopDelayMaxNanos: z.number(),
  queues: z.array(
    z.strictObject({
      name: z.string(),
      depth: z.number(),
      most: z.number(),
      dropped: z.number(),
    }),
  ),
  connections: z.array(connectionVitalsSchema),
  data: z.array(dataVitalsSchema),
  counters: z.record(z.string(), z.number()),
  latencies: z.array(latencySchema),
  badInputs: z.array(badInputSchema),
  journal: journalSchema.exactOptional(),
  orders: ordersSchema.exactOptional(),
  /** What recorded ticks take on the disk, bars left out. */
  recordedTickBytes: z.number().exactOptional(),
});

/** The volume of the data folder. */
export const diskSchema = z.strictObject({
  freeBytes: z.number(),
  totalBytes: z.number(),
  /** Recorded ticks beside the room they have; absent where nothing bounds them. */
  ticks: z
    .strictObject({
      recordedBytes: z.number(),
      budgetBytes: z.number(),
      /** Until the oldest begin to go; absent when it is not within ten years. */
      daysUntilDropped: z.number().exactOptional(),
    })
    .exactOptional(),
  /** By what was written in the last hours. */
  growth: z
    .strictObject({
      streams: z.array(
        z.strictObject({
          stream: z.enum(['orders', 'market', 'ticks', 'log']),
          bytesPerDay: z.number(),
        }),
      ),
      /** Absent when it is not within ten years. */
      daysUntilFull: z.number().exactOptional(),
    })
    .exactOptional(),
});

/** How the whole engine is, once a second. A process that has died keeps its last vitals: their time says how old they are. */
export const engineHealthSchema = z.strictObject({
  at: z.number(),
  processes: z.array(
    z.strictObject({ process: processSchema, vitals: vitalsSchema.exactOptional() }),
  ),
  main: vitalsSchema,
  disk: diskSchema.exactOptional(),
  log: z.strictObject({ written: z.number(), lost: z.number() }),
});

export type Vitals = z.infer<typeof vitalsSchema>;
export type ConnectionVitals = z.infer<typeof connectionVitalsSchema>;
export type DataVitals = z.infer<typeof dataVitalsSchema>;
export type EngineHealth = z.infer<typeof engineHealthSchema>;
export type Latency = z.infer<typeof latencySchema>;
