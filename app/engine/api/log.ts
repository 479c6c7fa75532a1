import { z } from 'zod';
import { LOG_LEVELS } from '../base/log.ts';

/** A record as a process writes it: `base/log.ts`. */
export const logRecordSchema = z.strictObject({
  at: z.number(),
  level: z.enum(LOG_LEVELS),
  area: z.string(),
  code: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
});

/** A record with the process that wrote it and its number in this run of the engine. */
export const logEntrySchema = z.strictObject({
  ...logRecordSchema.shape,
  process: z.enum(['main', 'feed', 'trade', 'sandbox']),
  number: z.number(),
});

export type LogEntry = z.infer<typeof logEntrySchema>;
