import type { EvidenceSource, OrderEvidence, OrderStatement } from '../../domain/order-evidence.ts';
import { quantity, type Quantity } from '../../domain/price.ts';
import type {
  AccountSnapshot,
  CancelRejected,
  NotSent,
  OrderFilled,
  OrderQueried,
  OrdersListed,
  OutcomeUnknown,
  ReplaceRejected,
  VenueReport,
  VenueWords,
} from '../../domain/venue-report.ts';
import type { KernelContext } from '../context.ts';

type About = Omit<OrderEvidence, 'statements'>;
type Words = Omit<OrderStatement, 'receivedAt'>;

function note(context: KernelContext, about: About, words: Words): void {
  const statement = { ...words, receivedAt: context.now };
  const evidence = context.state.evidence.note(about, statement);
  context.publish({ type: 'EvidenceChanged', evidence });
}

function sumOf(fills: readonly OrderFilled[]): Quantity {
  return quantity(fills.reduce((sum, fill) => sum + fill.lastQty, 0));
}

function noteAnswer(context: KernelContext, report: OrderQueried, { source }: VenueWords): void {
  const { order, fills, venueTime } = report;
  const state: Words =
    order === undefined
      ? { source, says: 'NotFound', venueTime }
      : { source, says: 'State', status: order.status, cumQty: order.cumQty, venueTime };
  note(context, report, state);
  if (source !== 'Query') return;
  // The answer to a question carries every fill of the order.
  const last = fills.at(-1)?.venueTime ?? venueTime;
  const cumQty = sumOf(fills);
  note(context, report, { source: 'TradeHistory', says: 'Fills', cumQty, venueTime: last });
}

function noteSnapshot(context: KernelContext, snapshot: AccountSnapshot | OrdersListed): void {
  const { account, openOrders, venueTime } = snapshot;
  const source = 'OpenOrders';
  const listed = new Set(openOrders.map((order) => order.clientOrderId));
  for (const { clientOrderId, terms, status, cumQty } of openOrders) {
    const about = { clientOrderId, account, instrument: terms.instrument };
    note(context, about, { source, says: 'State', status, cumQty, venueTime });
  }
  for (const { order } of context.state.orders.liveOf(account)) {
    // One that has not been taken yet cannot be listed.
    if (order.acceptedAt === undefined || listed.has(order.clientOrderId)) continue;
    note(context, order, { source, says: 'NotFound', venueTime });
  }
}

/** Undefined fields are left out: they are not encoded. */
function present(said: Pick<VenueWords, 'status' | 'cumQty'>, code?: string): Partial<Words> {
  const { status, cumQty } = said;
  return {
    ...(status === undefined ? {} : { status }),
    ...(cumQty === undefined ? {} : { cumQty }),
    ...(code === undefined ? {} : { code }),
  };
}

const STATUS_OF = {
  OrderAccepted: 'Accepted',
  OrderRejected: 'Rejected',
  OrderCanceled: 'Canceled',
  OrderExpired: 'Expired',
} as const;

const SAYS = {
  CancelRejected: 'Refused',
  ReplaceRejected: 'Refused',
  OutcomeUnknown: 'NoAnswer',
  NotSent: 'NotSent',
} as const;

/** A request that came to nothing says nothing of the order's state; what it would have made is in doubt with it. */
function noteRefusal(
  context: KernelContext,
  report: CancelRejected | ReplaceRejected | OutcomeUnknown | NotSent,
  source: EvidenceSource,
): void {
  const { code, venueTime } = report;
  const words: Words = { source, says: SAYS[report.type], code, venueTime };
  note(context, report, words);
  if (!('replacement' in report) || report.replacement === undefined) return;
  note(context, { ...report, clientOrderId: report.replacement }, words);
}

/** Keeps what a report's source said; a report that names none (an older journal) leaves no evidence. */
export function noteEvidence(context: KernelContext, report: VenueReport): void {
  if (!('said' in report) || report.said === undefined) return;
  const { said } = report;
  const { source } = said;
  switch (report.type) {
    case 'OrderQueried':
      noteAnswer(context, report, said);
      return;
    case 'AccountSnapshot':
    case 'OrdersListed':
      noteSnapshot(context, report);
      return;
    case 'RequestFailed': {
      const { clientOrderId, code } = report;
      const order = clientOrderId && context.state.orders.get(clientOrderId)?.order;
      if (order === undefined) return;
      note(context, order, { source, says: 'Failed', code, venueTime: context.now });
      return;
    }
    case 'OrderAccepted':
    case 'OrderRejected':
    case 'OrderCanceled':
    case 'OrderExpired': {
      const stated = {
        status: STATUS_OF[report.type],
        ...present('cumQty' in report ? report : {}),
        ...present(said),
      };
      const code = 'code' in report ? report.code : undefined;
      const { venueTime } = report;
      note(context, report, { source, says: 'State', ...present(stated, code), venueTime });
      return;
    }
    case 'OrderTriggered':
    case 'OrderFilled':
    case 'OrderRestated': {
      const says = said.status === undefined ? 'Fills' : 'State';
      note(context, report, { source, says, ...present(said), venueTime: report.venueTime });
      return;
    }
    case 'CancelRejected':
    case 'ReplaceRejected':
    case 'OutcomeUnknown':
    case 'NotSent':
      noteRefusal(context, report, source);
      return;
    default:
  }
}
