import { isTerminal } from '../../domain/order.ts';
import type { AccountSnapshot, OrderFilled } from '../../domain/venue-report.ts';
import { needsAttention } from '../../orders/order-book-of-record.ts';
import { advanceHistory } from '../../orders/trade-history.ts';
import { describeDifference, type LedgerDifference } from '../../portfolio/ledger.ts';
import type { KernelContext } from '../context.ts';
import { countFill, current } from '../order-changes.ts';
import type { AccountRecord } from '../state.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { onFlattenProof, type Unsettled } from './flatten.ts';
import { onOrderReport } from './order-reports.ts';
import {
  RECONCILE_AGAIN_MICROS,
  RECONCILE_UNSETTLED_MICROS,
  reconcileAgain,
  takeBalances,
} from './reconcile.ts';
import { adopt, holdStray } from './strays.ts';
import { syncOrder } from './sync.ts';
import { queryOrder } from './unknown.ts';

function countHistory(context: KernelContext, fills: readonly OrderFilled[]): void {
  for (const fill of fills) {
    const { orders } = context.state;
    const known =
      orders.get(fill.clientOrderId) ?? orders.byVenueId(fill.instrument, fill.venueOrderId);
    if (known === undefined) holdStray(context, fill, fill);
    else countFill(context, current(context, known), fill);
  }
}

function takeOpenOrders(context: KernelContext, report: AccountSnapshot): void {
  for (const stated of report.openOrders) {
    const { orders, instruments } = context.state;
    const known = orders.get(stated.clientOrderId);
    if (known !== undefined) {
      syncOrder(context, known, stated);
      continue;
    }
    if (!instruments.has(stated.terms.instrument)) {
      holdStray(context, { ...stated.terms, clientOrderId: stated.clientOrderId }, undefined);
      continue;
    }
    const adopted = adopt(context, stated);
    for (const held of adopted?.held ?? []) onOrderReport(context, held);
  }
}

/** Live orders of ours, sent before the snapshot was asked for, that it does not list: each is asked about by name. */
function queryMissing(context: KernelContext, report: AccountSnapshot, askedAt: number): void {
  const listed = new Set(report.openOrders.map(({ clientOrderId }) => clientOrderId));
  for (const record of context.state.orders.liveOf(report.account)) {
    const { clientOrderId, decidedAt } = record.order;
    if (listed.has(clientOrderId) || decidedAt >= askedAt || needsAttention(record)) continue;
    queryOrder(context, record);
  }
}

function findUnsettled(
  context: KernelContext,
  report: AccountSnapshot,
  askedAt: number,
): Unsettled[] {
  const { orders, strays } = context.state;
  const listed = new Set(report.openOrders.map(({ clientOrderId }) => clientOrderId));
  const found: Unsettled[] = [];
  const add = (instrument: InstrumentId, words: string): void => {
    found.push({ instrument, words });
  };
  for (const record of orders.attention()) {
    const { account, instrument, clientOrderId, unknownSince, status } = record.order;
    if (account !== report.account) continue;
    if (unknownSince !== undefined) add(instrument, `${clientOrderId} is Unknown`);
    else if (isTerminal(status)) add(instrument, `fills of ${clientOrderId} are owed`);
  }
  for (const { order, request } of orders.liveOf(report.account)) {
    const { instrument, clientOrderId, decidedAt } = order;
    if (listed.has(clientOrderId) || decidedAt >= askedAt || request !== undefined) continue;
    add(instrument, `${clientOrderId} is open here and not at the venue`);
  }
  for (const stray of strays.values()) {
    const { account, instrument, clientOrderId } = stray;
    if (account === report.account) add(instrument, `${clientOrderId} is not known here`);
  }
  return found;
}

function sameDifferences(
  left: readonly LedgerDifference[],
  right: readonly LedgerDifference[],
): boolean {
  return (
    left.length === right.length &&
    left.every((one, index) => {
      const other = right[index];
      return (
        other?.asset === one.asset &&
        other.seen === one.seen &&
        other.expected === one.expected &&
        other.scale === one.scale
      );
    })
  );
}

function conclude(
  context: KernelContext,
  record: AccountRecord,
  words: readonly string[],
  money: readonly LedgerDifference[],
): void {
  const at = context.now;
  const confirmed = money.length > 0 && sameDifferences(money, record.suspected);
  const agrees = words.length === 0 && money.length === 0;
  const differences = [...words, ...money.map(describeDifference)];
  if (!agrees && !confirmed) {
    const soon = money.length > 0 ? RECONCILE_AGAIN_MICROS : RECONCILE_UNSETTLED_MICROS;
    reconcileAgain(context, record.account, soon);
  }
  const base = { ...record, suspected: money };
  if (agrees) {
    context.saveAccount({ ...base, reconciliation: { state: 'Agrees', differences, at } });
    return;
  }
  if (confirmed) {
    if (record.reconciliation.state !== 'Differs') {
      context.alert('Error', 'RECONCILE_DIFFERS', `${record.account}: ${differences.join('; ')}`);
    }
    context.saveAccount({ ...base, reconciliation: { state: 'Differs', differences, at } });
    return;
  }
  // Once may be a fill on its way: what agreed before still does until it is seen twice.
  const held = record.reconciliation.state !== 'Pending';
  context.saveAccount(
    held ? base : { ...base, reconciliation: { state: 'Pending', differences, at } },
  );
}

/** Applies all that the venue knows of an account: fills missed, orders placed elsewhere, orders that ended, balances. */
export function onSnapshot(context: KernelContext, report: AccountSnapshot): void {
  const record = context.account(report.account);
  const askedAt = record?.requestedAt;
  if (record === undefined || askedAt === undefined || report.requestId !== record.requestId)
    return;
  const { requestedAt: _requestedAt, ...rest } = record;
  context.saveAccount({ ...rest, history: advanceHistory(rest.history, report.fills) });
  takeOpenOrders(context, report);
  countHistory(context, report.fills);
  takeBalances(context, report.account, report.balances);
  queryMissing(context, report, askedAt);
  const unsettled = findUnsettled(context, report, askedAt);
  const words = unsettled.map((one) => one.words);
  const money = context.state.portfolio.ledger(report.account).compare(report.balances);
  conclude(context, context.state.accounts.get(report.account) ?? rest, words, money);
  onFlattenProof(context, report, unsettled, money);
}
