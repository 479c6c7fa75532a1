import type { ExecutionRequest } from '../../../domain/input.ts';
import type { AccountId, InstrumentId } from '../../../domain/identifiers.ts';
import type { UnixMicros } from '../../../domain/time.ts';
import type { OrderFilled, VenueReport } from '../../../domain/venue-report.ts';
import type { ConnectionHealth } from '../../../ports/market-data-client.ts';
import type { AccountFacts, AccountQueries } from './account-queries.ts';
import type { ClockOffset } from '../../../net/clock-offset.ts';

/** A comparison that is asked for. */
export type ReconcileRequest = Extract<ExecutionRequest, { type: 'SendReconcile' }>;

/** Cancels all of a symbol over REST, without the private stream and whatever we know of the orders; gives what to tell of it. */
export async function cancelAllOf(
  queries: AccountQueries,
  account: AccountId,
  symbol: string,
  venueTimeNow: () => UnixMicros,
): Promise<VenueReport[]> {
  const facts = await queries.cancelAll(symbol);
  if (!facts.ok) {
    const { code, message } = facts.error;
    return [{ type: 'RequestFailed', account, request: 'cancelAll', symbol, code, message }];
  }
  const venueTime = venueTimeNow();
  const { canceled, count } = facts.value;
  return [
    ...canceled.map(({ instrument, clientOrderId, cumQty }): VenueReport => {
      const about = { account, instrument: instrument.id, clientOrderId, venueTime };
      return { type: 'OrderCanceled', ...about, cumQty };
    }),
    { type: 'AllCanceled', account, symbol, count, venueTime },
  ];
}

/** What tells one fill of an account from another. */
function fillKey(fill: OrderFilled): string {
  return `${fill.instrument} ${fill.tradeId} ${fill.clientOrderId}`;
}

/** True for a report that says something beside a snapshot: what the snapshot counted already is no news. */
export function newsBeside({
  fills,
  openOrders,
  updatedAt,
}: AccountFacts): (report: VenueReport) => boolean {
  const counted = new Set(fills.map((fill) => fillKey(fill)));
  const open = new Set(openOrders.map((order) => order.clientOrderId));
  return (report) => {
    if (report.type === 'OrderFilled') return !counted.has(fillKey(report));
    if (report.type === 'OrderAccepted') return !open.has(report.clientOrderId);
    return report.type !== 'BalancesChanged' || report.venueTime > updatedAt;
  };
}

/** A comparison could not be made. */
export function reconcileFailed(
  { account, requestId }: ReconcileRequest,
  code: string,
  message: string,
): VenueReport {
  return { type: 'RequestFailed', account, request: 'reconcile', requestId, code, message };
}

/** The refusal of an instrument that is not loaded. */
export function unknownInstrument(id: InstrumentId): {
  readonly code: string;
  readonly message: string;
} {
  return { code: 'INSTRUMENT_UNKNOWN', message: `${id} is not among the venue's instruments` };
}

/** How the private connection is. */
export function accountHealth(
  offset: ClockOffset | undefined,
  counts: Pick<
    ConnectionHealth,
    'state' | 'messages' | 'unknownMessages' | 'reconnects' | 'lastMessageAt'
  >,
): ConnectionHealth {
  return {
    connection: 'account',
    ...counts,
    ...(offset === undefined
      ? {}
      : { latencyMicros: offset.roundTripMicros, clockOffsetMicros: offset.offsetMicros }),
    parseErrors: 0,
    resyncs: 0,
  };
}
