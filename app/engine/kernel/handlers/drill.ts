import type { InstrumentId } from '../../domain/identifiers.ts';
import type { FlattenOrder } from '../../domain/input.ts';
import type { AccountSnapshot, VenueOrder } from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';
import type { FlattenRecord } from '../state.ts';
import { describeForeign, lineOf } from './flatten-receipt.ts';
import { newRecord, rearm, saveFlatten, type FlattenAsk } from './flatten-record.ts';
import { withTargets } from './flatten-scope.ts';
import { requestReconcile } from './reconcile.ts';

/** The venue has this long to answer a drill. */
const DRILL_LIMIT_MICROS = 10_000_000;

/** Begins to rehearse a kill of an account: the venue is asked, and nothing else leaves. */
export function startDrill(context: KernelContext, ask: FlattenAsk): void {
  const account = context.account(ask.account);
  if (account === undefined) return;
  const begun = saveFlatten(
    context,
    withTargets(context, newRecord(context, { ...ask, kind: 'Drill' }, 'Drilling')),
  );
  rearm(context, begun);
  saveFlatten(context, { ...begun, proof: requestReconcile(context, account) });
}

function finish(context: KernelContext, record: FlattenRecord): void {
  const { proof: _proof, ...rest } = record;
  const done = saveFlatten(context, { ...rest, step: 'Done' });
  const proved = done.notes.length === 0;
  const words = proved ? 'the venue answered' : done.notes.join('; ');
  context.alert(proved ? 'Info' : 'Warning', 'DRILL_DONE', `${done.id}: ${words}`);
}

/** A drill's timer: asks again what could not be asked, and ends in time. */
export function onDrillTimer(context: KernelContext, record: FlattenRecord): void {
  const account = context.state.accounts.get(record.account);
  if (context.now - record.startedAt >= DRILL_LIMIT_MICROS || account === undefined) {
    const why = account?.connected === true ? '' : ', the private stream is down';
    const note = `the venue did not answer within ${DRILL_LIMIT_MICROS / 1_000_000} s${why}`;
    finish(context, { ...record, notes: [note] });
    return;
  }
  rearm(context, record);
  if (account.asked.some(({ kind }) => kind === 'account')) return;
  saveFlatten(context, { ...record, proof: requestReconcile(context, account) });
}

function wouldCancel(context: KernelContext, stated: VenueOrder): FlattenOrder {
  const { clientOrderId, terms, cumQty } = stated;
  const origin = context.state.orders.get(clientOrderId)?.order.origin ?? 'External';
  const what = { outcome: 'WouldCancel', filled: cumQty, detail: 'open at the venue' } as const;
  return { clientOrderId, origin, side: terms.side, ...what, at: context.now };
}

/** The venue answered: what a kill would cancel and close now. */
export function onDrillProof(
  context: KernelContext,
  report: AccountSnapshot,
  unsettled: readonly { readonly instrument: InstrumentId; readonly words: string }[],
): void {
  for (const record of context.state.flattens.values()) {
    const { account, kind, step, proof } = record;
    if (kind !== 'Drill' || step === 'Done' || account !== report.account) continue;
    if (proof === undefined || report.requestId < proof) continue;
    const { foreignOrders: foreign = [] } = report;
    const grown = withTargets(context, { ...record, foreign });
    const lines = grown.targets.map((one) => {
      const line = lineOf(context.state, grown, one);
      const open = report.openOrders.filter(({ terms }) => terms.instrument === one.instrument);
      const doubts = unsettled.filter(({ instrument }) => instrument === one.instrument);
      const words = doubts.map((doubt) => doubt.words).join('; ');
      return {
        ...line,
        orders: open.map((stated) => wouldCancel(context, stated)),
        proved: doubts.length === 0,
        detail: words === '' ? 'as the venue states it' : words,
      };
    });
    const busy = lines.some(({ orders, toClose }) => orders.length > 0 || toClose > 0);
    const flat = !busy && foreign.length === 0;
    finish(context, { ...grown, lines, flat, notes: foreign.map(describeForeign) });
  }
}
