import { z } from 'zod';
import { EVIDENCE_SOURCES } from '../domain/order-evidence.ts';
import { KILL_WAYS } from '../domain/command.ts';
import { DERIVATIVES } from '../domain/instrument.ts';
import { ORDER_STATUSES } from '../domain/order.ts';
import {
  accountIdSchema,
  assetCodeSchema,
  bigintSchema,
  clientIdSchema,
  clientOrderIdSchema,
  instrumentIdSchema,
  microsSchema,
  priceSchema,
  quantitySchema,
  signedQuantitySchema,
  tradeIdSchema,
  venueIdSchema,
  venueOrderIdSchema,
} from './values.ts';

/** Wire forms of the domain values of `domain/order.ts`, `account.ts`, `instrument.ts` and `input.ts`. */
export const sideSchema = z.enum(['Buy', 'Sell']);

const terms = {
  instrument: instrumentIdSchema,
  account: accountIdSchema,
  side: sideSchema,
  type: z.enum(['Limit', 'Market', 'Stop', 'StopLimit']),
  quantity: quantitySchema,
  price: priceSchema.exactOptional(),
  stopPrice: priceSchema.exactOptional(),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK']),
  postOnly: z.boolean(),
  reduceOnly: z.boolean(),
  displayQuantity: quantitySchema.exactOptional(),
  tag: z.string().exactOptional(),
  bracket: z
    .strictObject({
      takeProfit: priceSchema.exactOptional(),
      stopLoss: priceSchema.exactOptional(),
    })
    .exactOptional(),
};

export const orderTermsSchema = z.strictObject(terms);

const originSchema = z.enum(['Manual', 'Flatten', 'Bracket', 'External']);

export const orderSchema = z.strictObject({
  ...terms,
  clientOrderId: clientOrderIdSchema,
  venueOrderId: venueOrderIdSchema.exactOptional(),
  origin: originSchema,
  client: clientIdSchema.exactOptional(),
  status: z.enum(ORDER_STATUSES),
  unknownSince: microsSchema.exactOptional(),
  cumQty: quantitySchema,
  leavesQty: quantitySchema,
  cumNotional: bigintSchema,
  pending: z
    .strictObject({ quantity: quantitySchema, price: priceSchema.exactOptional() })
    .exactOptional(),
  replaces: clientOrderIdSchema.exactOptional(),
  parent: clientOrderIdSchema.exactOptional(),
  contingency: z
    .strictObject({ type: z.literal('OneCancelsOther'), sibling: clientOrderIdSchema })
    .exactOptional(),
  reason: z.strictObject({ code: z.string(), message: z.string() }).exactOptional(),
  decidedAt: microsSchema,
  arrival: z.strictObject({ bid: priceSchema, ask: priceSchema }).exactOptional(),
  submittedAt: microsSchema.exactOptional(),
  acceptedAt: microsSchema.exactOptional(),
  venueAcceptedAt: microsSchema.exactOptional(),
  triggeredAt: microsSchema.exactOptional(),
  updatedAt: microsSchema,
});

export const fillSchema = z.strictObject({
  tradeId: tradeIdSchema,
  clientOrderId: clientOrderIdSchema,
  venueOrderId: venueOrderIdSchema,
  instrument: instrumentIdSchema,
  account: accountIdSchema,
  side: sideSchema,
  lastPx: priceSchema,
  lastQty: quantitySchema,
  liquidity: z.enum(['Maker', 'Taker']),
  fee: bigintSchema,
  feeScale: z.number(),
  feeAsset: z.string(),
  venueTime: microsSchema,
  receivedAt: microsSchema,
});

/** Wire form of `domain/order-evidence.ts`. */
export const evidenceSchema = z.strictObject({
  clientOrderId: clientOrderIdSchema,
  account: accountIdSchema,
  instrument: instrumentIdSchema,
  statements: z.array(
    z.strictObject({
      source: z.enum(EVIDENCE_SOURCES),
      says: z.enum(['State', 'NotFound', 'Fills', 'Refused', 'NoAnswer', 'NotSent', 'Failed']),
      status: z
        .enum(['Accepted', 'PartiallyFilled', 'Filled', 'Canceled', 'Rejected', 'Expired'])
        .exactOptional(),
      cumQty: quantitySchema.exactOptional(),
      code: z.string().exactOptional(),
      venueTime: microsSchema,
      receivedAt: microsSchema,
    }),
  ),
});

