import { present } from '../../base/invariant.ts';
import { isTerminal } from '../../domain/order.ts';
import { unixMicros } from '../../domain/time.ts';
import type { AccountSnapshot, OrderFilled } from '../../domain/venue-report.ts';
import { advanceHistory } from '../../orders/trade-history.ts';
import { describeDifference, type LedgerDifference } from '../../portfolio/ledger.ts';
import type { KernelContext } from '../context.ts';
import { countFill, current } from '../order-changes.ts';
import type { AccountRecord } from '../state.ts';
import type { InstrumentId } from '../../domain/identifiers.ts';
import { onDrillProof } from './drill.ts';
import { onFlattenProof, type Unsettled } from './flatten.ts';
import { forgetEnded } from './forget.ts';
import { onOrderReport } from './order-reports.ts';
import {
  RECONCILE_AGAIN_MICROS,
  RECONCILE_UNSETTLED_MICROS,
  reconcileAgain,
  takeAnswer,
  takeBalances,
} from './reconcile.ts';
import { isOutdated, queryMissing } from './open-orders.ts';
import { correctReplacements } from './replace.ts';
import { repairOrder, tellRecovered } from './repair.ts';
import { adopt, holdStray } from './strays.ts';
import { flagUnknown } from './unknown.ts';

/** What was not found out for this long is a difference. */
const UNSETTLED_DIFFERS_MICROS = 15_000_000;
/** A venue's history may show a trade this late: of instruments never traded it is read again from so long ago. */
const HISTORY_LAG_MICROS = 600_000_000;

function countHistory(
  context: KernelContext,
  fills: readonly OrderFilled[],
  askedAt: number,
): void {
  for (const fill of fills) {
    const { orders } = context.state;
    const known =
      orders.get(fill.clientOrderId) ?? orders.byVenueId(fill.instrument, fill.venueOrderId);
    if (known === undefined) holdStray(context, fill, fill);
    else {
      const before = context.state.fills.count;
      countFill(context, current(context, known), fill);
      if (context.state.fills.count > before) tellRecovered(context, fill, askedAt);
    }
  }
}

