import type { AccountId, InstrumentId } from '../../domain/identifiers.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import { closeable, type Closeable } from '../../portfolio/position.ts';
import type { KernelContext } from '../context.ts';
import type { FlattenRecord, FlattenTarget, KernelState } from '../state.ts';

/** Flattens and kills that have not come to their end, oldest first. A drill touches nothing and is none. */
export function activeFlattens(state: KernelState): FlattenRecord[] {
  return [...state.flattens.values()].filter(
    ({ kind, step }) => kind !== 'Drill' && step !== 'Done',
  );
}

/** Those of them that still cancel or close. */
export function actingFlattens(state: KernelState): FlattenRecord[] {
  return activeFlattens(state).filter(({ step }) => step !== 'Unproved');
}

/** True when `wide` (absent: the whole account) holds `narrow`. */
export function covers(wide: InstrumentId | undefined, narrow: InstrumentId | undefined): boolean {
  return wide === undefined || wide === narrow;
}

/** The running flatten that keeps new orders off an instrument, or undefined. */
export function flattenCovering(
  state: KernelState,
  account: AccountId,
  instrument: InstrumentId,
): FlattenRecord | undefined {
  if (state.flattens.size === 0) return undefined;
  return actingFlattens(state).find(
    (record) => record.account === account && covers(record.instrument, instrument),
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

/** Live orders that a flatten covers, whoever placed them. */
export function ordersInScope(context: KernelContext, record: FlattenRecord): OrderRecord[] {
  return context.state.orders.liveOf(record.account, record.instrument);
}

function target(
  context: KernelContext,
  account: AccountId,
  instrument: InstrumentId,
): FlattenTarget {
  return {
    instrument,
    before: context.state.portfolio.position(account, instrument).quantity,
    canceling: [],
    closing: [],
    failures: 0,
    notBefore: context.now,
    proved: false,
    detail: '',
  };
}

/** The record with a target for every instrument that now has an order or a position. */
export function withTargets(context: KernelContext, record: FlattenRecord): FlattenRecord {
  const { state } = context;
  const { account } = record;
  const wanted = new Set<InstrumentId>(record.instrument === undefined ? [] : [record.instrument]);
  for (const { order } of ordersInScope(context, record)) wanted.add(order.instrument);
  for (const position of state.portfolio.positions()) {
    const open = position.quantity !== 0 && position.account === account;
    if (open && covers(record.instrument, position.instrument)) wanted.add(position.instrument);
  }
  for (const { instrument } of record.targets) wanted.delete(instrument);
  if (wanted.size === 0) return record;
  const added = [...wanted].sort().map((instrument) => target(context, account, instrument));
  return { ...record, targets: [...record.targets, ...added] };
}
