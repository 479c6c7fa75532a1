import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { AccountState, Balance, Position, RiskLimits } from '../domain/account.ts';
import type { WindowCommand } from '../domain/command.ts';
import type { FlattenReceipt, Update } from '../domain/input.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderEvidence } from '../domain/order-evidence.ts';
import type { Fill, Order, OrderTerms } from '../domain/order.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import {
  orderSchema,
  type accountStateSchema,
  type balanceSchema,
  type evidenceSchema,
  type fillSchema,
  type instrumentSchema,
  type limitsSchema,
  type orderTermsSchema,
  type positionSchema,
  type receiptSchema,
} from './orders.ts';
import { commandSchema, updateSchema } from './trade-service.ts';

type Plain = string | number | bigint | boolean | undefined;

/** The same value with every field writable. */
type Writable<T> = T extends Plain
  ? T
  : T extends readonly (infer One)[]
    ? Writable<One>[]
    : { -readonly [Key in keyof T]: Writable<T[Key]> };

/** The same value with every optional field there, so that a field one side lacks cannot hide. */
type Complete<T> = T extends Plain
  ? T
  : T extends readonly (infer One)[]
    ? Complete<One>[]
    : { -readonly [Key in keyof T]-?: Complete<T[Key]> };

/** The same fields without the brands and literals of their values. */
type Loose<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends Plain
      ? T
      : T extends readonly (infer One)[]
        ? Loose<One>[]
        : { readonly [Key in keyof T]: Loose<T[Key]> };

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never;

/** `true` when what travels is exactly what the domain holds; otherwise this file does not compile. */
type Agrees<Schema extends z.ZodType, Domain> = [
  Same<z.output<Schema>, Writable<Domain>>,
  Same<Complete<z.output<Schema>>, Complete<Domain>>,
];

const BOTH = [true, true] as const;
const AGREEMENTS = {
  terms: BOTH satisfies Readonly<Agrees<typeof orderTermsSchema, OrderTerms>>,
  order: BOTH satisfies Readonly<Agrees<typeof orderSchema, Order>>,
  fill: BOTH satisfies Readonly<Agrees<typeof fillSchema, Fill>>,
  evidence: BOTH satisfies Readonly<Agrees<typeof evidenceSchema, OrderEvidence>>,
  position: BOTH satisfies Readonly<Agrees<typeof positionSchema, Position>>,
  balance: BOTH satisfies Readonly<Agrees<typeof balanceSchema, Balance>>,
  account: BOTH satisfies Readonly<Agrees<typeof accountStateSchema, AccountState>>,
  limits: BOTH satisfies Readonly<Agrees<typeof limitsSchema, RiskLimits>>,
  instrument: BOTH satisfies Readonly<Agrees<typeof instrumentSchema, Instrument>>,
  receipt: BOTH satisfies Readonly<Agrees<typeof receiptSchema, FlattenReceipt>>,
  command: BOTH satisfies Readonly<Agrees<typeof commandSchema, WindowCommand>>,
  update: BOTH satisfies Readonly<Agrees<typeof updateSchema, Update>>,
};

const ORDER = {
  instrument: 'BTCUSDT.BINANCE@sandbox',
  account: 'BINANCE@sandbox/main',
  side: 'Buy',
  type: 'StopLimit',
  quantity: 5,
  price: 7,
  stopPrice: 6,
  timeInForce: 'GTC',
  postOnly: true,
  reduceOnly: false,
  displayQuantity: 1,
  tag: 'morning 1',
  bracket: { takeProfit: 9, stopLoss: 5 },
  clientOrderId: 'qd-1',
  venueOrderId: '99',
  origin: 'Manual',
  client: 'desk-1',
  status: 'PendingReplace',
  unknownSince: 11,
  cumQty: 2,
  leavesQty: 3,
  cumNotional: 12_345_678_901_234_567_890n,
  pending: { quantity: 6, price: 8 },
  replaces: 'qd-0',
  parent: 'qd-9',
  contingency: { type: 'OneCancelsOther', sibling: 'qd-8' },
  reason: { code: 'CODE', message: 'words' },
  decidedAt: 1,
  arrival: { bid: 6, ask: 7 },
  submittedAt: 2,
  acceptedAt: 3,
  triggeredAt: 4,
  venueAcceptedAt: 5,
  updatedAt: 6,
} satisfies Loose<Complete<Order>>;

const POSITION = {
  account: 'BINANCE@sandbox/main',
  instrument: 'BTCUSDT.BINANCE@sandbox',
  quantity: -5,
  openCost: -(10n ** 40n),
  realized: 1n,
  day: { start: 6, realizedBefore: -7n },
  boughtQuantity: 2n,
  soldQuantity: 3n,
  mark: 4,
  unrealized: -5n,
  fees: [{ asset: 'BNB', amount: -6n, scale: 8 }],
} satisfies Loose<Complete<Position>>;

