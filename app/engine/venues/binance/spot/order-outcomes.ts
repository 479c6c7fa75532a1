import type { AccountId, ClientOrderId, VenueOrderId } from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { Order } from '../../../domain/order.ts';
import type { UnixMicros } from '../../../domain/time.ts';
import type { VenueReport, VenueWords } from '../../../domain/venue-report.ts';
import { BINANCE_CODE, nameOf, verdictOf } from '../codes.ts';
import { FieldReader, isRecord } from '../../../ports/wire-fields.ts';
import { STATUSES } from './parse/orders.ts';
import type { WsOutcome } from './ws/ws-api.ts';

/** An order request as it was sent. */
export type OrderRequest =
  /** With the other leg where both are one list. */
  | { readonly kind: 'submit'; readonly order: Order; readonly sibling?: Order }
  | { readonly kind: 'cancel'; readonly order: Order }
  | { readonly kind: 'replace'; readonly order: Order; readonly replacement: Order };

/** Whose request, about what, when (venue time). */
export interface OutcomeContext {
  readonly account: AccountId;
  readonly instrument: Instrument;
  readonly venueTime: UnixMicros;
}

/** What an outcome means. */
export interface OutcomeReading {
  readonly reports: readonly VenueReport[];
  /** The venue does not know the order to cancel: it may be done already, ask for it. */
  readonly askFor?: { readonly order: Order; readonly otherwise: VenueReport };
}

/** Reads what became of an order request. Only a definite refusal is one; everything else is unknown or never left. */
export function readOutcome(
  request: OrderRequest,
  outcome: WsOutcome,
  context: OutcomeContext,
): OutcomeReading {
  if (outcome.type === 'Answered') return { reports: readAnswer(request, outcome.result, context) };
  const readings = legsOf(request).map((leg) => readUnanswered(leg, outcome, context));
  const [only] = readings;
  if (readings.length === 1 && only !== undefined) return only;
  return { reports: readings.flatMap(({ reports }) => reports) };
}

/** A request as one of each order it asks for: what befell a list befell both its legs. */
export function legsOf(request: OrderRequest): readonly OrderRequest[] {
  if (request.kind !== 'submit' || request.sibling === undefined) return [request];
  return [request.order, request.sibling].map((order) => ({ kind: 'submit', order }));
}

function readUnanswered(
  request: OrderRequest,
  outcome: Exclude<WsOutcome, { type: 'Answered' }>,
  context: OutcomeContext,
): OutcomeReading {
  switch (outcome.type) {
    case 'NotSent':
      return {
        reports: [notSent(request, context, 'NOT_CONNECTED', 'no connection to the venue')],
      };
    case 'Lost':
      return { reports: [unknownOutcome(request, context, outcome.code)] };
    case 'Failed':
      return readFailure(request, outcome, context);
  }
}

/** The report of a request that surely never left. */
export function notSent(
  request: OrderRequest,
  context: OutcomeContext,
  code: string,
  message: string,
): VenueReport {
  return {
    ...about(request.order.clientOrderId, context),
    ...replacementOf(request),
    type: 'NotSent',
    request: request.kind,
    code,
    message,
  };
}

function readAnswer(
  request: OrderRequest,
  result: unknown,
  context: OutcomeContext,
): readonly VenueReport[] {
  const malformed = legsOf(request).map((leg) => unknownOutcome(leg, context, 'ANSWER_MALFORMED'));
  if (request.kind === 'submit') {
    if (request.sibling !== undefined) {
      const taken = readList([request.order, request.sibling], result, context);
      return taken.length === 2 ? taken : malformed;
    }
    const accepted = readAccepted(request.order, result, context);
    return accepted === undefined ? malformed : [accepted];
  }
  if (request.kind === 'cancel') {
    // The cancel of one leg ends the whole list, and is answered as such.
    const list = isRecord(result) ? result['orderReports'] : undefined;
    if (Array.isArray(list)) {
      const ended = list.flatMap((wire) => readCanceledLeg(wire, context));
      const { clientOrderId } = request.order;
      const mine = ended.some(
        (one) => 'clientOrderId' in one && one.clientOrderId === clientOrderId,
      );
      return mine ? ended : malformed;
    }
    const canceled = readCanceled(request.order, result, context);
    return canceled === undefined ? malformed : [canceled];
  }
  const halves = isRecord(result) ? result : {};
  const canceled = readCanceled(request.order, halves['cancelResponse'], context);
  const accepted = readAccepted(request.replacement, halves['newOrderResponse'], context);
  return canceled === undefined || accepted === undefined ? malformed : [canceled, accepted];
}

