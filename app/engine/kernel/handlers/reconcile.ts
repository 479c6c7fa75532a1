import type { Reconciliation } from '../../domain/account.ts';
import type { AccountId, InstrumentId } from '../../domain/identifiers.ts';
import { unixMicros, type UnixMicros } from '../../domain/time.ts';
import type {
  BalancesChanged,
  ConnectionChanged,
  RequestFailed,
  VenueBalance,
} from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';
import type { AccountRecord, AskedRequest } from '../state.ts';
import { flagUnknown } from './unknown.ts';

/** A connected account is compared with the venue this often. */
const RECONCILE_EVERY_MICROS = 30_000_000;
/** Its open orders are asked for this often. */
const LIST_EVERY_MICROS = 10_000_000;
/** They are left to a comparison that is due so soon. */
const SOON_MICROS = 1_000_000;
/** Requests of an account whose answers are waited for; of more the oldest are given up. */
const MAX_ASKED = 8;
/** A reconcile that failed, or found balances that a fill on its way may explain, is asked again after this time. */
export const RECONCILE_AGAIN_MICROS = 2_000_000;
/** One that found orders about which the venue is being asked is asked again after this time. */
export const RECONCILE_UNSETTLED_MICROS = 5_000_000;

const ACCOUNT_TIMER = 'reconcile:';
const ORDERS_TIMER = 'orders:';

/** Sets an account's timer of a kind of request. */
function rearm(context: KernelContext, prefix: string, account: AccountId, micros: number): void {
  context.setTimer(prefix + account, unixMicros(context.now + micros));
}

function instrumentsOf(context: KernelContext, account: AccountId): InstrumentId[] {
  const venue = account.split('/')[0];
  return [...context.state.instruments.values()]
    .filter((instrument) => instrument.venue === venue)
    .map(({ id }) => id);
}

function noteAsked(
  context: KernelContext,
  record: AccountRecord,
  kind: AskedRequest['kind'],
): number {
  const requestId = record.requestId + 1;
  const asked = [...record.asked, { requestId, kind, at: context.now }].slice(-MAX_ASKED);
  context.saveAccount({ ...record, requestId, asked });
  return requestId;
}

/** Asks the venue for all it knows of an account; gives the number of the request. */
export function requestReconcile(context: KernelContext, record: AccountRecord): number {
  const { account } = record;
  const requestId = noteAsked(context, record, 'account');
  const instruments = instrumentsOf(context, account).map((id) => {
    const afterTradeId = record.history.find(({ instrument }) => instrument === id)?.tradeId;
    const asked = { instrument: id, since: record.readTo ?? record.since };
    return afterTradeId === undefined ? asked : { ...asked, afterTradeId };
  });
  const still = context.state.portfolio.ledger(account).begun ? {} : ({ still: true } as const);
  context.emit({ type: 'SendReconcile', account, requestId, instruments, ...still });
  rearm(context, ACCOUNT_TIMER, account, RECONCILE_EVERY_MICROS);
  // It lists the open orders too.
  rearm(context, ORDERS_TIMER, account, LIST_EVERY_MICROS);
  return requestId;
}

function requestOrders(context: KernelContext, record: AccountRecord): void {
  const { account } = record;
  const compared = context.state.timers.get(ACCOUNT_TIMER + account) ?? Infinity;
  if (compared - context.now < SOON_MICROS) return;
  const requestId = noteAsked(context, record, 'orders');
  const instruments = instrumentsOf(context, account);
  context.emit({ type: 'SendListOrders', account, requestId, instruments });
  rearm(context, ORDERS_TIMER, account, LIST_EVERY_MICROS);
}

/** A timer of an account fired: while connected it is compared, or its open orders are asked for, again. */
export function onAccountTimer(context: KernelContext, timer: string): void {
  for (const [prefix, ask] of [
    [ACCOUNT_TIMER, requestReconcile],
    [ORDERS_TIMER, requestOrders],
  ] as const) {
    if (!timer.startsWith(prefix)) continue;
    const record = context.state.accounts.get(timer.slice(prefix.length) as AccountId);
    if (record?.connected === true) ask(context, record);
  }
}

