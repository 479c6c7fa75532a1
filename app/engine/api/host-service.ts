import { z } from 'zod';
import { engineHealthSchema } from './health.ts';
import { logEntrySchema } from './log.ts';
import { processSchema } from './process-state.ts';
import { environmentSchema } from './values.ts';

export type { ProcessState } from './process-state.ts';

/** The workspace with the revision it has; windows are views of it. */
export const workspaceSchema = z.strictObject({ revision: z.number(), document: z.json() });

/** What a window asks of the host. */
export const hostRequestSchema = z.discriminatedUnion('type', [
  /** `revision` is the one the change was made on; another revision is refused with the newest document. */
  z.strictObject({
    type: z.literal('SaveWorkspace'),
    revision: z.number(),
    document: z.json(),
  }),
]);

/** What the host tells a window. */
export const hostMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('Welcome'),
    version: z.string(),
    host: z.enum(['browser', 'electron']),
    environment: environmentSchema,
    /** What is being watched, in words for titles: `Sandbox, seed 7`. */
    title: z.string(),
    processes: z.array(processSchema),
    workspace: workspaceSchema,
  }),
  z.strictObject({ type: z.literal('Processes'), processes: z.array(processSchema) }),
  z.strictObject({
    type: z.literal('Workspace'),
    revision: z.number(),
    document: z.json(),
  }),
  /** New records of the log, oldest first; the first ones a window gets are the newest of those before it came. */
  z.strictObject({ type: z.literal('Log'), entries: z.array(logEntrySchema) }),
  z.strictObject({ type: z.literal('Health'), health: engineHealthSchema }),
  z.strictObject({ type: z.literal('Refused'), code: z.string(), message: z.string() }),
]);

export type WorkspaceDocument = z.infer<typeof workspaceSchema>;
export type HostRequest = z.infer<typeof hostRequestSchema>;
export type HostMessage = z.infer<typeof hostMessageSchema>;