function readFailure(
  request: OrderRequest,
  outcome: Extract<WsOutcome, { type: 'Failed' }>,
  context: OutcomeContext,
): OutcomeReading {
  const { status, code, message, data } = outcome;
  const halves =
    code === BINANCE_CODE.cancelReplacePartial || code === BINANCE_CODE.cancelReplaceFailed;
  if (request.kind === 'replace' && halves) return readHalves(request, data, context);
  if (verdictOf(status, code) === 'Unknown') {
    return { reports: [unknownOutcome(request, context, nameOf(status, code, message))] };
  }
  const refused = refusal(request, context, nameOf(status, code, message), message);
  if (request.kind === 'cancel' && code === BINANCE_CODE.unknownOrder) {
    return { reports: [], askFor: { order: request.order, otherwise: refused } };
  }
  return { reports: [refused] };
}

/** A cancel-replace of which the cancel, or only the new order, failed. */
function readHalves(
  request: Extract<OrderRequest, { kind: 'replace' }>,
  data: unknown,
  context: OutcomeContext,
): OutcomeReading {
  const fields = isRecord(data) ? data : {};
  const { cancelResult, newOrderResult, cancelResponse, newOrderResponse } = fields;
  if (cancelResult === 'FAILURE' && newOrderResult === 'NOT_ATTEMPTED') {
    const { code, message, name } = errorOf(cancelResponse);
    if (code !== undefined && verdictOf(400, code) === 'Unknown') {
      return { reports: [unknownOutcome(request, context, name)] };
    }
    const refused = refusal(request, context, name, message);
    if (code !== BINANCE_CODE.unknownOrder) return { reports: [refused] };
    return { reports: [], askFor: { order: request.order, otherwise: refused } };
  }
  const canceled = readCanceled(request.order, cancelResponse, context);
  if (cancelResult === 'SUCCESS' && newOrderResult === 'FAILURE' && canceled !== undefined) {
    const { code, message, name } = errorOf(newOrderResponse);
    const { clientOrderId } = request.replacement;
    const replacement = about(clientOrderId, context);
    const unclear = code === undefined || verdictOf(400, code) === 'Unknown';
    const fate: VenueReport = unclear
      ? { ...replacement, type: 'OutcomeUnknown', request: 'submit', code: name }
      : { ...replacement, type: 'OrderRejected', code: name, message };
    return { reports: [canceled, fate] };
  }
  return { reports: [unknownOutcome(request, context, 'ANSWER_MALFORMED')] };
}

function errorOf(wire: unknown): { code: number | undefined; message: string; name: string } {
  const fields = isRecord(wire) ? wire : {};
  const code = typeof fields['code'] === 'number' ? fields['code'] : undefined;
  const message = typeof fields['msg'] === 'string' ? fields['msg'] : 'no message of the venue';
  return { code, message, name: code === undefined ? 'NO_REASON' : nameOf(400, code, message) };
}

function refusal(
  request: OrderRequest,
  context: OutcomeContext,
  code: string,
  message: string,
): VenueReport {
  const base = { ...about(request.order.clientOrderId, context), code, message };
  switch (request.kind) {
    case 'submit':
      return { ...base, type: 'OrderRejected' };
    case 'cancel':
      return { ...base, type: 'CancelRejected' };
    case 'replace':
      return {
        ...base,
        type: 'ReplaceRejected',
        replacement: request.replacement.clientOrderId,
      };
  }
}

