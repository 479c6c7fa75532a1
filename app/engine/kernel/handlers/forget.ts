import type { AccountId, ClientOrderId } from '../../domain/identifiers.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import type { OrderQueried, OrderReport } from '../../domain/venue-report.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import { isAfterMark } from '../../orders/trade-history.ts';
import type { KernelContext } from '../context.ts';
import { activeFlattens } from './flatten-scope.ts';

function linksOf({ order, replacedBy }: OrderRecord): readonly (ClientOrderId | undefined)[] {
  const { replaces, parent, contingency } = order;
  return [replaces, replacedBy?.clientOrderId, parent, contingency?.sibling];
}

/** Orders that speak of each other: chains of replaces, an entry with its exits, the legs of a list. In the order of their first births. */
function familiesOf(records: readonly OrderRecord[]): readonly (readonly OrderRecord[])[] {
  const heads = new Map<ClientOrderId, ClientOrderId>();
  const headOf = (id: ClientOrderId): ClientOrderId => {
    let head = id;
    for (let up = heads.get(head); up !== undefined && up !== head; up = heads.get(head)) head = up;
    heads.set(id, head);
    return head;
  };
  for (const record of records) heads.set(record.order.clientOrderId, record.order.clientOrderId);
  for (const record of records) {
    for (const link of linksOf(record)) {
      if (link === undefined || !heads.has(link)) continue;
      heads.set(headOf(link), headOf(record.order.clientOrderId));
    }
  }
  const families = new Map<ClientOrderId, OrderRecord[]>();
  for (const record of records) {
    const head = headOf(record.order.clientOrderId);
    const family = families.get(head);
    if (family === undefined) families.set(head, [record]);
    else family.push(record);
  }
  return [...families.values()];
}

function lastChange(family: readonly OrderRecord[]): number {
  return family.reduce((last, { order }) => Math.max(last, order.updatedAt), 0);
}

/** True of an order that nobody asks for any more: over for a while, by the venue's own word, every trade of it behind the mark of history. */
function isForgettable(context: KernelContext, { order }: OrderRecord): boolean {
  const { state, now } = context;
  const { account, clientOrderId, cumQty, reason, updatedAt } = order;
  if (!state.orders.isOver(clientOrderId) || now - updatedAt < state.retention.ageMicros)
    return false;
  // Given up by us, and it did trade: the venue may yet think otherwise.
  if (reason?.code === 'NOT_AT_VENUE' && cumQty > 0) return false;
  const marks = state.accounts.get(account)?.history ?? [];
  return !state.fills.of(clientOrderId).some((fill) => isAfterMark(marks, fill));
}

/**
 * Forgets orders of an account that have ended, oldest first, but for as many as are kept; called when the account was found to
 * agree with the venue. Of an order that works, or of which something is to be found out, its whole family stays.
 */
export function forgetEnded(context: KernelContext, account: AccountId): void {
  const { state } = context;
  const { orders, fills, strays, retention } = state;
  const records = [...orders.all()].filter(({ order }) => order.account === account);
  const ended = records.filter(({ order }) => isTerminal(order.status)).length;
  let excess = ended - retention.ended;
  if (excess <= 0 || state.accounts.get(account)?.reconciliation.state !== 'Agrees') return;
  // What a flatten says of its orders, and what a stray turns out to be, comes first: then every trade behind the mark is counted.
  const busy = activeFlattens(state).some((one) => one.account === account);
  if (busy || [...strays.values()].some((stray) => stray.account === account)) return;
  const over = familiesOf(records)
    .filter((family) => family.every((record) => isForgettable(context, record)))
    .sort((left, right) => lastChange(left) - lastChange(right));
  const gone: Order[] = [];
  for (const family of over) {
    if (family.length > excess) break;
    excess -= family.length;
    gone.push(...family.map(({ order }) => order));
  }
  fills.forget(gone.filter(({ submittedAt }) => submittedAt !== undefined));
  for (const { clientOrderId } of gone) orders.forget(clientOrderId);
}

/** True of a trade, told again, of an order that was forgotten. */
export function isOldTrade({ state }: KernelContext, report: OrderReport): boolean {
  if (report.type !== 'OrderFilled' || state.strays.has(report.clientOrderId)) return false;
  return state.fills.isForgotten(report);
}

/** True when the venue speaks of an order that was forgotten: it has ended, and all it traded was counted. */
export function isOldOrder({ state }: KernelContext, { order, fills }: OrderQueried): boolean {
  if (order === undefined || !isTerminal(order.status)) return false;
  const { account, instrument } = order.terms;
  if (state.fills.forgottenOf(account, instrument) === undefined) return false;
  const counted = fills.filter((fill) => state.fills.isForgotten(fill));
  return counted.reduce((sum, { lastQty }) => sum + lastQty, 0) === order.cumQty;
}