const FILL = {
  tradeId: '1',
  clientOrderId: 'qd-1',
  venueOrderId: '2',
  instrument: 'BTCUSDT.BINANCE@sandbox',
  account: 'BINANCE@sandbox/main',
  side: 'Sell',
  lastPx: 1,
  lastQty: 2,
  liquidity: 'Taker',
  fee: -3n,
  feeScale: 8,
  feeAsset: 'BNB',
  venueTime: 4,
  receivedAt: 5,
} satisfies Loose<Complete<Fill>>;

const RECEIPT = {
  id: 'qd-5',
  commandId: 'command-1',
  client: 'desk-1',
  via: 'Key',
  account: 'BINANCE@sandbox/main',
  kind: 'Kill',
  step: 'Done',
  flat: true,
  lines: [
    {
      instrument: 'BTCUSDT.BINANCE@sandbox',
      symbol: 'BTCUSDT',
      base: 'BTC',
      quote: 'USDT',
      baseScale: 8,
      priceScale: 2,
      quantityScale: 5,
      orders: [
        {
          clientOrderId: 'qd-1',
          origin: 'External',
          side: 'Sell',
          outcome: 'Canceled',
          filled: 1,
          detail: 'words',
          at: 5,
        },
      ],
      canceled: 1,
      before: -9,
      fills: [{ tradeId: '1', clientOrderId: 'qd-2', lastPx: 3, lastQty: 4, at: 6 }],
      closedQuantity: 2,
      toClose: 3,
      remaining: 3,
      dust: true,
      worth: 10n ** 30n,
      baseline: 500_000_000n,
      proved: true,
      detail: 'words',
    },
  ],
  unproved: ['words'],
  askedAt: 1,
  startedAt: 2,
  canceledAt: 3,
  updatedAt: 4,
} satisfies Loose<Complete<FlattenReceipt>>;

/** One of each kind, with every optional field; a kind that is added and missing here does not compile. */
const UPDATES = {
  OrderChanged: { type: 'OrderChanged', order: ORDER },
  FillAdded: { type: 'FillAdded', fill: FILL },
  EvidenceChanged: {
    type: 'EvidenceChanged',
    evidence: {
      clientOrderId: 'qd-1',
      account: 'A/main',
      instrument: 'BTCUSDT.BINANCE@sandbox',
      statements: [
        {
          source: 'Query',
          says: 'State',
          status: 'PartiallyFilled',
          cumQty: 2,
          code: 'CODE',
          venueTime: 1,
          receivedAt: 2,
        },
      ],
    },
  },
  PositionChanged: { type: 'PositionChanged', position: POSITION },
  BalanceChanged: {
    type: 'BalanceChanged',
    balance: { account: 'A/main', asset: 'BTC', scale: 8, free: 1n, locked: 0n },
  },
  AccountChanged: {
    type: 'AccountChanged',
    account: {
      account: 'A/main',
      tradingState: 'Reducing',
      connected: true,
      reconciliation: { state: 'Differs', differences: ['words'], at: 5 },
      feeRates: { maker: 75_000, taker: 100_000, at: 6 },
    },
  },
  ArmingChanged: { type: 'ArmingChanged', client: 'desk-1', armed: true },
  CommandAnswered: {
    type: 'CommandAnswered',
    result: { commandId: 'command-1', ok: false, orders: ['qd-1'], code: 'CODE', message: 'words' },
    client: 'desk-1',
  },
  FlattenChanged: { type: 'FlattenChanged', receipt: RECEIPT },
  Alert: { type: 'Alert', level: 'Warning', code: 'CODE', message: 'words' },
} satisfies { readonly [Type in Update['type']]: Loose<Complete<Extract<Update, { type: Type }>>> };

describe('what travels to windows', () => {
  test('is what the domain holds, field by field', () => {
    expect(Object.values(AGREEMENTS).flat()).not.toContain(false);
  });

  test.each(Object.entries(UPDATES))(
    '%s with every optional field arrives as it was',
    (_, update) => {
      const text = encodeMessage(updateSchema, update as unknown as z.output<typeof updateSchema>);
      expect(decodeMessage(updateSchema, text)).toEqual({ ok: true, value: update });
    },
  );

  test('every optional field of an order may be absent', () => {
    const bare = Object.fromEntries(
      Object.entries(ORDER).filter(([key]) => {
        const optional = [
          'price',
          'stopPrice',
          'venueOrderId',
          'client',
          'unknownSince',
          'pending',
          'displayQuantity',
          'tag',
          'bracket',
          'parent',
          'contingency',
        ];
        return (
          ![...optional, 'replaces', 'reason'].includes(key) && !/(?<!decided|updated)At$/.test(key)
        );
      }),
    ) as unknown as z.output<typeof orderSchema>;
    const text = encodeMessage(orderSchema, bare);
    expect(decodeMessage(orderSchema, text)).toEqual({ ok: true, value: bare });
  });
});

describe('decodeMessage', () => {
  test.each([
    ['text that is no JSON', '{'],
    ['another type', '7'],
    ['an own field called __proto__', '{"type":"Arm","__proto__":{"x":1}}'],
    ['depth that no command has', `{"type":"Arm","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('%s is refused with a reason', (_, text) => {
    expect(decodeMessage(commandSchema, text)).toMatchObject({
      ok: false,
      error: { code: 'MESSAGE_MALFORMED' },
    });
  });
});
