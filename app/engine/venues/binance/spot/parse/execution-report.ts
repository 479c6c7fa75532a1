import type { Result } from '../../../../base/result.ts';
import { unreachable } from '../../../../base/invariant.ts';
import type { AssetCode, ClientOrderId, TradeId } from '../../../../domain/identifiers.ts';
import type { OrderFilled, VenueOrder, VenueReport } from '../../../../domain/venue-report.ts';
import type { VenueError } from '../../../../ports/market-data-client.ts';
import { FieldReader } from '../../../../ports/wire-fields.ts';
import { feeScaleOf, isStop, readOrder, REPORT, type OrderContext } from './orders.ts';

const EXECUTIONS = [
  'NEW',
  'CANCELED',
  'REPLACED',
  'REJECTED',
  'TRADE',
  'EXPIRED',
  'TRADE_PREVENTION',
] as const;
type Execution = (typeof EXECUTIONS)[number];

/** What one executionReport says. */
export interface ExecutionUpdate {
  /** The order as it stands after the event; its id is the order's own, also when a cancel request has another. */
  readonly order: VenueOrder;
  /** The event as reports, in order; none when only `order` tells (amended, decremented). */
  readonly reports: readonly VenueReport[];
}

/** Parses an `executionReport`. Placeholders ("0", "NONE", -1) become absent. */
export function parseExecutionReport(
  wire: unknown,
  context: OrderContext,
): Result<ExecutionUpdate, VenueError> {
  const reader = new FieldReader(wire, 'executionReport');
  const text = reader.text('x');
  const execution = EXECUTIONS.find((known) => known === text);
  if (execution === undefined) reader.reject('x', `one of ${EXECUTIONS.join(', ')}`);
  // On a cancel `c` names the cancel request and `C` the order.
  const clientOrderId = (reader.optionalText('C') ?? reader.text('c')) as ClientOrderId;
  const order = readOrder(reader, REPORT, context, clientOrderId, reader.time('T'));
  const reports = execution === undefined ? [] : readReports(reader, execution, order, context);
  return reader.finish({ order, reports });
}

function readReports(
  reader: FieldReader,
  execution: Execution,
  order: VenueOrder,
  context: OrderContext,
): readonly VenueReport[] {
  const { account, instrument } = context;
  const { clientOrderId, venueOrderId, venueTime, cumQty } = order;
  const base = { account, instrument: instrument.id, clientOrderId, venueTime };
  const triggered: readonly VenueReport[] = isTriggeredStop(reader, order)
    ? [{ ...base, type: 'OrderTriggered' }]
    : [];
  switch (execution) {
    case 'NEW':
      return [{ ...base, type: 'OrderAccepted', venueOrderId }, ...triggered];
    case 'TRADE':
      return [...triggered, readFill(reader, order, context)];
    case 'CANCELED':
      return [{ ...base, type: 'OrderCanceled', cumQty }];
    case 'REJECTED': {
      const code = reader.text('r');
      return [{ ...base, type: 'OrderRejected', code, message: `the venue refused: ${code}` }];
    }
    case 'EXPIRED':
      return [{ ...base, type: 'OrderExpired', cumQty, code: expiryCode(reader, order) }];
    case 'TRADE_PREVENTION':
      if (order.status !== 'Expired') return [];
      return [{ ...base, type: 'OrderExpired', cumQty, code: 'SELF_TRADE_PREVENTION' }];
    case 'REPLACED':
      return [];
    default:
      return unreachable(execution);
  }
}

/** A stop rests off the book until triggered; from then on it is on the book, or it trades. */
function isTriggeredStop(reader: FieldReader, order: VenueOrder): boolean {
  return isStop(order) && (reader.text('x') === 'TRADE' || reader.flag('w'));
}

function readFill(
  reader: FieldReader,
  order: VenueOrder,
  { account, instrument }: OrderContext,
): OrderFilled {
  // No fee is "0" of no asset.
  const feeAsset = (reader.optionalText('N') ?? instrument.quote) as AssetCode;
  const feeScale = feeScaleOf(feeAsset, instrument);
  const tradeId = reader.integer('t');
  if (tradeId < 0) reader.reject('t', 'a trade id >= 0');
  return {
    type: 'OrderFilled',
    account,
    instrument: instrument.id,
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    tradeId: String(tradeId) as TradeId,
    lastPx: reader.price('L', instrument.priceScale),
    lastQty: reader.quantity('l', instrument.quantityScale),
    liquidity: reader.flag('m') ? 'Maker' : 'Taker',
    fee: reader.amount('n', feeScale),
    feeScale,
    feeAsset,
    venueTime: order.venueTime,
  };
}

function expiryCode(reader: FieldReader, order: VenueOrder): string {
  const stated = reader.optionalText('eR') ?? reader.optionalText('r');
  if (stated !== undefined && stated !== 'NONE') return stated;
  if (order.terms.timeInForce === 'FOK') return 'FILL_OR_KILL';
  if (order.terms.timeInForce === 'IOC') return 'IMMEDIATE_OR_CANCEL';
  return order.terms.type === 'Market' ? 'NO_LIQUIDITY' : 'EXPIRED';
}
