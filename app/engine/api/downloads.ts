import { z } from 'zod';
import { DOWNLOAD_KINDS, DOWNLOAD_STATES } from '../domain/download.ts';
import { instrumentIdSchema } from './values.ts';

const daySchema = z.string().max(10);

/** Whole days of an instrument that are wanted. */
export const downloadOrderSchema = z.strictObject({
  instrument: instrumentIdSchema,
  kind: z.enum(DOWNLOAD_KINDS),
  from: daySchema,
  to: daySchema,
  replace: z.boolean(),
});

/** A download and how far it is. */
export const downloadSchema = downloadOrderSchema.extend({
  id: z.number(),
  state: z.enum(DOWNLOAD_STATES),
  days: z.number(),
  doneDays: z.number(),
  skippedDays: z.number(),
  rows: z.number(),
  withinDay: z.number().min(0).max(1).exactOptional(),
  message: z.string().exactOptional(),
});

/** What can be done with a download; what is removed ends and leaves the list, while days that are done stay. */
export const DOWNLOAD_ACTIONS = ['Pause', 'Resume', 'Remove'] as const;
export type DownloadAction = (typeof DOWNLOAD_ACTIONS)[number];
