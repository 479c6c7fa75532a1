import type { AccountState, Balance, Position, RiskLimits } from '../../engine/domain/account.ts';
import type { CommandResult } from '../../engine/domain/command.ts';
import type {
  AccountId,
  ClientId,
  ClientOrderId,
  Environment,
  InstrumentId,
} from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { OrderEvidence } from '../../engine/domain/order-evidence.ts';
import { isTerminal, type Fill, type Order } from '../../engine/domain/order.ts';
import type { TradeMessage } from '../client/trade-client.ts';

type Snapshot = Extract<TradeMessage, { type: 'Snapshot' }>;
/** One fact of `trade`, in the order it happened. */
export type Update = Extract<TradeMessage, { type: 'Updates' }>['updates'][number];
/** The progress and proof of a flatten or kill. */
export type Receipt = Snapshot['receipts'][number];

/** The window's copy of what `trade` holds: a snapshot, then updates. Replaced, never changed. */
export interface AccountReplica {
  /** False until the first snapshot and after a lost connection: nothing here may be acted on then. */
  readonly synced: boolean;
  readonly session: string;
  readonly environment: Environment | undefined;
  readonly client: ClientId | undefined;
  readonly armed: boolean;
  readonly accounts: readonly AccountState[];
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** In the order they were decided. */
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  /** Oldest first. */
  readonly fills: readonly Fill[];
  /** What each source said last, by order. */
  readonly evidence: ReadonlyMap<ClientOrderId, OrderEvidence>;
  readonly positions: readonly Position[];
  readonly balances: readonly Balance[];
  readonly receipts: readonly Receipt[];
  readonly limits: RiskLimits | undefined;
}

/** Ended orders and fills that a window keeps; older ones are in the journal. Working orders are all kept. */
export const MOST_ORDERS = 5000;
export const MOST_FILLS = 10_000;
/** What may pile up beyond that before it is cut back. */
const SLACK = 1000;

/** A replica before anything was heard. */
export const EMPTY_REPLICA: AccountReplica = {
  synced: false,
  session: '',
  environment: undefined,
  client: undefined,
  armed: false,
  accounts: [],
  instruments: new Map(),
  orders: new Map(),
  fills: [],
  evidence: new Map(),
  positions: [],
  balances: [],
  receipts: [],
  limits: undefined,
};

/** The replica that a snapshot makes; nothing of an earlier one survives. */
export function replicaFrom(snapshot: Snapshot): AccountReplica {
  return bounded({
    synced: true,
    session: snapshot.session,
    environment: snapshot.environment,
    client: snapshot.client,
    armed: snapshot.armed,
    accounts: snapshot.accounts,
    instruments: new Map(snapshot.instruments.map((instrument) => [instrument.id, instrument])),
    orders: new Map(
      snapshot.orders
        .toSorted((left, right) => left.decidedAt - right.decidedAt)
        .map((order) => [order.clientOrderId, order]),
    ),
    fills: snapshot.fills.toSorted((left, right) => left.receivedAt - right.receivedAt),
    evidence: new Map(snapshot.evidence.map((entry) => [entry.clientOrderId, entry])),
    positions: snapshot.positions,
    balances: snapshot.balances,
    receipts: snapshot.receipts,
    limits: snapshot.limits,
  });
}

