import { z } from 'zod';
import { environmentSchema } from './values.ts';

/** A process that main supervises. */
export const processSchema = z.strictObject({
  name: z.enum(['feed', 'trade', 'sandbox']),
  state: z.enum(['Starting', 'Running', 'Restarting', 'Stopped', 'Failed']),
  pid: z.number().exactOptional(),
  restarts: z.number(),
  detail: z.string().exactOptional(),
});

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
  z.strictObject({ type: z.literal('Refused'), code: z.string(), message: z.string() }),
]);

export type WorkspaceDocument = z.infer<typeof workspaceSchema>;
export type HostRequest = z.infer<typeof hostRequestSchema>;
export type HostMessage = z.infer<typeof hostMessageSchema>;
export type ProcessState = z.infer<typeof processSchema>;