/** Takes the answer to a request, and gives up older ones of its kind: when it was asked, or undefined when nobody waits for it. */
export function takeAnswer(
  context: KernelContext,
  report: { readonly account: AccountId; readonly requestId?: number | undefined },
  kind: AskedRequest['kind'],
): UnixMicros | undefined {
  const record = context.account(report.account);
  const { requestId } = report;
  const request = record?.asked.find((one) => one.requestId === requestId && one.kind === kind);
  if (record === undefined || request === undefined) return undefined;
  const asked = record.asked.filter(
    (one) => one.kind !== kind || one.requestId > request.requestId,
  );
  context.saveAccount({ ...record, asked });
  return request.at;
}

/** Compares again soon. */
export function reconcileAgain(
  context: KernelContext,
  account: AccountId,
  afterMicros: number,
): void {
  rearm(context, ACCOUNT_TIMER, account, afterMicros);
}

function isSettled(context: KernelContext, account: AccountId): boolean {
  const { orders, strays } = context.state;
  const open = orders.attention().some(({ order }) => order.account === account);
  return !open && ![...strays.values()].some((stray) => stray.account === account);
}

/** Compares at once what waited for something to be found out that is found out now; called after every input. */
export function reconcileSettled(context: KernelContext): void {
  for (const { account, connected, unsettledSince, asked } of context.state.accounts.values()) {
    if (!connected || unsettledSince === undefined) continue;
    const due = context.state.timers.get(ACCOUNT_TIMER + account) ?? context.now;
    const waits = asked.some(({ kind }) => kind === 'account');
    if (waits || due - context.now <= RECONCILE_AGAIN_MICROS) continue;
    if (isSettled(context, account)) rearm(context, ACCOUNT_TIMER, account, 1);
  }
}

/** Takes the venue's balances and publishes those that changed. */
export function takeBalances(
  context: KernelContext,
  account: AccountId,
  balances: readonly VenueBalance[],
): void {
  for (const balance of context.state.portfolio.setBalances(account, balances)) {
    context.gate.setBalance(balance);
    context.publish({ type: 'BalanceChanged', balance });
  }
}

/** Balances changed at the venue. */
export function onBalances(context: KernelContext, report: BalancesChanged): void {
  takeBalances(context, report.account, report.balances);
}

/** Closes an account to trading until it has been compared: state Locked (a halt stays), requests in flight Unknown. */
export function lockUntilReconciled(
  context: KernelContext,
  record: AccountRecord,
  connected: boolean,
  why: string,
): AccountRecord {
  const { tradingState } = record;
  const reconciliation: Reconciliation = { state: 'Pending', differences: [why] };
  const { unsettledSince: _unsettledSince, ...rest } = record;
  const next: AccountRecord = {
    ...rest,
    asked: [],
    tradingState: tradingState === 'Halted' ? 'Halted' : 'Locked',
    connected,
    reconciliation,
    suspected: [],
  };
  context.saveAccount(next);
  context.disarmAll();
  for (const order of context.state.orders.liveOf(record.account)) {
    if (order.request !== undefined) flagUnknown(context, order);
  }
  return next;
}

/** The private stream came up or went down. */
export function onConnection(context: KernelContext, report: ConnectionChanged): void {
  const record = context.account(report.account);
  if (record === undefined) return;
  if (report.state === 'Disconnected') {
    const why = report.reason ?? 'the private stream is down';
    lockUntilReconciled(context, record, false, why);
    context.alert('Error', 'VENUE_DISCONNECTED', `${report.account}: ${why}`);
    return;
  }
  const why = 'connected, comparing with the venue';
  requestReconcile(context, lockUntilReconciled(context, record, true, why));
}

/** A reconcile or query could not be answered: it is asked again. */
export function onRequestFailed(context: KernelContext, report: RequestFailed): void {
  if (report.request === 'query') return;
  const kind = report.request === 'reconcile' ? 'account' : 'orders';
  // What is not waited for any more, or asked again by its own timer soon, changes nothing.
  if (takeAnswer(context, report, kind) === undefined || kind === 'orders') return;
  const record = context.account(report.account);
  if (record === undefined || record.asked.some((one) => one.kind === kind)) return;
  const times = (record.unanswered?.times ?? 0) + 1;
  context.saveAccount({ ...record, unanswered: { times, message: report.message } });
  // Said once; how often it failed is told when the venue answers again.
  if (times === 1) {
    const message = `${report.account} could not be compared with the venue: ${report.message}`;
    context.alert('Warning', 'RECONCILE_FAILED', message);
  }
  if (record.connected) reconcileAgain(context, report.account, RECONCILE_AGAIN_MICROS);
}
