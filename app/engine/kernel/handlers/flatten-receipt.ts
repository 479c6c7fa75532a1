import { rescale } from '../../domain/decimal.ts';
import type { ClientOrderId } from '../../domain/identifiers.ts';
import type { FlattenFill, FlattenLine, FlattenOrder, FlattenReceipt } from '../../domain/input.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import { notional, quantity } from '../../domain/price.ts';
import type { FlattenRecord, FlattenTarget, KernelState } from '../state.ts';
import { leftToClose } from './flatten-scope.ts';

/** What is still to be proved in a step, in words. */
const AWAITED: Readonly<Record<FlattenReceipt['step'], string>> = {
  Canceling: 'cancels are asked for',
  ConfirmingCanceled: 'the venue has not yet said that nothing is open',
  Closing: 'nothing is open at the venue, closing',
  ConfirmingFlat: 'the venue has not yet said that it is closed',
  Unproved: 'not proved, the venue is asked again every 30 s',
  Drilling: 'the venue has not answered yet',
  Done: 'not proved',
};

function outcomeOf(order: Order): FlattenOrder['outcome'] {
  if (order.status === 'Canceled' || order.status === 'Filled') return order.status;
  if (isTerminal(order.status)) return 'Ended';
  return order.unknownSince === undefined ? 'Open' : 'Unknown';
}

function howKnown(order: Order): string {
  if (!isTerminal(order.status)) return order.status;
  return order.reason?.message ?? 'reported by the venue';
}

/** What became of an order that is being canceled. */
function orderLine(order: Order): FlattenOrder {
  const { clientOrderId, origin, side, cumQty, updatedAt } = order;
  const known = { outcome: outcomeOf(order), filled: cumQty, detail: howKnown(order) };
  return { clientOrderId, origin, side, ...known, at: updatedAt };
}

function fillsOf(state: KernelState, closing: readonly ClientOrderId[]): FlattenFill[] {
  if (closing.length === 0) return [];
  const mine = new Set(closing);
  return state.fills
    .all()
    .filter(({ clientOrderId }) => mine.has(clientOrderId))
    .map(({ tradeId, clientOrderId, lastPx, lastQty, receivedAt }) => {
      return { tradeId, clientOrderId, lastPx, lastQty, at: receivedAt };
    });
}

function baselineOf(
  state: KernelState,
  record: FlattenRecord,
  target: FlattenTarget,
): { readonly baseline?: bigint } {
  const { base, baseScale } = state.instrument(target.instrument);
  const line = state.portfolio
    .ledger(record.account)
    .lines()
    .find(({ asset }) => asset === base);
  if (line?.baseline === undefined) return {};
  return { baseline: rescale(line.baseline, line.scale, baseScale) };
}

/** What is done and left on one instrument now. */
export function lineOf(
  state: KernelState,
  record: FlattenRecord,
  target: FlattenTarget,
): FlattenLine {
  const { instrument, canceling, closing, before, proved, detail } = target;
  const orders = canceling.flatMap((id) => {
    const known = state.orders.get(id)?.order;
    return known === undefined ? [] : [orderLine(known)];
  });
  const left = leftToClose(state, record.account, instrument);
  const touch = state.touch(instrument, left.side);
  const fills = fillsOf(state, closing);
  const { symbol, base, quote, baseScale, priceScale, quantityScale } =
    state.instrument(instrument);
  return {
    ...{ instrument, symbol, base, quote, baseScale, priceScale, quantityScale },
    orders,
    canceled: orders.filter(({ outcome }) => outcome === 'Canceled').length,
    before,
    fills,
    closedQuantity: fills.reduce((sum, { lastQty }) => sum + lastQty, 0),
    toClose: left.quantity,
    remaining: left.net,
    dust: left.dust,
    ...(touch !== undefined && left.net > 0 && { worth: notional(touch, quantity(left.net)) }),
    ...baselineOf(state, record, target),
    proved,
    detail: detail === '' ? AWAITED[record.step] : detail,
  };
}

function unprovedOf(state: KernelState, record: FlattenRecord): string[] {
  if (record.step === 'Done') return [...record.notes];
  const account = state.accounts.get(record.account);
  const { foreign, refused, notes } = record;
  return [
    ...(account?.connected === false
      ? [`the venue cannot be asked: ${account.reconciliation.differences.join('; ')}`]
      : []),
    ...(account?.unanswered === undefined
      ? []
      : [
          `the venue did not answer, asked ${account.unanswered.times} times: ${account.unanswered.message}`,
        ]),
    ...refused.map(({ symbol, message }) => `${symbol}: what is open was not canceled: ${message}`),
    ...foreign.map(describeForeign),
    ...notes,
  ];
}

/** An order outside our instruments, in words. */
export function describeForeign(order: FlattenRecord['foreign'][number]): string {
  return `${order.symbol}: order ${order.clientOrderId} is open, and ${order.symbol} is not among the instruments`;
}

/** Progress or receipt as screens see it. */
export function receiptOf(state: KernelState, record: FlattenRecord): FlattenReceipt {
  const { id, commandId, client, via, account, kind, step, flat } = record;
  const { askedAt, startedAt, canceledAt, updatedAt } = record;
  return {
    id,
    commandId,
    client,
    ...(via && { via }),
    account,
    kind,
    step,
    flat,
    // What was proved stays as it was proved, whatever is traded afterwards.
    lines: record.lines ?? record.targets.map((target) => lineOf(state, record, target)),
    unproved: unprovedOf(state, record),
    askedAt,
    startedAt,
    ...(canceledAt !== undefined && { canceledAt }),
    updatedAt,
  };
}
