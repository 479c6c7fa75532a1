import { z } from 'zod';
import { INTERVALS } from '../domain/market.ts';
import { engineHealthSchema } from './health.ts';
import { accountsSchema, keyActSchema, keyAnswerSchema } from './keys.ts';
import { logEntrySchema } from './log.ts';
import { processSchema } from './process-state.ts';
import { settingsStateSchema, settingValueSchema } from './settings.ts';
import { killWaySchema, receiptSchema } from './orders.ts';
import { commandIdSchema, killRequestSchema, unrecordedLineSchema } from './supervision.ts';
import { workspaceChangeSchema, recoveryCopySchema } from './workspace-changes.ts';
import { deskDocumentSchema, deskWindowSchema, linkGroupSchema } from './workspace.ts';
import {
  accountIdSchema,
  clientOrderIdSchema,
  instrumentIdSchema,
  clientIdSchema,
  environmentSchema,
  microsSchema,
} from './values.ts';

export type { ProcessState } from './process-state.ts';

/** How far a kill or drill has come. Unproved: nothing is known of its effect, or only what `lines` say. */
const killStatusSchema = z.strictObject({
  request: killRequestSchema,
  state: z.enum(['Asked', 'KillMode', 'Taken', 'Unproved']),
  /** From main being asked to `trade` having begun. */
  takenAfterMicros: z.number().exactOptional(),
  detail: z.string(),
  lines: z.array(unrecordedLineSchema),
});

/** A kill or drill that came to its end, in this session or an earlier one. */
export const pastReceiptSchema = z.strictObject({
  session: z.string(),
  id: z.string(),
  commandId: z.string(),
  kind: z.enum(['Kill', 'Drill']),
  account: accountIdSchema.exactOptional(),
  client: clientIdSchema,
  via: killWaySchema.exactOptional(),
  askedAt: microsSchema,
  takenAfterMicros: z.number().exactOptional(),
  /** From being asked to the venue's proof, or to giving up. */
  totalMicros: z.number(),
  proved: z.boolean(),
  orders: z.number(),
  /** What was not proved and why. */
  detail: z.string(),
  /** On disk; not sent to windows. */
  receipt: receiptSchema.exactOptional(),
});

/** What was chosen in a link group; what is not named is as before. */
const groupSchema = {
  group: linkGroupSchema,
  choice: z.strictObject({
    instrument: instrumentIdSchema.exactOptional(),
    order: clientOrderIdSchema.exactOptional(),
    /** Null is every account. */
    account: accountIdSchema.nullable().exactOptional(),
    interval: z.enum(INTERVALS).exactOptional(),
    /** The time that is pointed at; null is none. */
    pointed: microsSchema.nullable().exactOptional(),
    /** The last time in sight; null is the newest there is. */
    seen: microsSchema.nullable().exactOptional(),
  }),
};

/** Markets that a desk changes to without a key: the one it was started on, the built-in exchange, and the venue's with prices only. */
export const KEYLESS_MARKETS = ['started', 'sandbox', 'testnet', 'live'] as const;

/** What a window asks of the host. */
export const hostRequestSchema = z.discriminatedUnion('type', [
  /** First of all: which window of the workspace this is, as its address says; `narrow` when it has less than 1,700 px. */
  z.strictObject({
    type: z.literal('AttachWindow'),
    window: deskWindowSchema.shape.id.nullable(),
    narrow: z.boolean(),
  }),
  /** One setting at another value; without one its default. */
  z.strictObject({
    type: z.literal('ChangeSetting'),
    key: z.string().max(100),
    value: settingValueSchema.exactOptional(),
  }),
  /** `number` counts the changes of this window; the answer repeats it. */
  z.strictObject({
    type: z.literal('ChangeWorkspace'),
    number: z.int().nonnegative(),
    change: workspaceChangeSchema,
  }),
  /** What was chosen in a source of a link group. */
  z.strictObject({ type: z.literal('SetGroup'), ...groupSchema }),
  /** The engine is to run on another market from now on, one that needs no key of the vault. */
  z.strictObject({ type: z.literal('UseMarket'), market: z.enum(KEYLESS_MARKETS) }),
  /** Something with the keys of the vault; `number` counts them, the answer repeats it. */
  z.strictObject({ type: z.literal('Keys'), number: z.int().nonnegative(), act: keyActSchema }),
  /** A kill, or with `drill` its rehearsal: main hands it to `trade` and watches that it is taken. */
  z.strictObject({
    type: z.literal('Kill'),
    commandId: commandIdSchema,
    via: killWaySchema,
    drill: z.boolean(),
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
    /** Name of the engine's session; another one, and everything that a window holds is of another market. */
    session: z.string(),
    /** The markets it can change to without a key. */
    markets: z.array(
      z.strictObject({
        market: z.enum(KEYLESS_MARKETS),
        environment: environmentSchema,
        title: z.string(),
      }),
    ),
    processes: z.array(processSchema),
  }),
  z.strictObject({ type: z.literal('Processes'), processes: z.array(processSchema) }),
  /** The workspaces after a change: windows are views of them. */
  z.strictObject({
    type: z.literal('Workspaces'),
    revision: z.number(),
    /** Another number: every window loads its panels anew and nobody stays armed. */
    loads: z.number(),
    document: deskDocumentSchema,
    /** The window that is shown here; null when others show them all. */
    window: z.string().nullable(),
    /** The windows that somebody shows. */
    open: z.array(z.string()),
    /** The change of this window that is in it, or was refused, last. */
    answered: z.number().nullable(),
  }),
  /** What can be restored, newest first. */
  z.strictObject({ type: z.literal('Copies'), copies: z.array(recoveryCopySchema) }),
  /** The workspace file was not used, or cannot be written. */
  z.strictObject({ type: z.literal('WorkspaceProblem'), code: z.string(), message: z.string() }),
  /** A link group's choice, in the order in which main heard them; `own` when it came from this window. */
  z.strictObject({ type: z.literal('Group'), ...groupSchema, own: z.boolean() }),
  /** New records of the log, oldest first; the first ones a window gets are the newest of those before it came. */
  z.strictObject({ type: z.literal('Log'), entries: z.array(logEntrySchema) }),
  /** Every setting, at the beginning and when one has changed, here or in the file. */
  settingsStateSchema.extend({ type: z.literal('Settings') }),
  /** What became of an act with keys, for the window that asked. */
  z.strictObject({
    type: z.literal('Keys'),
    number: z.int().nonnegative(),
    answer: keyAnswerSchema,
  }),
  accountsSchema.extend({ type: z.literal('Accounts') }),
  z.strictObject({ type: z.literal('Health'), health: engineHealthSchema }),
  z.strictObject({ type: z.literal('Kill'), status: killStatusSchema }),
  /** A kill's or drill's receipt as it grows. */
  z.strictObject({ type: z.literal('Receipt'), receipt: receiptSchema }),
  /** Past kills and drills, oldest first. */
  z.strictObject({ type: z.literal('Receipts'), receipts: z.array(pastReceiptSchema) }),
  z.strictObject({ type: z.literal('Refused'), code: z.string(), message: z.string() }),
]);

export type KeylessMarket = (typeof KEYLESS_MARKETS)[number];
export type HostRequest = z.infer<typeof hostRequestSchema>;
export type HostMessage = z.infer<typeof hostMessageSchema>;
export type KillStatus = z.infer<typeof killStatusSchema>;
export type PastReceipt = z.infer<typeof pastReceiptSchema>;
export type Receipt = z.infer<typeof receiptSchema>;