/** The replica after a batch of updates. */
export function applyUpdates(replica: AccountReplica, updates: readonly Update[]): AccountReplica {
  let orders: Map<ClientOrderId, Order> | undefined;
  let fills: Map<string, Fill> | undefined;
  let evidence: Map<ClientOrderId, OrderEvidence> | undefined;
  let next = replica;
  for (const update of updates) {
    switch (update.type) {
      case 'OrderChanged':
        orders ??= new Map(replica.orders);
        orders.set(update.order.clientOrderId, update.order);
        break;
      case 'FillAdded':
        fills ??= new Map(replica.fills.map((fill) => [fillKey(fill), fill]));
        if (!fills.has(fillKey(update.fill))) fills.set(fillKey(update.fill), update.fill);
        break;
      case 'EvidenceChanged':
        evidence ??= new Map(replica.evidence);
        evidence.set(update.evidence.clientOrderId, update.evidence);
        break;
      case 'PositionChanged':
        next = { ...next, positions: upsert(next.positions, update.position, samePosition) };
        break;
      case 'BalanceChanged':
        next = { ...next, balances: upsert(next.balances, update.balance, sameBalance) };
        break;
      case 'AccountChanged':
        next = { ...next, accounts: upsert(next.accounts, update.account, sameAccount) };
        break;
      case 'ArmingChanged':
        if (update.client === next.client) next = { ...next, armed: update.armed };
        break;
      case 'FlattenChanged':
        next = { ...next, receipts: upsert(next.receipts, update.receipt, sameReceipt) };
        break;
      default:
    }
  }
  if (orders !== undefined) next = { ...next, orders };
  if (evidence !== undefined) next = { ...next, evidence };
  if (fills !== undefined) next = { ...next, fills: [...fills.values()] };
  return bounded(next);
}

/** The replica without what is older than a window keeps. */
function bounded(replica: AccountReplica): AccountReplica {
  const { orders, fills, evidence } = replica;
  let next = replica;
  if (fills.length > MOST_FILLS + SLACK) next = { ...next, fills: fills.slice(-MOST_FILLS) };
  if (orders.size <= MOST_ORDERS + SLACK) return next;
  let surplus = orders.size - MOST_ORDERS;
  const kept = new Map(orders);
  const keptEvidence = new Map(evidence);
  for (const [id, order] of orders) {
    if (surplus === 0) break;
    if (!isTerminal(order.status)) continue;
    kept.delete(id);
    keptEvidence.delete(id);
    surplus -= 1;
  }
  return { ...next, orders: kept, evidence: keptEvidence };
}

/** Answers among updates to commands of `client`. */
export function answersTo(
  updates: readonly Update[],
  client: ClientId | undefined,
): readonly CommandResult[] {
  const answers: CommandResult[] = [];
  for (const update of updates) {
    if (update.type === 'CommandAnswered' && update.client === client) answers.push(update.result);
  }
  return answers;
}

/** Orders that are not terminal. */
export function workingOrders(replica: Pick<AccountReplica, 'orders'>): readonly Order[] {
  return [...replica.orders.values()].filter((order) => !isTerminal(order.status));
}

/** The order itself while it works, else the one that works in its place after it was replaced. */
export function workingSuccessor(
  orders: AccountReplica['orders'],
  id: ClientOrderId,
): Order | undefined {
  const order = orders.get(id);
  if (order === undefined || !isTerminal(order.status)) return order;
  for (const next of orders.values()) {
    if (next.replaces === id) return workingSuccessor(orders, next.clientOrderId);
  }
  return undefined;
}

/** The account that trades an instrument: the one of its venue. */
export function accountOf(replica: AccountReplica, instrument: Instrument): AccountId | undefined {
  return replica.accounts.find((state) => state.account.startsWith(`${instrument.venue}/`))
    ?.account;
}

function upsert<T>(items: readonly T[], item: T, same: (left: T, right: T) => boolean): T[] {
  const at = items.findIndex((existing) => same(existing, item));
  return at < 0 ? [...items, item] : items.with(at, item);
}

// Two orders of the account that trade against each other have two fills of one trade id.
function fillKey({ tradeId, instrument, side }: Fill): string {
  return `${tradeId} ${side} ${instrument}`;
}

function samePosition(left: Position, right: Position): boolean {
  return left.account === right.account && left.instrument === right.instrument;
}

function sameBalance(left: Balance, right: Balance): boolean {
  return left.account === right.account && left.asset === right.asset;
}

function sameAccount(left: AccountState, right: AccountState): boolean {
  return left.account === right.account;
}

function sameReceipt(left: Receipt, right: Receipt): boolean {
  return left.id === right.id && left.account === right.account;
}
