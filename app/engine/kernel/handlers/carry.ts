import type { AccountCarry, CarriedAccount, UncarriedAccount } from '../../domain/carried.ts';
import type { AccountId, InstrumentId } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { signedQuantity } from '../../domain/price.ts';
import { isTerminal, type Fill } from '../../domain/order.ts';
import { FillStore } from '../../orders/fill-store.ts';
import { needsAttention, type OrderRecord } from '../../orders/order-book-of-record.ts';
import { isAfterMark } from '../../orders/trade-history.ts';
import { emptyPosition } from '../../portfolio/position.ts';
import type { KernelContext } from '../context.ts';
import { saveOrder } from '../order-changes.ts';
import type { AccountRecord, KernelState } from '../state.ts';
import { activeFlattens } from './flatten-scope.ts';

/** Ended orders carried on, so that what is told of them late finds them. */
const ENDED_CARRIED = 1_000;

/** Orders that are not over, those that ended last, and those of trades that the venue will be asked for again. */
function ordersToCarry(
  state: KernelState,
  account: AccountId,
  unread: readonly Fill[],
): OrderRecord[] {
  const all = [...state.orders.all()].filter(({ order }) => order.account === account);
  const isOver = (record: OrderRecord): boolean =>
    isTerminal(record.order.status) && !needsAttention(record);
  const recent = new Set(all.filter(isOver).slice(-ENDED_CARRIED));
  const asked = new Set(unread.map(({ clientOrderId }) => clientOrderId));
  return all.filter(
    (record) => !isOver(record) || recent.has(record) || asked.has(record.order.clientOrderId),
  );
}

/** Trades of an account that its history has not been read up to. */
function unreadFills(state: KernelState, account: AccountId): Fill[] {
  const marks = state.accounts.get(account)?.history ?? [];
  return state.fills.all().filter((fill) => fill.account === account && isAfterMark(marks, fill));
}

function fillsToCarry(state: KernelState, account: AccountId, orders: OrderRecord[]): Fill[] {
  const carried = new Set(orders.map(({ order }) => order.clientOrderId));
  return state.fills
    .all()
    .filter((fill) => fill.account === account && carried.has(fill.clientOrderId));
}

/** What the next session must know of an account; undefined when it is not among ours. */
export function carryOf(state: KernelState, account: AccountId): AccountCarry | undefined {
  const record = state.accounts.get(account);
  if (record === undefined) return undefined;
  const { since, readTo, venueAccount, doubt, history } = record;
  const positions = state.portfolio.positions().filter((one) => one.account === account);
  const orders = ordersToCarry(state, account, unreadFills(state, account));
  const fills = fillsToCarry(state, account, orders);
  const named = new Set<InstrumentId>([
    ...positions.map(({ instrument }) => instrument),
    ...orders.map(({ order }) => order.instrument),
  ]);
  return {
    account,
    at: state.now,
    tradingState: record.tradingState === 'Halted' ? 'Halted' : 'Locked',
    since,
    ...(readTo === undefined ? {} : { readTo }),
    ...(venueAccount === undefined ? {} : { venueAccount }),
    ...(doubt === undefined ? {} : { doubt }),
    history,
    instruments: [...named].sort().map((id): Instrument => state.instrument(id)),
    positions,
    ledger: state.portfolio.ledger(account).lines(),
    // Questions begin anew with the session.
    orders: orders.map(
      ({ queriedAt: _queriedAt, firstNegativeAt: _negativeAt, owedSince: _owedSince, ...one }) =>
        one,
    ),
    fills,
    strays: [...state.strays.values()]
      .filter((stray) => stray.account === account)
      .map(({ clientOrderId, instrument, reports }) => ({ clientOrderId, instrument, reports })),
    unfinished: activeFlattens(state)
      .filter((one) => one.account === account)
      .map(({ id, kind, step }) => `${kind} ${id}, step ${step}`),
  };
}

/** Takes up an account, whose instruments are known, where its last session left it: what it held counts as if it had been traded here. */
export function carryIn(context: KernelContext, carried: CarriedAccount): void {
  const { state, gate } = context;
  const { account, session, positions, orders, fills } = carried;
  const { tradingState, since, readTo, venueAccount, doubt, history } = carried;
  context.saveAccount({
    account,
    tradingState,
    connected: false,
    reconciliation: { state: 'Pending', differences: [] },
    since,
    ...(readTo === undefined ? {} : { readTo }),
    ...(venueAccount === undefined ? {} : { venueAccount }),
    ...(doubt === undefined ? {} : { doubt }),
    history,
    requestId: 0,
    asked: [],
    suspected: [],
  });
  state.portfolio.carry(account, positions, carried.ledger);
  for (const position of positions) gate.carry(position);
  for (const order of orders) saveOrder(context, order);
  for (const fill of fills) state.fills.add(fill);
  for (const stray of carried.strays) {
    const asked = { account, negatives: 0, queriedAt: context.now };
    state.strays.set(stray.clientOrderId, { ...stray, ...asked });
  }
  const open = orders.filter(({ order }) => !isTerminal(order.status)).length;
  const held = positions.filter(({ quantity }) => quantity !== 0).length;
  const message = `${account} goes on from session ${session}: ${held} positions, ${open} open orders`;
  context.alert('Info', 'ACCOUNT_CARRIED', message);
  if (!carried.proved) {
    const words = `session ${session} does not run again to the state it recorded; what ${account} held is taken from it as it runs now`;
    context.alert('Warning', 'CARRIED_UNPROVED', words);
  }
  for (const words of carried.unfinished) {
    const told = `${words}: was not finished in session ${session} and does not go on by itself`;
    context.alert('Error', 'FLATTEN_UNFINISHED', told);
  }
}

/** Notes that what an account held before is not known: it differs until a person takes it as the venue states it. */
export function noteUncarried(context: KernelContext, uncarried: UncarriedAccount): void {
  const record = context.state.accounts.get(uncarried.account);
  if (record === undefined) return;
  const { session, code, message } = uncarried;
  const doubt = `what was held before is not known, session ${session} cannot be run again: ${code} ${message}`;
  context.saveAccount({ ...record, doubt });
  context.alert('Error', 'NOT_CARRIED', `${record.account}: ${doubt}`);
}

/** An account that is now another one at the venue: it begins with what that holds, and with no position. */
export function startAnew(
  context: KernelContext,
  record: AccountRecord,
  venueAccount: string,
): AccountRecord {
  const { state, gate } = context;
  const { account } = record;
  for (const position of state.portfolio.forget(account)) {
    gate.carry({ ...position, quantity: signedQuantity(-position.quantity) });
    const none = emptyPosition(account, position.instrument);
    context.publish({ type: 'PositionChanged', position: none });
  }
  // Another account's trades may have the same ids.
  const others = state.fills.all().filter((fill) => fill.account !== account);
  state.fills = new FillStore(state.fills.forgotten.filter((one) => one.account !== account));
  for (const fill of others) state.fills.add(fill);
  for (const balance of state.portfolio.balances()) {
    if (balance.account === account) gate.setBalance(balance);
  }
  const { readTo: _readTo, ...rest } = record;
  return { ...rest, venueAccount, since: context.now, history: [], suspected: [] };
}
