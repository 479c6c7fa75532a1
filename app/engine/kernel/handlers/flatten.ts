import type { AccountId, InstrumentId } from '../../domain/identifiers.ts';
import type { FlattenReceipt } from '../../domain/input.ts';
import { quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import type { AccountSnapshot } from '../../domain/venue-report.ts';
import { newOrder } from '../../orders/order-events.ts';
import { owesFills, type OrderRecord } from '../../orders/order-book-of-record.ts';
import { describeDifference, type LedgerDifference } from '../../portfolio/ledger.ts';
import type { KernelContext } from '../context.ts';
import { nextClientOrderId, nextId } from '../ids.ts';
import type { FlattenRecord, FlattenTarget } from '../state.ts';
import { activeFlattens, leftToClose, receiptOf } from './flatten-scope.ts';
import { requestReconcile } from './reconcile.ts';
import { sendCancel } from './replace.ts';
import { sendOrder } from './send.ts';

/** A flatten that waits looks again this often. */
const FLATTEN_EVERY_MICROS = 2_000_000;
/** Closing orders of one instrument that may end without a fill before the receipt says that it could not be closed. */
const MAX_CLOSE_FAILURES = 10;
/** Answers of the venue that may fail to prove it before the receipt says so. */
const MAX_UNPROVED = 10;

const TIMER_PREFIX = 'flatten:';

/** Something of an instrument that is not yet found out, in words. */
export interface Unsettled {
  readonly instrument: InstrumentId;
  readonly words: string;
}

/** The id of the flatten whose timer `timer` is. */
export function flattenOf(timer: string): string | undefined {
  return timer.startsWith(TIMER_PREFIX) ? timer.slice(TIMER_PREFIX.length) : undefined;
}

function save(context: KernelContext, record: FlattenRecord): FlattenRecord {
  const next = { ...record, updatedAt: context.now };
  const { state } = context;
  state.flattens.set(next.id, next);
  if (next.step === 'Done') context.clearTimer(TIMER_PREFIX + next.id);
  context.publish({ type: 'FlattenChanged', receipt: receiptOf(state, next) });
  return next;
}

function rearm(context: KernelContext, record: FlattenRecord): void {
  const dueAt = unixMicros(context.now + FLATTEN_EVERY_MICROS);
  context.setTimer(TIMER_PREFIX + record.id, dueAt);
}

function ordersInScope(context: KernelContext, record: FlattenRecord): OrderRecord[] {
  return context.state.orders.liveOf(record.account, record.instrument);
}

function target(instrument: InstrumentId, context: KernelContext): FlattenTarget {
  const notBefore = context.now;
  return {
    instrument,
    canceling: [],
    closing: [],
    failures: 0,
    notBefore,
    proved: false,
    detail: '',
  };
}

function withTargets(context: KernelContext, record: FlattenRecord): FlattenRecord {
  const { state } = context;
  const wanted = new Set<InstrumentId>(record.instrument === undefined ? [] : [record.instrument]);
  for (const { order } of ordersInScope(context, record)) wanted.add(order.instrument);
  for (const position of state.portfolio.positions()) {
    const covered = record.instrument === undefined || record.instrument === position.instrument;
    const open = position.quantity !== 0 && position.account === record.account;
    if (covered && open) wanted.add(position.instrument);
  }
  for (const { instrument } of record.targets) wanted.delete(instrument);
  if (wanted.size === 0) return record;
  const added = [...wanted].sort().map((instrument) => target(instrument, context));
  return { ...record, targets: [...record.targets, ...added] };
}

function covers(wide: InstrumentId | undefined, narrow: InstrumentId | undefined): boolean {
  return wide === undefined || wide === narrow;
}

/** Starts to flatten an account or one of its instruments. Ground is covered once: a flatten that already covers it goes on, unless a kill takes over; narrower ones are taken over. */
export function startFlatten(
  context: KernelContext,
  account: AccountId,
  instrument: InstrumentId | undefined,
  kind: FlattenReceipt['kind'],
): void {
  const active = activeFlattens(context.state).filter((other) => other.account === account);
  const covered = active.some((other) => covers(other.instrument, instrument));
  if (covered && kind === 'Flatten') return;
  const id = nextId(context.state);
  const at = context.now;
  const begun: FlattenRecord = {
    id,
    account,
    kind,
    step: 'Canceling',
    flat: false,
    targets: [],
    unproved: 0,
    startedAt: at,
    updatedAt: at,
    ...(instrument === undefined ? {} : { instrument }),
  };
  for (const other of active) {
    if (covers(instrument, other.instrument)) supersede(context, other, id);
  }
  const record = save(context, withTargets(context, begun));
  rearm(context, record);
  cancelScope(context, record);
}

function supersede(context: KernelContext, record: FlattenRecord, by: string): void {
  const targets = record.targets.map((one) => ({ ...one, detail: `taken over by ${by}` }));
  save(context, { ...record, targets, step: 'Done' });
}

function cancelScope(context: KernelContext, record: FlattenRecord): void {
  const open = ordersInScope(context, record);
  for (const one of open) sendCancel(context, one);
  const targets = record.targets.map((one) => {
    const mine = open.filter(({ order }) => order.instrument === one.instrument);
    const ids = mine.map(({ order }) => order.clientOrderId);
    return { ...one, canceling: [...new Set([...one.canceling, ...ids])] };
  });
  const grew = targets.some((one, index) => {
    return one.canceling.length !== record.targets[index]?.canceling.length;
  });
  if (grew) save(context, { ...record, targets });
}

function askForProof(
  context: KernelContext,
  record: FlattenRecord,
  step: FlattenRecord['step'],
): void {
  const account = context.account(record.account);
  if (account === undefined) return;
  const proof = requestReconcile(context, account);
  save(context, { ...record, step, proof });
}

function backToCanceling(context: KernelContext, record: FlattenRecord): void {
  const { proof: _proof, ...rest } = record;
  const next = save(context, withTargets(context, { ...rest, step: 'Canceling' }));
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
  sendOrder(context, newOrder(terms, { clientOrderId, origin: 'Flatten', at: context.now }));
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
  const next = changed ? save(context, { ...record, targets }) : record;
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
  rearm(context, record);
  if (record.step === 'Canceling') {
    cancelScope(context, record);
    return;
  }
  const account = context.state.accounts.get(record.account);
  const awaited = account?.asked.findLast(({ kind }) => kind === 'account')?.at;
  const overdue = awaited === undefined || context.now - awaited > 2 * FLATTEN_EVERY_MICROS;
  if (record.step !== 'Closing' && overdue) askForProof(context, record, record.step);
}

function proofOf(
  context: KernelContext,
  record: FlattenRecord,
  one: FlattenTarget,
  money: readonly LedgerDifference[],
): FlattenTarget {
  const { base } = context.state.instrument(one.instrument);
  const left = leftToClose(context.state, record.account, one.instrument);
  const differs = money.find(({ asset }) => asset === base);
  if (left.quantity > 0) return { ...one, proved: false };
  if (differs !== undefined) return { ...one, proved: false, detail: describeDifference(differs) };
  const detail = left.dust ? 'the rest is below what the venue takes' : 'flat at the venue';
  return { ...one, proved: true, detail };
}

function conclude(
  context: KernelContext,
  record: FlattenRecord,
  unsettled: readonly string[],
  money: readonly LedgerDifference[],
): void {
  const targets = record.targets.map((one) => proofOf(context, record, one, money));
  const flat = unsettled.length === 0 && targets.every(({ proved }) => proved);
  const unproved = record.unproved + 1;
  const givenUp = targets.some((one) => one.failures >= MAX_CLOSE_FAILURES);
  const { proof: _proof, ...rest } = record;
  if (flat || givenUp || unproved >= MAX_UNPROVED) {
    const words = unsettled.join('; ');
    const told = targets.map((one) =>
      flat || words === '' ? one : { ...one, proved: false, detail: words },
    );
    save(context, { ...rest, targets: told, unproved, flat, step: 'Done' });
    const level = flat ? 'Info' : 'Error';
    const message = `${record.id}: ${flat ? 'flat at the venue' : 'could not be proved flat'}`;
    context.alert(level, flat ? 'FLATTEN_DONE' : 'FLATTEN_UNPROVED', message);
    return;
  }
  save(context, { ...rest, targets, unproved });
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
    if (account !== report.account || proof === undefined || report.requestId < proof) continue;
    const atVenue = report.openOrders.some(
      ({ terms }) => instrument === undefined || terms.instrument === instrument,
    );
    if (atVenue || ordersInScope(context, record).length > 0) {
      backToCanceling(context, record);
      continue;
    }
    const open = unsettled
      .filter((one) => covers(instrument, one.instrument))
      .map(({ words }) => words);
    if (record.step === 'ConfirmingFlat') {
      const left = record.targets.some(
        (one) =>
          one.failures < MAX_CLOSE_FAILURES &&
          leftToClose(context.state, account, one.instrument).quantity > 0,
      );
      if (!left) conclude(context, record, open, money);
      else save(context, { ...record, step: 'Closing' });
      continue;
    }
    if (open.length > 0) continue;
    const { proof: _proof, ...rest } = record;
    save(context, withTargets(context, { ...rest, step: 'Closing' }));
  }
}