function unknownOutcome(request: OrderRequest, context: OutcomeContext, code: string): VenueReport {
  return {
    ...about(request.order.clientOrderId, context),
    ...replacementOf(request),
    type: 'OutcomeUnknown',
    request: request.kind,
    code,
  };
}

function readAccepted(
  order: Order,
  wire: unknown,
  context: OutcomeContext,
): VenueReport | undefined {
  const reader = new FieldReader(wire, 'order answer');
  const venueOrderId = String(reader.integer('orderId')) as VenueOrderId;
  const venueTime = reader.time('transactTime');
  const base = about(order.clientOrderId, context);
  const said = { ...base.said, ...readState(reader, context) };
  const read = reader.finish({ ...base, said, venueTime, venueOrderId });
  return read.ok ? { ...read.value, type: 'OrderAccepted' } : undefined;
}

/** How an answer says that the order stands; nothing when it only says that it was taken. */
function readState(
  reader: FieldReader,
  { instrument }: OutcomeContext,
): Pick<VenueWords, 'status' | 'cumQty'> {
  if (!reader.has('executedQty')) return {};
  const cumQty = reader.quantity('executedQty', instrument.quantityScale);
  const status = STATUSES[reader.text('status')];
  if (status === undefined) reader.reject('status', `one of ${Object.keys(STATUSES).join(', ')}`);
  return status === undefined ? {} : { status, cumQty };
}

/** The acceptance of each leg that the answer names, with how it stands where that is said. */
function readList(
  legs: readonly Order[],
  wire: unknown,
  context: OutcomeContext,
): readonly VenueReport[] {
  const list = new FieldReader(wire, 'order list answer');
  const transactTime = list.integer('transactionTime');
  const named = list.list('orders');
  const told = list.has('orderReports') ? list.list('orderReports') : [];
  return legs.flatMap((order) => {
    const { clientOrderId } = order;
    const isOf = (one: unknown): boolean => isRecord(one) && one['clientOrderId'] === clientOrderId;
    const row = named.find(isOf);
    if (!isRecord(row)) return [];
    const report = told.find(isOf);
    const wire = { ...row, ...(isRecord(report) ? report : {}), transactTime };
    const accepted = readAccepted(order, wire, context);
    return accepted === undefined ? [] : [accepted];
  });
}

function readCanceledLeg(wire: unknown, context: OutcomeContext): readonly VenueReport[] {
  const id = isRecord(wire) ? wire['origClientOrderId'] : undefined;
  if (typeof id !== 'string') return [];
  const canceled = readCanceled({ clientOrderId: id as ClientOrderId }, wire, context);
  return canceled === undefined ? [] : [canceled];
}

function readCanceled(
  order: Pick<Order, 'clientOrderId'>,
  wire: unknown,
  context: OutcomeContext,
): VenueReport | undefined {
  const reader = new FieldReader(wire, 'cancel answer');
  const cumQty = reader.quantity('executedQty', context.instrument.quantityScale);
  const venueTime = reader.has('transactTime') ? reader.time('transactTime') : context.venueTime;
  const read = reader.finish({ ...about(order.clientOrderId, context), venueTime, cumQty });
  return read.ok ? { ...read.value, type: 'OrderCanceled' } : undefined;
}

function about(clientOrderId: ClientOrderId, { account, instrument, venueTime }: OutcomeContext) {
  const said = { source: 'RequestAnswer' } as const;
  return { said, account, instrument: instrument.id, clientOrderId, venueTime };
}

function replacementOf(request: OrderRequest): { readonly replacement?: ClientOrderId } {
  return request.kind === 'replace' ? { replacement: request.replacement.clientOrderId } : {};
}