function takeOpenOrders(context: KernelContext, report: AccountSnapshot, askedAt: number): void {
  for (const stated of report.openOrders) {
    const { orders, instruments } = context.state;
    const known = orders.get(stated.clientOrderId);
    if (known !== undefined) {
      if (!isOutdated(known, askedAt)) {
        repairOrder(context, known, stated, 'the list of open orders');
      }
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
  return [...found, ...unsettledFills(context, report, askedAt)];
}

/** Fills counted since the account was asked for may not be in its balances yet: no baseline can be taken from those. */
function unsettledFills(
  context: KernelContext,
  report: AccountSnapshot,
  askedAt: number,
): Unsettled[] {
  const { portfolio, fills } = context.state;
  const { account, balances } = report;
  if (portfolio.ledger(account).knows(balances)) return [];
  const stated = new Set(report.fills.map(({ tradeId, instrument }) => `${instrument} ${tradeId}`));
  const since = fills.all().findLastIndex(({ receivedAt }) => receivedAt < askedAt) + 1;
  return fills
    .all()
    .slice(since)
    .flatMap(({ instrument, tradeId, ...fill }) => {
      if (fill.account !== account || stated.has(`${instrument} ${tradeId}`)) return [];
      return [{ instrument, words: `trade ${tradeId} came while the account was first read` }];
    });
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

/** What differs for sure: an account that was trading takes no order that adds risk until it is unlocked again. */
function differ(context: KernelContext, record: AccountRecord, differences: string[]): void {
  const { account, reconciliation } = record;
  if (reconciliation.state !== 'Differs') {
    context.alert('Error', 'RECONCILE_DIFFERS', `${account}: ${differences.join('; ')}`);
  }
  const tradingState = record.tradingState === 'Active' ? 'Reducing' : record.tradingState;
  const at = context.now;
  context.saveAccount({
    ...record,
    tradingState,
    reconciliation: { state: 'Differs', differences, at },
  });
}

/** The keys lead to another account of the venue than before: nothing of it is taken until a person does. */
function onOtherAccount(context: KernelContext, record: AccountRecord, other: string): void {
  const { account, venueAccount } = record;
  for (const order of context.state.orders.liveOf(account)) flagUnknown(context, order);
  const words = `the venue's account is ${other} and was ${venueAccount}: what was held there is not here`;
  differ(context, { ...record, otherAccount: other }, [words]);
}

function conclude(
  context: KernelContext,
  record: AccountRecord,
  unsettled: readonly string[],
  money: readonly LedgerDifference[],
): void {
  const at = context.now;
  const { unsettledSince = at, ...rest } = record;
  const { doubt } = record;
  const words = doubt === undefined ? unsettled : [doubt, ...unsettled];
  const long = unsettled.length > 0 && at - unsettledSince >= UNSETTLED_DIFFERS_MICROS;
  const lasting = long || doubt !== undefined;
  const confirmed = lasting || (money.length > 0 && sameDifferences(money, record.suspected));
  const agrees = words.length === 0 && money.length === 0;
  const differences = [...words, ...money.map(describeDifference)];
  if (!agrees && !confirmed) {
    const soon = money.length > 0 ? RECONCILE_AGAIN_MICROS : RECONCILE_UNSETTLED_MICROS;
    reconcileAgain(context, record.account, soon);
  }
  const base: AccountRecord = {
    ...rest,
    suspected: money,
    ...(unsettled.length === 0 ? {} : { unsettledSince }),
  };
  if (agrees) {
    context.saveAccount({ ...base, reconciliation: { state: 'Agrees', differences, at } });
    return;
  }
  if (confirmed) {
    differ(context, base, differences);
    return;
  }
  // Once may be a fill on its way: what agreed before still does until it is seen twice.
  const held = record.reconciliation.state !== 'Pending';
  context.saveAccount(
    held ? base : { ...base, reconciliation: { state: 'Pending', differences, at } },
  );
}

/** The record without its count of failed comparisons, which is told. */
function answered(context: KernelContext, record: AccountRecord): AccountRecord {
  const { unanswered, ...rest } = record;
  if (unanswered === undefined) return record;
  const message = `${record.account} is compared with the venue again; not answered before: ${unanswered.times}`;
  context.alert('Info', 'RECONCILE_ANSWERED', message);
  context.saveAccount(rest);
  return rest;
}

/** Applies all that the venue knows of an account: fills missed, orders placed elsewhere, orders that ended, balances. */
export function onSnapshot(context: KernelContext, report: AccountSnapshot): void {
  const { state } = context;
  const { account } = report;
  const askedAt = takeAnswer(context, report, 'account');
  const asking = state.accounts.get(account);
  if (asking === undefined || askedAt === undefined) return;
  const record = answered(context, asking);
  const { venueAccount = record.venueAccount } = report;
  if (record.venueAccount !== undefined && venueAccount !== record.venueAccount) {
    onOtherAccount(context, record, venueAccount ?? '');
    return;
  }
  // History is by the venue's clock, which ours may be far from.
  const askedAtVenue = report.venueTime - (context.now - askedAt);
  const since = unixMicros(Math.min(record.since, askedAtVenue));
  const readTo = unixMicros(Math.max(since, askedAtVenue - HISTORY_LAG_MICROS));
  const history = advanceHistory(record.history, report.fills);
  const { otherAccount: _otherAccount, ...same } = record;
  const named = venueAccount === undefined ? {} : { venueAccount };
  const { feeRates } = report;
  const rates = feeRates === undefined ? {} : { feeRates: { ...feeRates, at: context.now } };
  context.saveAccount({ ...same, ...named, ...rates, since, readTo, history });
  takeOpenOrders(context, report, askedAt);
  countHistory(context, report.fills, askedAt);
  takeBalances(context, account, report.balances);
  queryMissing(context, account, report.openOrders, askedAt);
  correctReplacements(context, account);
  const unsettled = findUnsettled(context, report, askedAt);
  const words = unsettled.map((one) => one.words);
  const money = state.portfolio.ledger(account).compare(report.balances, unsettled.length === 0);
  conclude(context, present(state.accounts.get(account), account), words, money);
  onDrillProof(context, report, unsettled);
  onFlattenProof(context, report, unsettled, money);
  forgetEnded(context, account);
}
