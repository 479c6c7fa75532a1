import { z } from 'zod';
import {
  accountStateSchema,
  balanceSchema,
  evidenceSchema,
  fillSchema,
  instrumentSchema,
  limitsSchema,
  orderSchema,
  orderTermsSchema,
  positionSchema,
  receiptSchema,
  sideSchema,
} from './orders.ts';
import { commandIdSchema } from './supervision.ts';
import {
  accountIdSchema,
  clientIdSchema,
  clientOrderIdSchema,
  environmentSchema,
  instrumentIdSchema,
  microsSchema,
  priceSchema,
  quantitySchema,
} from './values.ts';

/** What a client asks the kernel: `domain/command.ts` without Kill and Drill, which main is asked for. */
export const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('SubmitOrder'), terms: orderTermsSchema }),
  z.strictObject({ type: z.literal('CancelOrder'), clientOrderId: clientOrderIdSchema }),
  z.strictObject({
    type: z.literal('ReplaceOrder'),
    clientOrderId: clientOrderIdSchema,
    quantity: quantitySchema,
    price: priceSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal('CancelAll'),
    account: accountIdSchema,
    instrument: instrumentIdSchema.exactOptional(),
    side: sideSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal('Flatten'),
    account: accountIdSchema,
    instrument: instrumentIdSchema.exactOptional(),
  }),
  z.strictObject({ type: z.literal('Unlock'), account: accountIdSchema }),
  z.strictObject({ type: z.literal('Lock'), account: accountIdSchema }),
  z.strictObject({ type: z.literal('AcceptBalances'), account: accountIdSchema }),
  z.strictObject({ type: z.literal('QueryOrder'), clientOrderId: clientOrderIdSchema }),
  z.strictObject({ type: z.literal('Arm') }),
  z.strictObject({ type: z.literal('Disarm') }),
]);

/** What a client sends to `trade`. `commandId` is the idempotency key: 8 to 64 of [A-Za-z0-9-]. */
export const tradeRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('Execute'),
    commandId: commandIdSchema,
    command: commandSchema,
  }),
  /** Asks what risk would say of an order now; changes nothing. */
  z.strictObject({ type: z.literal('Preview'), request: z.number(), terms: orderTermsSchema }),
]);

export const commandResultSchema = z.strictObject({
  commandId: z.string(),
  ok: z.boolean(),
  orders: z.array(clientOrderIdSchema),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
});

/** Facts, in the order they happened; never conflated: `domain/input.ts` Update. */
export const updateSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('OrderChanged'), order: orderSchema }),
  z.strictObject({ type: z.literal('FillAdded'), fill: fillSchema }),
  z.strictObject({ type: z.literal('EvidenceChanged'), evidence: evidenceSchema }),
  z.strictObject({ type: z.literal('PositionChanged'), position: positionSchema }),
  z.strictObject({ type: z.literal('BalanceChanged'), balance: balanceSchema }),
  z.strictObject({ type: z.literal('AccountChanged'), account: accountStateSchema }),
  z.strictObject({ type: z.literal('ArmingChanged'), client: clientIdSchema, armed: z.boolean() }),
  z.strictObject({
    type: z.literal('CommandAnswered'),
    result: commandResultSchema,
    client: clientIdSchema,
  }),
  z.strictObject({ type: z.literal('FlattenChanged'), receipt: receiptSchema }),
  z.strictObject({
    type: z.literal('Alert'),
    level: z.enum(['Info', 'Warning', 'Error']),
    code: z.string(),
    message: z.string(),
  }),
]);

/** Health of the kernel and its journal. Durations in nanoseconds. */
export const tradeHealthSchema = z.strictObject({
  inputs: z.number(),
  marketInputs: z.number(),
  kernelP50Nanos: z.number(),
  kernelP99Nanos: z.number(),
  journalRecords: z.number(),
  journalBytes: z.number(),
  journalP99Nanos: z.number(),
  ringLost: z.number(),
  refusedEvents: z.number(),
});

/** What `trade` sends. A Snapshot replaces all; Updates follow it. */
export const tradeMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('Snapshot'),
    session: z.string(),
    environment: environmentSchema,
    client: clientIdSchema,
    armed: z.boolean(),
    accounts: z.array(accountStateSchema),
    instruments: z.array(instrumentSchema),
    orders: z.array(orderSchema),
    fills: z.array(fillSchema),
    evidence: z.array(evidenceSchema),
    positions: z.array(positionSchema),
    balances: z.array(balanceSchema),
    receipts: z.array(receiptSchema),
    limits: limitsSchema,
    at: microsSchema,
  }),
  z.strictObject({
    type: z.literal('Updates'),
    /** When the newest of them was told, engine's clock. */
    at: microsSchema,
    updates: z.array(updateSchema),
  }),
  z.strictObject({
    type: z.literal('Previewed'),
    request: z.number(),
    ok: z.boolean(),
    code: z.string(),
    message: z.string(),
  }),
  /** Once a second, so that silence says something. */
  z.strictObject({ type: z.literal('Health'), at: microsSchema, health: tradeHealthSchema }),
  z.strictObject({ type: z.literal('Refused'), code: z.string(), message: z.string() }),
]);

export type TradeRequest = z.infer<typeof tradeRequestSchema>;
export type TradeMessage = z.infer<typeof tradeMessageSchema>;
export type TradeHealth = z.infer<typeof tradeHealthSchema>;
