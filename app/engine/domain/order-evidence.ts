import type { AccountId, ClientOrderId, InstrumentId } from './identifiers.ts';
import { isTerminal, type Order } from './order.ts';
import type { Quantity } from './price.ts';
import type { UnixMicros } from './time.ts';
import type { VenueOrder } from './venue-report.ts';

/** Where a statement about an order can come from, in the order they are shown. */
export const EVIDENCE_SOURCES = [
  /** The private stream of the account. */
  'UserStream',
  /** The answer to the request that sent, canceled or replaced it. */
  'RequestAnswer',
  /** The answer to a question about this order. */
  'Query',
  /** The list of open orders. */
  'OpenOrders',
  /** The account's trade history. */
  'TradeHistory',
] as const;

export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

/** What one source said last about one order. */
export interface OrderStatement {
  readonly source: EvidenceSource;
  /** State: how the order is. NotFound: the source does not have it. Fills: executions only. Refused: a request was refused. NoAnswer: a request's fate is not known. NotSent: it never left. Failed: the question was not answered. */
  readonly says: 'State' | 'NotFound' | 'Fills' | 'Refused' | 'NoAnswer' | 'NotSent' | 'Failed';
  readonly status?: VenueOrder['status'];
  readonly cumQty?: Quantity;
  readonly code?: string;
  /** The venue's clock. */
  readonly venueTime: UnixMicros;
  /** Our clock: the time of the journal's input that brought it. */
  readonly receivedAt: UnixMicros;
}

/** The last statement of each source about one order. */
export interface OrderEvidence {
  readonly clientOrderId: ClientOrderId;
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly statements: readonly OrderStatement[];
}

/** How far what we think is proved. */
export type OutcomeClass = 'Confirmed' | 'Refused' | 'Unknown';

/** Agrees; Older: it differs and a newer statement explains why; Differs; Silent: it says nothing of the state. */
export type StatementVerdict = 'Agrees' | 'Older' | 'Differs' | 'Silent';

/** Unknown as long as the venue has not said what became of the order or of the last request about it. */
export function outcomeClass(order: Order): OutcomeClass {
  if (order.status === 'Denied' || order.status === 'Rejected') return 'Refused';
  const waiting =
    order.status === 'Initialized' ||
    order.status === 'Submitted' ||
    order.status === 'PendingCancel' ||
    order.status === 'PendingReplace';
  return waiting || order.unknownSince !== undefined ? 'Unknown' : 'Confirmed';
}

/** Compares a statement with what we think; `all` are the statements about the order. */
export function judgeStatement(
  order: Order,
  statement: OrderStatement,
  all: readonly OrderStatement[],
): StatementVerdict {
  const verdict = compare(order, statement);
  if (verdict !== 'Differs') return verdict;
  const explained = all.some(
    (other) => other.receivedAt > statement.receivedAt && compare(order, other) === 'Agrees',
  );
  return explained ? 'Older' : 'Differs';
}

/** True while the venue's newest words are not what we think, or nothing proves it. */
export function isDoubtful(order: Order, statements: readonly OrderStatement[]): boolean {
  if (order.unknownSince !== undefined) return true;
  return statements.some((one) => judgeStatement(order, one, statements) === 'Differs');
}

function compare(order: Order, statement: OrderStatement): StatementVerdict {
  const { says, status, cumQty } = statement;
  if (says === 'NotFound') {
    const ended = isTerminal(order.status);
    // An order that has ended is on no list of open ones.
    return ended && (order.cumQty === 0 || statement.source === 'OpenOrders')
      ? 'Agrees'
      : 'Differs';
  }
  if (cumQty !== undefined && cumQty !== order.cumQty) return 'Differs';
  if (status === undefined) return cumQty === undefined ? 'Silent' : 'Agrees';
  return status === venueStatusOf(order) ? 'Agrees' : 'Differs';
}

/** The word a venue has for where we think the order stands. */
function venueStatusOf(order: Order): VenueOrder['status'] | undefined {
  switch (order.status) {
    case 'Filled':
    case 'Canceled':
    case 'Rejected':
    case 'Expired':
      return order.status;
    case 'Accepted':
    case 'Triggered':
    case 'PartiallyFilled':
    case 'PendingCancel':
    case 'PendingReplace':
      return order.cumQty > 0 ? 'PartiallyFilled' : 'Accepted';
    default:
      return undefined;
  }
}
