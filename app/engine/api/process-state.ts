import { z } from 'zod';

/** A process that main supervises. */
export const processSchema = z.strictObject({
  name: z.enum(['feed', 'trade', 'sandbox']),
  state: z.enum(['Starting', 'Running', 'Restarting', 'Stopped', 'Failed']),
  pid: z.number().exactOptional(),
  restarts: z.number(),
  detail: z.string().exactOptional(),
});

export type ProcessState = z.infer<typeof processSchema>;
