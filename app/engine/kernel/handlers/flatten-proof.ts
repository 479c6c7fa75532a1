import type { AccountSnapshot } from '../../domain/venue-report.ts';
import { describeDifference, type LedgerDifference } from '../../portfolio/ledger.ts';
import type { KernelContext } from '../context.ts';
import type { FlattenRecord, FlattenTarget } from '../state.ts';
import { rearm, saveFlatten } from './flatten-record.ts';
import { covers, leftToClose, ordersInScope, withTargets } from './flatten-scope.ts';

/** Closing orders of one instrument that may end without a fill before no other is sent. */
export const MAX_CLOSE_FAILURES = 10;
/** Answers of the venue that may fail to prove it before the receipt says so. */
const MAX_UNPROVED = 10;

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

/** Closing is over and the venue has answered: flat, asked again, or given up. A kill that is given up goes on asking. */
export function conclude(
  context: KernelContext,
  record: FlattenRecord,
  unsettled: readonly string[],
  money: readonly LedgerDifference[],
): void {
  const targets = record.targets.map((one) => proofOf(context, record, one, money));
  const flat = unsettled.length === 0 && targets.every(({ proved }) => proved);
  const unproved = record.unproved + 1;
  const failed = targets.some((one) => one.failures >= MAX_CLOSE_FAILURES);
  const { proof: _proof, ...rest } = record;
  if (flat || failed || unproved >= MAX_UNPROVED) {
    const words = unsettled.join('; ');
    const told = targets.map((one) =>
      flat || words === '' ? one : { ...one, proved: false, detail: words },
    );
    const notes = flat ? [] : unsettled;
    const step = flat || record.kind !== 'Kill' ? 'Done' : 'Unproved';
    const ended = saveFlatten(context, { ...rest, targets: told, notes, unproved, flat, step });
    if (step === 'Unproved') rearm(context, ended);
    const level = flat ? 'Info' : 'Error';
    const message = `${record.id}: ${flat ? 'flat at the venue' : 'could not be proved flat'}`;
    context.alert(level, flat ? 'FLATTEN_DONE' : 'FLATTEN_UNPROVED', message);
    return;
  }
  saveFlatten(context, { ...rest, targets, unproved });
}

/** The venue answered about a kill that was given up: nothing is sent, whatever it says; it is done once all is proved. */
export function watch(
  context: KernelContext,
  record: FlattenRecord,
  report: AccountSnapshot,
  unsettled: readonly string[],
  money: readonly LedgerDifference[],
): void {
  const { proof: _proof, ...rest } = withTargets(context, record);
  const open = new Set(ordersInScope(context, record).map(({ order }) => order.clientOrderId));
  for (const { terms, clientOrderId } of report.openOrders) {
    if (covers(record.instrument, terms.instrument)) open.add(clientOrderId);
  }
  const notes = [...unsettled, ...[...open].map((id) => `${id} is open`)];
  const targets = rest.targets.map((one) => proofOf(context, record, one, money));
  const flat =
    notes.length === 0 && rest.foreign.length === 0 && targets.every(({ proved }) => proved);
  const told = flat ? targets : targets.map((one) => ({ ...one, proved: false }));
  const step = flat ? 'Done' : 'Unproved';
  saveFlatten(context, { ...rest, targets: told, notes, flat, step });
  if (flat) context.alert('Info', 'FLATTEN_DONE', `${record.id}: flat at the venue`);
}
