import type { Reconciliation } from '../../domain/account.ts';
import type { AccountId } from '../../domain/identifiers.ts';
import { unixMicros } from '../../domain/time.ts';
import type {
  BalancesChanged,
  ConnectionChanged,
  RequestFailed,
  VenueBalance,
} from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';
import type { AccountRecord } from '../state.ts';
import { markUnknown } from './unknown.ts';

/** A connected account is compared with the venue this often. */
const RECONCILE_EVERY_MICROS = 30_000_000;
/** A reconcile that failed, or found balances that a fill on its way may explain, is asked again after this time. */
export const RECONCILE_AGAIN_MICROS = 2_000_000;
/** One that found orders about which the venue is being asked is asked again after this time. */
export const RECONCILE_UNSETTLED_MICROS = 5_000_000;

const TIMER_PREFIX = 'reconcile:';

/** The name of an account's reconcile timer. */
function reconcileTimer(account: AccountId): string {
  return TIMER_PREFIX + account;
}

/** The account whose reconcile timer `timer` is. */
export function reconciledBy(timer: string): AccountId | undefined {
  return timer.startsWith(TIMER_PREFIX)
    ? (timer.slice(TIMER_PREFIX.length) as AccountId)
    : undefined;
}

/** Asks the venue for all it knows of an account; gives the number of the request. */
export function requestReconcile(context: KernelContext, record: AccountRecord): number {
  const { state } = context;
  const { account } = record;
  const requestId = record.requestId + 1;
  context.saveAccount({ ...record, requestId, requestedAt: context.now });
  const venue = account.split('/')[0];
  const instruments = [...state.instruments.values()]
    .filter((instrument) => instrument.venue === venue)
    .map(({ id }) => {
      const afterTradeId = record.history.find(({ instrument }) => instrument === id)?.tradeId;
      const asked = { instrument: id, since: record.since };
      return afterTradeId === undefined ? asked : { ...asked, afterTradeId };
    });
  context.emit({ type: 'SendReconcile', account, requestId, instruments });
  context.setTimer(reconcileTimer(account), unixMicros(context.now + RECONCILE_EVERY_MICROS));
  return requestId;
}

/** The reconcile timer fired: a connected account is compared again. */
export function onReconcileTimer(context: KernelContext, account: AccountId): void {
  const record = context.state.accounts.get(account);
  if (record?.connected === true) requestReconcile(context, record);
}

/** Compares again soon. */
export function reconcileAgain(
  context: KernelContext,
  account: AccountId,
  afterMicros: number,
): void {
  context.setTimer(reconcileTimer(account), unixMicros(context.now + afterMicros));
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
  const { requestedAt: _requestedAt, ...rest } = record;
  const next: AccountRecord = {
    ...rest,
    tradingState: tradingState === 'Halted' ? 'Halted' : 'Locked',
    connected,
    reconciliation,
    suspected: [],
  };
  context.saveAccount(next);
  context.disarmAll();
  for (const order of context.state.orders.liveOf(record.account)) {
    if (order.request !== undefined) markUnknown(context, order);
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
  if (report.request !== 'reconcile') return;
  const record = context.account(report.account);
  if (record === undefined || report.requestId !== record.requestId) return;
  const { requestedAt: _requestedAt, ...rest } = record;
  context.saveAccount(rest);
  const message = `${report.account} could not be compared with the venue: ${report.message}`;
  context.alert('Warning', 'RECONCILE_FAILED', message);
  if (record.connected) reconcileAgain(context, report.account, RECONCILE_AGAIN_MICROS);
}
