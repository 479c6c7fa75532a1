import type { AccountId, ClientOrderId, InstrumentId } from '../../domain/identifiers.ts';
import { quantity } from '../../domain/price.ts';
import type { OrderQueried, OrderReport, VenueOrder } from '../../domain/venue-report.ts';
import type { OrderRecord } from '../../orders/order-book-of-record.ts';
import { acceptOrder, newOrder, submitOrder } from '../../orders/order-events.ts';
import { statusFromQuantities } from '../../orders/status-table.ts';
import type { KernelContext } from '../context.ts';
import { saveOrder } from '../order-changes.ts';
import type { StrayRecord } from '../state.ts';

const ASK_EVERY_MICROS = 2_000_000;
const MAX_STRAYS = 1_000;
const MAX_REPORTS = 1_000;
const GIVE_UP_AFTER = 3;

/** What names an order in a report. */
interface StrayName {
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly clientOrderId: ClientOrderId;
}

function ask(context: KernelContext, stray: StrayRecord): void {
  const { account, instrument, clientOrderId } = stray;
  const since = context.state.accounts.get(account)?.since ?? context.now;
  context.state.strays.set(clientOrderId, { ...stray, queriedAt: context.now });
  context.emit({ type: 'SendQuery', account, instrument, clientOrderId, since });
}

/** Holds a report about an order nobody here knows and asks the venue what it is. */
export function holdStray(
  context: KernelContext,
  name: StrayName,
  report: OrderReport | undefined,
): void {
  const { strays, instruments } = context.state;
  const { account, instrument, clientOrderId } = name;
  context.count('strayReports');
  if (!instruments.has(instrument)) {
    const message = `${clientOrderId} is on ${instrument}, which is not among our instruments`;
    context.alert('Error', 'INSTRUMENT_UNKNOWN', message);
    return;
  }
  const known = strays.get(clientOrderId);
  const reports = report === undefined ? [] : [report];
  if (known !== undefined) {
    const held = [...known.reports, ...reports].slice(-MAX_REPORTS);
    strays.set(clientOrderId, { ...known, reports: held });
    return;
  }
  if (strays.size >= MAX_STRAYS) {
    context.alert('Error', 'STRAY_ORDERS_FULL', `${clientOrderId} is not held: ${MAX_STRAYS} are`);
    return;
  }
  const fresh = {
    clientOrderId,
    account,
    instrument,
    reports,
    negatives: 0,
    queriedAt: context.now,
  };
  ask(context, fresh);
}

/** Strays that can be asked about: somebody is there to answer. */
function askable(context: KernelContext): StrayRecord[] {
  const { strays, accounts } = context.state;
  return [...strays.values()].filter((stray) => accounts.get(stray.account)?.connected === true);
}

/** When the oldest stray is to be asked about again. */
export function strayDueAt(context: KernelContext): number | undefined {
  const dues = askable(context).map((stray) => stray.queriedAt + ASK_EVERY_MICROS);
  return dues.length === 0 ? undefined : dues.reduce((least, due) => Math.min(least, due));
}

/** Asks again about strays without an answer. */
export function sweepStrays(context: KernelContext): void {
  for (const stray of askable(context)) {
    if (stray.queriedAt + ASK_EVERY_MICROS <= context.now) ask(context, stray);
  }
}

/** The venue does not know a stray: after three such answers it is let go, told. */
export function noteStrayNegative(context: KernelContext, answer: OrderQueried): void {
  const stray = context.state.strays.get(answer.clientOrderId);
  if (stray === undefined) return;
  const negatives = stray.negatives + 1;
  if (negatives < GIVE_UP_AFTER) {
    context.state.strays.set(stray.clientOrderId, { ...stray, negatives });
    return;
  }
  context.state.strays.delete(stray.clientOrderId);
  const message = `${stray.clientOrderId} was reported ${stray.reports.length} times and the venue does not know it`;
  context.alert('Error', 'STRAY_ORDER_LOST', message);
}

/**
 * Adopts an order placed elsewhere, filled as the venue states it. Executions up to then that come later count in the position
 * alone; those from before our history begins never come and are its own past. Gives the record and the reports held for it, to
 * be applied next.
 */
export function adopt(
  context: KernelContext,
  venueOrder: VenueOrder,
): { readonly record: OrderRecord; readonly held: readonly OrderReport[] } | undefined {
  const { strays } = context.state;
  const { terms, clientOrderId, venueOrderId, venueTime, cumQty, cumNotional } = venueOrder;
  const held = strays.get(clientOrderId)?.reports ?? [];
  strays.delete(clientOrderId);
  const at = context.now;
  const born = newOrder(terms, { clientOrderId, origin: 'External', at });
  const submitted = submitOrder(born, at);
  if (!submitted.ok) return undefined;
  const taken = acceptOrder(submitted.value, venueOrderId, venueTime, at);
  if (!taken.ok) return undefined;
  const leavesQty = quantity(Math.max(0, terms.quantity - cumQty));
  const triggered = venueOrder.triggered === undefined ? {} : { triggeredAt: at };
  const whole = { ...taken.value, ...triggered };
  const part = cumQty === 0 ? whole : { ...whole, cumQty, leavesQty, cumNotional };
  const order = { ...part, status: statusFromQuantities(part) };
  const past = cumQty === 0 ? {} : { past: { quantity: cumQty, until: venueTime } };
  const record = saveOrder(context, { order, venueCumQty: cumQty, ...past });
  const words = `${clientOrderId} ${terms.side} on ${terms.instrument} was placed elsewhere and is now watched`;
  context.alert('Info', 'ORDER_ADOPTED', words);
  return { record, held };
}
