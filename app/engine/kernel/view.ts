import type { AccountState, Balance, Position } from '../domain/account.ts';
import type { ClientId } from '../domain/identifiers.ts';
import type { FlattenReceipt } from '../domain/input.ts';
import type { Fill, Order } from '../domain/order.ts';
import type { OrderEvidence } from '../domain/order-evidence.ts';
import { markPosition } from '../portfolio/position.ts';
import { accountStateOf, type Counters, type KernelState } from './state.ts';
import { receiptOf } from './handlers/flatten-receipt.ts';

/** Fills a view carries; the rest is in the count. */
const VIEW_FILLS = 1_000;

/** Everything a screen starts from; what changes after it follows as updates. */
export interface KernelView {
  readonly orders: readonly Order[];
  /** The last fills, oldest first. */
  readonly fills: readonly Fill[];
  readonly fillCount: number;
  /** What each source said last of the orders told about most recently. */
  readonly evidence: readonly OrderEvidence[];
  /** With mark and open result at this moment's quotes; between views screens compute them from quotes. */
  readonly positions: readonly Position[];
  readonly balances: readonly Balance[];
  readonly accounts: readonly AccountState[];
  readonly armed: readonly ClientId[];
  readonly receipts: readonly FlattenReceipt[];
  readonly counters: Counters;
}

/** The view of a state. */
export function viewOf(state: KernelState): KernelView {
  return {
    orders: [...state.orders.all()].map(({ order }) => order),
    fills: state.fills.recent(VIEW_FILLS),
    fillCount: state.fills.count,
    evidence: [...state.evidence.all()],
    positions: state.portfolio.positions().map((position) => {
      return markPosition(position, state.quotes.get(position.instrument)?.quote);
    }),
    balances: state.portfolio.balances(),
    accounts: [...state.accounts.values()].map(accountStateOf),
    armed: [...state.armed].sort(),
    receipts: [...state.flattens.values()].map((record) => receiptOf(state, record)),
    counters: state.counters,
  };
}
