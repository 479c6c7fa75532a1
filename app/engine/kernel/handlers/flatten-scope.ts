import type { AccountId, InstrumentId } from '../../domain/identifiers.ts';
import type { FlattenLine, FlattenReceipt } from '../../domain/input.ts';
import { closeable, type Closeable } from '../../portfolio/position.ts';
import type { FlattenRecord, FlattenTarget, KernelState } from '../state.ts';

/** Flattens that have not come to their end, oldest first. */
export function activeFlattens(state: KernelState): FlattenRecord[] {
  return [...state.flattens.values()].filter(({ step }) => step !== 'Done');
}

/** The running flatten that keeps new orders off an instrument, or undefined. */
export function flattenCovering(
  state: KernelState,
  account: AccountId,
  instrument: InstrumentId,
): FlattenRecord | undefined {
  if (state.flattens.size === 0) return undefined;
  return activeFlattens(state).find(
    (record) =>
      record.account === account &&
      (record.instrument === undefined || record.instrument === instrument),
  );
}

/** What is left to close of an instrument, at the price a closing order would meet. */
export function leftToClose(
  state: KernelState,
  account: AccountId,
  instrument: InstrumentId,
): Closeable {
  const position = state.portfolio.position(account, instrument);
  const side = position.quantity > 0 ? 'Sell' : 'Buy';
  return closeable(position, state.instrument(instrument), state.touch(instrument, side));
}

function lineOf(state: KernelState, record: FlattenRecord, target: FlattenTarget): FlattenLine {
  const { instrument, canceling, closing, proved, detail } = target;
  const statusOf = (id: (typeof canceling)[number]): string | undefined =>
    state.orders.get(id)?.order.status;
  const left = leftToClose(state, record.account, instrument);
  return {
    instrument,
    canceled: canceling.filter((id) => statusOf(id) === 'Canceled').length,
    closedQuantity: closing.reduce((sum, id) => sum + (state.orders.get(id)?.order.cumQty ?? 0), 0),
    remaining: left.net,
    dust: left.dust,
    proved,
    detail,
  };
}

/** Progress or receipt as screens see it. */
export function receiptOf(state: KernelState, record: FlattenRecord): FlattenReceipt {
  const { id, account, kind, step, flat, startedAt, updatedAt } = record;
  const lines = record.targets.map((target) => lineOf(state, record, target));
  return { id, account, kind, step, flat, lines, startedAt, updatedAt };
}
