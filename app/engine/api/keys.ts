import { z } from 'zod';
import { accountIdSchema, microsSchema } from './values.ts';
import { marketChoiceSchema } from './desk-start.ts';
import { venueUrlsSchema } from './supervision.ts';

/** The worlds of a venue that keys can be kept for. */
export const KEY_ENVIRONMENTS = ['testnet', 'live', 'sandbox'] as const;

const accountNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,40}$/, 'expected letters, digits, - and _');
const secretSchema = z.string().trim().min(1).max(512);
const passphraseSchema = z.string().min(1).max(1024);
/** `BINANCE@testnet/main`. */
const nameSchema = z.string().max(80);

const addSchema = z.strictObject({
  type: z.literal('Add'),
  environment: z.enum(KEY_ENVIRONMENTS),
  account: accountNameSchema,
  apiKey: secretSchema,
  secret: secretSchema,
  passphrase: passphraseSchema,
});
const listSchema = z.strictObject({ type: z.literal('List'), passphrase: passphraseSchema });
const testSchema = z.strictObject({
  type: z.literal('Test'),
  name: nameSchema,
  passphrase: passphraseSchema,
});
const removeSchema = z.strictObject({
  type: z.literal('Remove'),
  name: nameSchema,
  passphrase: passphraseSchema,
});
/** The engine is to trade the account from now on; of a live one its name is typed. */
const useSchema = z.strictObject({
  type: z.literal('Use'),
  name: nameSchema,
  typed: z.string().max(80),
  passphrase: passphraseSchema,
});
/** The account's name, typed: a live key that was shown for review is kept. */
const confirmSchema = z.strictObject({ type: z.literal('Confirm'), account: z.string().max(80) });

/** What is done with the vault, from a passphrase on. */
export const keyWorkSchema = z.discriminatedUnion('type', [
  addSchema,
  listSchema,
  testSchema,
  removeSchema,
  useSchema,
]);

/** Null: the one that the host has kept. */
const keptSchema = passphraseSchema.nullable();
/** When the passphrase is the right one, the host keeps it for the next time. */
const keepSchema = z.boolean().exactOptional();

/** What a window asks to be done with keys: they go this way and never come back. */
export const keyActSchema = z.discriminatedUnion('type', [
  addSchema,
  listSchema.extend({ passphrase: keptSchema, keep: keepSchema }),
  testSchema.extend({ passphrase: keptSchema, keep: keepSchema }),
  removeSchema.extend({ passphrase: keptSchema }),
  useSchema.extend({ passphrase: keptSchema }),
  confirmSchema,
  /** The passphrase that the host has kept is forgotten. */
  z.strictObject({ type: z.literal('Forget') }),
  /** What waits for its review is forgotten. */
  z.strictObject({ type: z.literal('Discard') }),
]);

/** What a key may do, in words, as the venue told. */
export const keyRightsSchema = z.strictObject({
  rights: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** A key of the vault as it may be shown. */
export const keyEntrySchema = z.strictObject({
  name: nameSchema,
  apiKeyTail: z.string().max(4),
  /** ISO 8601. */
  addedAt: z.string(),
});

/** What became of an act. */
export const keyAnswerSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('Done'),
    name: z.string(),
    rights: keyRightsSchema.exactOptional(),
  }),
  /** A live key that is about to be kept: it is when its account's name is typed. */
  z.strictObject({
    state: z.literal('Review'),
    name: z.string(),
    apiKeyTail: z.string().max(4),
    replaces: z.boolean(),
    rights: keyRightsSchema,
  }),
  z.strictObject({ state: z.literal('Refused'), code: z.string(), message: z.string() }),
]);

/** What main tells the process that opens the vault. */
export const keyCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('Work'),
    dataFolder: z.string(),
    /** Where the sandbox is, when there is one. */
    sandbox: venueUrlsSchema.exactOptional(),
    work: keyWorkSchema,
  }),
  confirmSchema,
]);

/** What that process answers; `entries` once the vault was open. */
export const keyReportSchema = z.strictObject({
  answer: keyAnswerSchema,
  entries: z.array(keyEntrySchema).exactOptional(),
  /** Of an account that is to be used: the market with its keys, for main alone. */
  market: marketChoiceSchema.exactOptional(),
});

/** The accounts there are: the one of this engine, and those of the vault once its passphrase was given. */
export const accountsSchema = z.strictObject({
  running: z.strictObject({
    account: accountIdSchema,
    /** Whose key it trades with; `nobody`: prices only. */
    with: z.enum(['vault', 'exchange', 'simulation', 'nobody']),
  }),
  /** There is a vault. */
  vault: z.boolean(),
  /** Whether its passphrase can be kept between two runs of the desk. `Typed`: the host has nowhere to; `Refused`: the system's key store does not protect. */
  passphrase: z.enum(['Typed', 'Refused', 'Keepable', 'Kept']),
  /** Null until somebody gave the passphrase. */
  keys: z
    .array(
      keyEntrySchema.extend({
        /** What the venue told of it last, in this run of the desk. */
        checked: keyRightsSchema.extend({ at: microsSchema }).nullable(),
      }),
    )
    .nullable(),
  /** For which keys can be added here. */
  environments: z.array(z.enum(KEY_ENVIRONMENTS)),
});

export type KeyWork = z.infer<typeof keyWorkSchema>;
export type KeyAct = z.infer<typeof keyActSchema>;
export type KeyRights = z.infer<typeof keyRightsSchema>;
export type KeyEntry = z.infer<typeof keyEntrySchema>;
export type KeyAnswer = z.infer<typeof keyAnswerSchema>;
export type KeyCommand = z.infer<typeof keyCommandSchema>;
export type KeyReport = z.infer<typeof keyReportSchema>;
export type Accounts = z.infer<typeof accountsSchema>;
