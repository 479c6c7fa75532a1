import { z } from 'zod';
import { LOG_LEVELS } from '../base/log.ts';
import { replaySpeedSchema } from './feed-service.ts';
import {
  credentialsSchema,
  replayedSchema,
  venueUrlsSchema,
  WATCHED_VENUES,
} from './supervision.ts';

/** Which market an engine runs on. */
export const marketChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sandbox'),
    seed: z.number(),
    port: z.number(),
    limits: z.enum(['venue', 'open']),
  }),
  z.strictObject({
    kind: z.literal('replay'),
    of: replayedSchema,
    speed: replaySpeedSchema,
  }),
  z.strictObject({
    kind: z.literal('venue'),
    environment: z.enum(['live', 'testnet', 'sandbox']),
    urls: venueUrlsSchema,
    account: z.string(),
    /** What is watched; the symbols of the settings when absent. */
    symbols: z.array(z.string()).exactOptional(),
    /** Absent: prices only, no trading. */
    credentials: credentialsSchema.exactOptional(),
    /** Keys of watched venues that tell nothing without one. */
    watchedKeys: z
      .array(z.strictObject({ venue: z.enum(WATCHED_VENUES), credentials: credentialsSchema }))
      .exactOptional(),
  }),
]);

/** What the command line tells an Electron desk to start with, on its standard input; the data folder is in the environment. */
export const deskStartSchema = z.strictObject({
  market: marketChoiceSchema,
  record: z.boolean(),
  logLevel: z.enum(LOG_LEVELS).exactOptional(),
});

export type MarketChoice = z.infer<typeof marketChoiceSchema>;
export type DeskStart = z.infer<typeof deskStartSchema>;
