import type { AccountId, InstrumentId } from '../../domain/identifiers.ts';
import { quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { AccountSnapshot } from '../../domain/venue-report.ts';
import { owesFills } from '../../orders/order-book-of-record.ts';
import { newOrder } from '../../orders/order-events.ts';
import type { LedgerDifference } from '../../portfolio/ledger.ts';
import { arrivalAt } from '../arrival.ts';
import type { KernelContext } from '../context.ts';
import { nextClientOrderId } from '../ids.ts';
import type { FlattenRecord, FlattenTarget } from '../state.ts';
import { cancelBySymbol } from './cancel-all.ts';
import { onDrillTimer } from './drill.ts';
import { conclude, MAX_CLOSE_FAILURES, watch } from './flatten-proof.ts';
import {
  FLATTEN_EVERY_MICROS,
  newRecord,
  rearm,
  saveFlatten,
  type FlattenAsk,
} from './flatten-record.ts';
import {
  activeFlattens,
  actingFlattens,
  covers,
  leftToClose,
  ordersInScope,
  withTargets,
} from './flatten-scope.ts';
import { requestReconcile } from './reconcile.ts';
import { sendCancel } from './replace.ts';
import { sendOrder } from './send.ts';

/** Something of an instrument that is not yet found out, in words. */
export interface Unsettled {
  readonly instrument: InstrumentId;
  readonly words: string;
}

/** Starts to flatten an account or one of its instruments. Ground is covered once: a flatten that already covers it goes on, unless a kill takes over; narrower ones are taken over. */
export function startFlatten(context: KernelContext, ask: FlattenAsk): void {
  const active = activeFlattens(context.state).filter(({ account }) => account === ask.account);
  const acting = actingFlattens(context.state).filter(({ account }) => account === ask.account);
  const covered = acting.some((other) => covers(other.instrument, ask.instrument));
  if (covered && ask.kind === 'Flatten') return;
  const begun = newRecord(context, ask, 'Canceling');
  for (const other of active) {
    if (covers(ask.instrument, other.instrument)) supersede(context, other, begun.id);
  }
  const record = saveFlatten(context, withTargets(context, begun));
  rearm(context, record);
  cancelScope(context, record);
}

/** After a start or restart a kill goes on where it began: all is canceled again before anything else happens. One that was given up goes on asking. */
export function resumeKills(context: KernelContext): void {
  for (const record of actingFlattens(context.state)) {
    if (record.kind === 'Kill') backToCanceling(context, record);
  }
}

function supersede(context: KernelContext, record: FlattenRecord, by: string): void {
  const notes = [`taken over by ${by}`];
  saveFlatten(context, { ...record, notes, step: 'Done' });
}

/** A person unlocks an account whose kill was given up: it ends as it is, not proved. */
export function endUnproved(context: KernelContext, account: AccountId): void {
  for (const record of activeFlattens(context.state)) {
    if (record.account !== account || record.step !== 'Unproved') continue;
    const notes = [...record.notes, 'unlocked before it was proved'];
    saveFlatten(context, { ...record, notes, step: 'Done' });
  }
}

function isConnected(context: KernelContext, { account }: FlattenRecord): boolean {
  return context.state.accounts.get(account)?.connected === true;
}

function cancelScope(context: KernelContext, record: FlattenRecord): void {
  const open = ordersInScope(context, record);
  cancelBySymbol(context, record);
  const byName = record.kind !== 'Kill' || isConnected(context, record);
  if (byName) for (const one of open) sendCancel(context, one);
  const targets = record.targets.map((one) => {
    const mine = open.filter(({ order }) => order.instrument === one.instrument);
    const ids = mine.map(({ order }) => order.clientOrderId);
    return { ...one, canceling: [...new Set([...one.canceling, ...ids])] };
  });
  const grew = targets.some((one, index) => {
    return one.canceling.length !== record.targets[index]?.canceling.length;
  });
  if (grew) saveFlatten(context, { ...record, targets });
}

function askForProof(
  context: KernelContext,
  record: FlattenRecord,
  step: FlattenRecord['step'],
): void {
  const account = context.account(record.account);
  if (account === undefined) return;
  const proof = requestReconcile(context, account);
  saveFlatten(context, { ...record, step, proof });
}

function backToCanceling(context: KernelContext, record: FlattenRecord): void {
  const { proof: _proof, ...rest } = record;
  const next = saveFlatten(context, withTargets(context, { ...rest, step: 'Canceling' }));
  cancelScope(context, next);
}

/** Counts, once, that the last closing order ended without a fill; the next one waits a little. */
function countFailure(context: KernelContext, one: FlattenTarget): FlattenTarget {
  const last = one.closing.at(-1);
  const ended = last === undefined ? undefined : context.state.orders.get(last)?.order;
  if (last === undefined || ended === undefined) return one;
  if (ended.cumQty > 0 || one.failed === last) return one;
  const { code, message } = ended.reason ?? { code: ended.status, message: 'no reason given' };
  return {
    ...one,
    failed: last,
    failures: one.failures + 1,
    notBefore: unixMicros(context.now + FLATTEN_EVERY_MICROS),
    detail: `could not be closed: ${code} ${message}`,
  };
}

function close(
  context: KernelContext,
  record: FlattenRecord,
  before: FlattenTarget,
): FlattenTarget {
  const { state } = context;
  const one = countFailure(context, before);
  if (one.failures >= MAX_CLOSE_FAILURES || one.notBefore > context.now) return one;
  const left = leftToClose(state, record.account, one.instrument);
  if (left.quantity === 0) return one;
  const clientOrderId = nextClientOrderId(state);
  const terms = {
    instrument: one.instrument,
    account: record.account,
    side: left.side,
    type: 'Market',
    quantity: quantity(left.quantity),
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: true,
  } as const;
  const arrival = arrivalAt(context, one.instrument);
  const birth = { clientOrderId, origin: 'Flatten', arrival, at: context.now } as const;
  sendOrder(context, newOrder(terms, birth));
  return { ...one, closing: [...one.closing, clientOrderId] };
}

function advanceClosing(context: KernelContext, record: FlattenRecord): void {
  const open = ordersInScope(context, record);
  const closing = new Set(record.targets.flatMap((one) => one.closing));
  if (open.some(({ order }) => !closing.has(order.clientOrderId))) {
    backToCanceling(context, record);
    return;
  }
  // One closing order at a time: the next is capped at what the last one left.
  const busy = new Set(open.map(({ order }) => order.instrument));
  for (const id of closing) {
    const known = context.state.orders.get(id);
    if (known !== undefined && owesFills(known)) busy.add(known.order.instrument);
  }
  const targets = record.targets.map((one) =>
    busy.has(one.instrument) ? one : close(context, record, one),
  );
  const changed = targets.some((one, index) => one !== record.targets[index]);
  const next = changed ? saveFlatten(context, { ...record, targets }) : record;
  if (busy.size > 0 || ordersInScope(context, next).length > 0) return;
  const waiting = targets.some((one) => {
    const { quantity: left } = leftToClose(context.state, record.account, one.instrument);
    return left > 0 && one.failures < MAX_CLOSE_FAILURES;
  });
  if (!waiting) askForProof(context, next, 'ConfirmingFlat');
}

/** Takes a flatten as far as what is known now allows; called after every input while one runs. */
export function advanceFlattens(context: KernelContext): void {
  for (const record of activeFlattens(context.state)) {
    if (record.step === 'Closing') advanceClosing(context, record);
    if (record.step !== 'Canceling') continue;
    const grown = withTargets(context, record);
    const known = new Set(grown.targets.flatMap((one) => one.canceling));
    const open = ordersInScope(context, grown);
    if (open.length === 0) askForProof(context, grown, 'ConfirmingCanceled');
    else if (open.some(({ order }) => !known.has(order.clientOrderId))) {
      cancelScope(context, grown);
    }
  }
}

/** The flatten's timer: cancels again what was refused, asks again for a proof that did not come. */
export function onFlattenTimer(context: KernelContext, id: string): void {
  const record = context.state.flattens.get(id);
  if (record === undefined || record.step === 'Done') return;
  if (record.kind === 'Drill') {
    onDrillTimer(context, record);
    return;
  }
  rearm(context, record);
  if (record.step === 'Unproved') {
    // A connected account is compared as often as that anyway.
    if (!isConnected(context, record)) askForProof(context, record, 'Unproved');
    return;
  }
  if (record.step === 'Canceling') {
    cancelScope(context, record);
    return;
  }
  const account = context.state.accounts.get(record.account);
  const awaited = account?.asked.findLast(({ kind }) => kind === 'account')?.at;
  const overdue = awaited === undefined || context.now - awaited > 2 * FLATTEN_EVERY_MICROS;
  if (record.step !== 'Closing' && overdue) askForProof(context, record, record.step);
}

/** A snapshot of the account came: it may prove the step that waits for one. */
export function onFlattenProof(
  context: KernelContext,
  report: AccountSnapshot,
  unsettled: readonly Unsettled[],
  money: readonly LedgerDifference[],
): void {
  for (const record of activeFlattens(context.state)) {
    const { proof, account, instrument } = record;
    if (account !== report.account) continue;
    const awaited = proof !== undefined && report.requestId >= proof;
    if (!awaited && record.step !== 'Unproved') continue;
    const foreign = instrument === undefined ? (report.foreignOrders ?? []) : [];
    const open = unsettled
      .filter((one) => covers(instrument, one.instrument))
      .map(({ words }) => words);
    if (record.step === 'Unproved') {
      watch(context, { ...record, foreign }, report, open, money);
      continue;
    }
    const atVenue = report.openOrders.some(({ terms }) => covers(instrument, terms.instrument));
    if (atVenue || foreign.length > 0 || ordersInScope(context, record).length > 0) {
      backToCanceling(context, { ...record, foreign });
      continue;
    }
    if (record.step === 'ConfirmingFlat') {
      const left = record.targets.some(
        (one) =>
          one.failures < MAX_CLOSE_FAILURES &&
          leftToClose(context.state, account, one.instrument).quantity > 0,
      );
      if (!left) conclude(context, { ...record, foreign }, open, money);
      else saveFlatten(context, { ...record, foreign, step: 'Closing' });
      continue;
    }
    if (open.length > 0) continue;
    const { proof: _proof, ...rest } = record;
    const closing = { ...rest, foreign, step: 'Closing', canceledAt: context.now } as const;
    saveFlatten(context, withTargets(context, closing));
  }
}