export const positionSchema = z.strictObject({
  account: accountIdSchema,
  instrument: instrumentIdSchema,
  quantity: signedQuantitySchema,
  openCost: bigintSchema,
  realized: bigintSchema,
  day: z.strictObject({ start: microsSchema, realizedBefore: bigintSchema }).exactOptional(),
  boughtQuantity: bigintSchema,
  soldQuantity: bigintSchema,
  mark: priceSchema.exactOptional(),
  unrealized: bigintSchema.exactOptional(),
  fees: z.array(
    z.strictObject({ asset: assetCodeSchema, amount: bigintSchema, scale: z.number() }),
  ),
});

export const balanceSchema = z.strictObject({
  account: accountIdSchema,
  asset: assetCodeSchema,
  scale: z.number(),
  free: bigintSchema,
  locked: bigintSchema,
});

export const accountStateSchema = z.strictObject({
  account: accountIdSchema,
  tradingState: z.enum(['Locked', 'Active', 'Reducing', 'Halted']),
  connected: z.boolean(),
  reconciliation: z.strictObject({
    state: z.enum(['Pending', 'Agrees', 'Differs']),
    differences: z.array(z.string()),
    at: z.number().exactOptional(),
  }),
  feeRates: z
    .strictObject({ maker: z.number(), taker: z.number(), at: microsSchema })
    .exactOptional(),
});

export const limitsSchema = z.strictObject({
  maxOrderNotional: bigintSchema,
  maxPositionNotional: bigintSchema,
  maxOpenOrders: z.number(),
  maxOrdersPerWindow: z.number(),
  orderRateWindowMicros: z.number(),
  priceCollarBps: z.number(),
  maxDistanceBps: z.number(),
  staleAfterMicros: z.number(),
  duplicateWindowMicros: z.number(),
});

export const instrumentSchema = z.strictObject({
  id: instrumentIdSchema,
  venue: venueIdSchema,
  symbol: z.string(),
  base: assetCodeSchema,
  quote: assetCodeSchema,
  baseScale: z.number(),
  quoteScale: z.number(),
  priceScale: z.number(),
  quantityScale: z.number(),
  tickSize: priceSchema,
  minPrice: priceSchema,
  maxPrice: priceSchema,
  stepSize: quantitySchema,
  minQuantity: quantitySchema,
  maxQuantity: quantitySchema,
  minNotional: bigintSchema,
  maxDisplayParts: z.number().exactOptional(),
  derivative: z.enum(DERIVATIVES).exactOptional(),
  quantityUnit: z.string().exactOptional(),
  orderLists: z.boolean().exactOptional(),
  status: z.enum(['Trading', 'Halted', 'CancelOnly', 'Closed']),
});

/** The way a kill or drill was asked for. */
export const killWaySchema = z.enum(KILL_WAYS);

const receiptLineSchema = z.strictObject({
  instrument: instrumentIdSchema,
  symbol: z.string(),
  base: assetCodeSchema,
  quote: assetCodeSchema,
  baseScale: z.number(),
  priceScale: z.number(),
  quantityScale: z.number(),
  orders: z.array(
    z.strictObject({
      clientOrderId: clientOrderIdSchema,
      origin: originSchema,
      side: sideSchema,
      outcome: z.enum(['Open', 'Unknown', 'Canceled', 'Filled', 'Ended', 'WouldCancel']),
      filled: z.number(),
      detail: z.string(),
      at: microsSchema,
    }),
  ),
  canceled: z.number(),
  before: z.number(),
  fills: z.array(
    z.strictObject({
      tradeId: tradeIdSchema,
      clientOrderId: clientOrderIdSchema,
      lastPx: priceSchema,
      lastQty: quantitySchema,
      at: microsSchema,
    }),
  ),
  closedQuantity: z.number(),
  toClose: z.number(),
  remaining: z.number(),
  dust: z.boolean(),
  worth: bigintSchema.exactOptional(),
  baseline: bigintSchema.exactOptional(),
  proved: z.boolean(),
  detail: z.string(),
});

export const receiptSchema = z.strictObject({
  id: z.string(),
  commandId: z.string(),
  client: clientIdSchema,
  via: killWaySchema.exactOptional(),
  account: accountIdSchema,
  kind: z.enum(['Flatten', 'Kill', 'Drill']),
  step: z.enum([
    'Canceling',
    'ConfirmingCanceled',
    'Closing',
    'ConfirmingFlat',
    'Unproved',
    'Drilling',
    'Done',
  ]),
  flat: z.boolean(),
  lines: z.array(receiptLineSchema),
  unproved: z.array(z.string()),
  askedAt: microsSchema,
  startedAt: microsSchema,
  canceledAt: microsSchema.exactOptional(),
  updatedAt: microsSchema,
});
