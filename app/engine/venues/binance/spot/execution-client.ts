import type { ExecutionRequest } from '../../../domain/input.ts';
import type { Clock } from '../../../base/clock.ts';
import { unreachable } from '../../../base/invariant.ts';
import type { Rng } from '../../../base/rng.ts';
import type { AccountId, ClientOrderId, InstrumentId } from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { isTerminal, type Order } from '../../../domain/order.ts';
import { unixMicros, type UnixMicros } from '../../../domain/time.ts';
import type { VenueReport } from '../../../domain/venue-report.ts';
import type { RequestQueue } from '../../../net/request-queue.ts';
import type { Scheduler } from '../../../net/scheduler.ts';
import type { SocketOpener } from '../../../net/socket.ts';
import type { Connection } from '../../../net/web-socket-client.ts';
import type { ExecutionClient, KnownOrder } from '../../../ports/execution-client.ts';
import type { ConnectionHealth } from '../../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../../ports/secret-store.ts';
import { verdictOf } from '../codes.ts';
import { signedParams, type Params } from '../signing.ts';
import { AccountQueries } from './account-queries.ts';
import {
  accountHealth,
  cancelAllOf,
  newsBeside,
  reconcileFailed,
  unknownInstrument,
  type ReconcileRequest,
} from './account-reports.ts';
import { SETTINGS } from '../settings.ts';
import { obeyLimits, type RestApi } from '../rest.ts';
import {
  legsOf,
  notSent,
  readOutcome,
  type OrderRequest,
  type OutcomeContext,
} from './order-outcomes.ts';
import { orderListParams, orderParams } from './order-params.ts';
import { PrivateStream } from './private-stream.ts';
import { ReportLedger } from './report-ledger.ts';
import { Resend } from './resend.ts';
import { symbolOf } from './symbols.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';
import type { VenueClock } from '../../../net/venue-clock.ts';
import { WsApi, type WsOutcome } from './ws/ws-api.ts';

/** What the execution client needs. */
export interface ExecutionDeps {
  readonly account: AccountId;
  readonly credentials: ApiCredentials;
  readonly wsApiUrl: string;
  readonly instrumentById: (id: InstrumentId) => Instrument | undefined;
  readonly instrumentBySymbol: (symbol: string) => Instrument | undefined;
  readonly rest: RestApi;
  readonly queue: RequestQueue;
  readonly venueClock: VenueClock<VenueError>;
  /** Our own time. */
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly open?: SocketOpener;
  /** A private message nobody understood, kept raw. */
  readonly onUnknownMessage: (raw: string) => void;
}

/** One account at Binance spot: orders and private events over one WebSocket API connection, questions over REST. */
export class BinanceSpotExecutionClient implements ExecutionClient {
  readonly #deps: ExecutionDeps;
  readonly #ledger = new ReportLedger();
  readonly #queries: AccountQueries;
  readonly #stream: PrivateStream;
  readonly #ws: WsApi;
  readonly #counts: { messages: number; unknownMessages: number; lastMessageAt?: number } = {
    messages: 0,
    unknownMessages: 0,
  };
  #disposed = false;
  #takingSnapshot = false;
  #nextSnapshot: ReconcileRequest | undefined;
  #withdrawals = 0;

  constructor(deps: ExecutionDeps) {
    this.#deps = deps;
    const { account, credentials, rest, instrumentBySymbol } = deps;
    const onUnknownMessage = (raw: string): void => {
      this.#counts.unknownMessages += 1;
      deps.onUnknownMessage(raw);
    };
    this.#queries = new AccountQueries({
      rest,
      account,
      credentials,
      ledger: this.#ledger,
      instrumentBySymbol,
      venueMs: () => deps.venueClock.nowMs(),
      onUnknown: onUnknownMessage,
    });
    this.#stream = new PrivateStream({
      account,
      ledger: this.#ledger,
      instrumentBySymbol,
      onUnknownMessage,
      onUnreadable: (symbol, clientOrderId) => this.#askForUnreadable(symbol, clientOrderId),
    });
    this.#ws = new WsApi({
      url: deps.wsApiUrl,
      scheduler: deps.scheduler,
      rng: deps.rng,
      holdMs: () => deps.queue.silentMs,
      ...(deps.open === undefined ? {} : { open: deps.open }),
      onOpen: (connection) => this.#subscribe(connection, false),
      onClose: (connection, reason) => this.#stream.lost(connection, reason),
      onEvent: (event, raw) => {
        this.#counts.messages += 1;
        this.#counts.lastMessageAt = deps.venueClock.ourMicros();
        this.#stream.onEvent(event, raw);
      },
      onUnknown: (raw) => onUnknownMessage(Buffer.from(raw).toString()),
      onWeight: (used, limit) => {
        deps.queue.observeUsed(used);
        deps.queue.setLimit(limit);
      },
    });
  }

  start(onReport: (report: VenueReport) => void, known: Iterable<KnownOrder> = []): void {
    this.#ledger.linkAll(known);
    this.#stream.start(onReport);
    void this.#deps.venueClock.measure().then(() => {
      if (!this.#disposed) this.#ws.start();
    });
  }

  send(request: ExecutionRequest): void {
    switch (request.type) {
      case 'SendOrder':
        return this.#sendOrder(request.order);
      case 'SendOrderList':
        return this.#sendOrderList(request.orders);
      case 'SendCancel':
        return this.#sendCancel(request.order);
      case 'SendCancelAll':
        return void this.#cancelAll(request.symbol);
      case 'SendReplace':
        return this.#sendReplace(request.original, request.replacement);
      case 'SendQuery':
        return void this.#query(request);
      case 'SendReconcile':
        return this.#takeSnapshot(request);
      case 'SendListOrders':
        return void this.#listOrders(request);
      default:
        return unreachable(request);
    }
  }

  health(): ConnectionHealth {
    const { state, reconnects } = this.#ws;
    return accountHealth(this.#deps.venueClock.offset, { ...this.#counts, state, reconnects });
  }

  withdraw(): void {
    this.#withdrawals += 1;
    this.#deps.queue.withdraw('order', 'trading was stopped before the order left');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#ws[Symbol.dispose]();
    this.#stream.stop('disposed');
  }

  #subscribe(connection: Connection, again: boolean): void {
    if (this.#deps.queue.silentMs > 0) return connection.fail('the venue wants to be left alone');
    this.#ws.request(
      'userDataStream.subscribe.signature',
      this.#sign({}),
      (outcome) => this.#subscribed(connection, outcome, again),
      connection,
    );
  }

  #subscribed(connection: Connection, outcome: WsOutcome, again: boolean): void {
    if (this.#disposed) return;
    if (outcome.type === 'Answered') {
      this.#ws.use(connection);
      this.#stream.subscribed(connection);
      return;
    }
    if (outcome.type !== 'Failed') return connection.fail(`subscription: ${outcome.type}`);
    const verdict = verdictOf(outcome.status, outcome.code);
    if (verdict === 'KeyRefused') {
      // Trying on with a refused key would end in a ban.
      this.#ws[Symbol.dispose]();
      return this.#stream.stop(`the venue refuses the key: ${outcome.message}`);
    }
    this.#obey(outcome);
    if (verdict === 'ClockOff' && !again) {
      void this.#deps.venueClock.measure().then(() => this.#subscribe(connection, true));
      return;
    }
    connection.fail(`subscription refused: ${outcome.message}`);
  }

  #sendOrder(order: Order): void {
    const request: OrderRequest = { kind: 'submit', order };
    this.#ledger.know(order.clientOrderId);
    const instrument = this.#instrumentFor(request);
    if (instrument === undefined) return;
    const params = orderParams(order, instrument);
    if (!params.ok) return this.#refuse(request, instrument, params.error);
    this.#exchange(request, instrument, 'order.place', params.value);
  }

  #sendOrderList([order, sibling]: readonly [Order, Order]): void {
    const request: OrderRequest = { kind: 'submit', order, sibling };
    this.#ledger.know(order.clientOrderId);
    this.#ledger.know(sibling.clientOrderId);
    const instrument = this.#instrumentFor(request);
    if (instrument === undefined) return;
    const params = orderListParams([order, sibling], instrument);
    if (!params.ok) return this.#refuse(request, instrument, params.error);
    this.#exchange(request, instrument, 'orderList.place.oco', params.value);
  }

  #sendCancel(order: Order): void {
    const request: OrderRequest = { kind: 'cancel', order };
    this.#ledger.know(order.clientOrderId);
    const instrument = this.#instrumentFor(request);
    if (instrument === undefined) return;
    const { symbol } = instrument;
    const which =
      order.venueOrderId === undefined
        ? { origClientOrderId: order.clientOrderId }
        : { orderId: Number(order.venueOrderId) };
    this.#exchange(request, instrument, 'order.cancel', { symbol, ...which });
  }

  #sendReplace(original: Order, replacement: Order): void {
    const request: OrderRequest = { kind: 'replace', order: original, replacement };
    this.#ledger.know(original.clientOrderId);
    this.#ledger.know(replacement.clientOrderId);
    const instrument = this.#instrumentFor(request);
    if (instrument === undefined) return;
    const params = orderParams(replacement, instrument);
    if (!params.ok) return this.#refuse(request, instrument, params.error);
    const which =
      original.venueOrderId === undefined
        ? { cancelOrigClientOrderId: original.clientOrderId }
        : { cancelOrderId: Number(original.venueOrderId) };
    this.#exchange(request, instrument, 'order.cancelReplace', {
      ...params.value,
      ...which,
      cancelReplaceMode: 'STOP_ON_FAILURE',
      // A fill on the way would make the new quantity too large: then nothing shall happen.
      cancelRestrictions: original.cumQty === 0 ? 'ONLY_NEW' : undefined,
    });
  }

  /** One turn of the queue, one request, one outcome; after a refused timestamp the clock is measured and it is sent once more, soon or never. */
  #exchange(
    request: OrderRequest,
    instrument: Instrument,
    method: string,
    params: Params,
    again = false,
  ): void {
    // A replace adds an order: it is withdrawn as one.
    const cancels = request.kind === 'cancel';
    const withdrawals = this.#withdrawals;
    const { reconnects } = this.#ws;
    const withinMs = cancels ? SETTINGS.cancelMaxWaitMs : SETTINGS.resendWithinMs;
    const resend = again ? undefined : new Resend(this.#deps.scheduler, withinMs);
    this.#deps.queue.submit({
      priority: cancels ? 'cancel' : 'order',
      weight: 1,
      maxWaitMs: cancels ? SETTINGS.cancelMaxWaitMs : SETTINGS.orderMaxWaitMs,
      refuse: (error) => {
        resend?.[Symbol.dispose]();
        this.#refuse(request, instrument, error);
      },
      run: () =>
        this.#ws.request(method, this.#sign(params), (outcome) => {
          if (outcome.type === 'Failed') {
            this.#obey(outcome);
            const off = verdictOf(outcome.status, outcome.code) === 'ClockOff';
            if (off && resend !== undefined) {
              void resend.inTime(this.#deps.venueClock.measure()).then((inTime) => {
                // Over another connection it would come as late as the questions that a loss brings.
                if (!inTime || reconnects !== this.#ws.reconnects) {
                  return this.#settle(request, instrument, outcome);
                }
                if (cancels || withdrawals === this.#withdrawals) {
                  return this.#exchange(request, instrument, method, params, true);
                }
                const message = 'trading was stopped before the order left again';
                return this.#refuse(request, instrument, { code: 'WITHDRAWN', message });
              });
              return;
            }
          }
          resend?.[Symbol.dispose]();
          this.#settle(request, instrument, outcome);
        }),
    });
  }

  #settle(request: OrderRequest, instrument: Instrument, outcome: WsOutcome): void {
    const { reports, askFor } = readOutcome(request, outcome, this.#context(instrument));
    for (const report of reports) this.#stream.tell(report);
    if (askFor === undefined) return;
    const { order, otherwise } = askFor;
    const since = this.#deps.venueClock.fromOurs(order.decidedAt);
    void this.#ask(instrument, order.clientOrderId, since).then((status) => {
      if (request.kind === 'replace' || status === undefined || !isTerminal(status)) {
        this.#stream.tell(otherwise);
      }
    });
  }

  /** Asks for one order, decided after `since` of the venue's time, and tells the answer; returns the order's status when the venue knows it. */
  async #ask(instrument: Instrument, clientOrderId: ClientOrderId, since: UnixMicros) {
    const { account, clock } = this.#deps;
    const askedAt = unixMicros(clock.nowMicros());
    const facts = await this.#queries.order(instrument, clientOrderId, since);
    if (this.#disposed) return undefined;
    if (!facts.ok) {
      const { code, message } = facts.error;
      const about = { account, request: 'query', clientOrderId, code, message } as const;
      this.#stream.tell({ type: 'RequestFailed', said: { source: 'Query' }, ...about });
      return undefined;
    }
    this.#ledger.know(clientOrderId);
    this.#stream.tell({
      type: 'OrderQueried',
      said: { source: 'Query' },
      account,
      instrument: instrument.id,
      clientOrderId,
      ...facts.value,
      venueTime: this.#venueTime(),
      askedAt,
    });
    return facts.value.order?.status;
  }

  async #query(request: Extract<ExecutionRequest, { type: 'SendQuery' }>): Promise<void> {
    const instrument = this.#deps.instrumentById(request.instrument);
    if (instrument !== undefined) {
      const since = this.#deps.venueClock.fromOurs(request.since);
      await this.#ask(instrument, request.clientOrderId, since);
      return;
    }
    this.#stream.tell({
      type: 'RequestFailed',
      account: this.#deps.account,
      request: 'query',
      clientOrderId: request.clientOrderId,
      ...unknownInstrument(request.instrument),
    });
  }

  async #cancelAll(symbol: string): Promise<void> {
    const reports = await cancelAllOf(this.#queries, this.#deps.account, symbol, () =>
      this.#venueTime(),
    );
    if (this.#disposed) return;
    for (const report of reports) this.#stream.tell(report);
  }

  /** One at a time: an older snapshot told after a newer one would turn time back. */
  #takeSnapshot(request: ReconcileRequest): void {
    if (!this.#takingSnapshot) {
      this.#takingSnapshot = true;
      void this.#reconcile(request).then(() => {
        const waiting = this.#nextSnapshot;
        this.#takingSnapshot = false;
        this.#nextSnapshot = undefined;
        if (waiting !== undefined) this.#takeSnapshot(waiting);
      });
      return;
    }
    // Of those that wait only the newest matters: a slow venue must not make a crowd of them.
    const older = this.#nextSnapshot;
    this.#nextSnapshot = request;
    if (older === undefined) return;
    const message = 'a newer comparison was asked for before this one began';
    this.#stream.tell(reconcileFailed(older, 'SUPERSEDED', message));
  }

  /** Needs no buffer: it only adds to what the stream tells, and what differs is asked for by name. */
  async #listOrders(request: Extract<ExecutionRequest, { type: 'SendListOrders' }>): Promise<void> {
    const { account, requestId } = request;
    const instruments = request.instruments.flatMap((id) => this.#deps.instrumentById(id) ?? []);
    const listed = await this.#queries.openOrders(instruments);
    if (this.#disposed) return;
    if (!listed.ok) {
      const { code, message } = listed.error;
      const about = { account, request: 'orders', requestId } as const;
      return this.#stream.tell({ type: 'RequestFailed', ...about, code, message });
    }
    const told = { account, requestId, openOrders: listed.value, venueTime: this.#venueTime() };
    this.#stream.tell({ type: 'OrdersListed', said: { source: 'OpenOrders' }, ...told });
  }

  async #reconcile(request: ReconcileRequest): Promise<void> {
    const { account, requestId } = request;
    const failed = (code: string, message: string): VenueReport =>
      reconcileFailed(request, code, message);
    const history = request.instruments.flatMap(({ instrument: id, ...start }) => {
      const instrument = this.#deps.instrumentById(id);
      return instrument === undefined ? [] : [{ instrument, ...start }];
    });
    const missing = request.instruments.find(
      ({ instrument }) => this.#deps.instrumentById(instrument) === undefined,
    );
    if (missing !== undefined) {
      const { code, message } = unknownInstrument(missing.instrument);
      return this.#stream.tell(failed(code, message));
    }
    if (!this.#stream.hold()) {
      return this.#stream.tell(failed('NOT_CONNECTED', 'the private stream is not subscribed'));
    }
    const limit = this.#deps.scheduler.setTimer(SETTINGS.holdMs, () => this.#stream.endHold());
    const facts = await this.#queries.account(history, request.still === true);
    limit[Symbol.dispose]();
    if (this.#disposed) return;
    if (!facts.ok) return this.#stream.release(failed(facts.error.code, facts.error.message));
    const { updatedAt: _updatedAt, ...rest } = facts.value;
    for (const order of rest.openOrders) this.#ledger.know(order.clientOrderId);
    this.#stream.release(
      {
        type: 'AccountSnapshot',
        said: { source: 'OpenOrders' },
        account,
        requestId,
        ...rest,
        venueTime: this.#venueTime(),
      },
      newsBeside(facts.value),
    );
  }

  #askForUnreadable(symbol: string, clientOrderId: ClientOrderId): void {
    const instrument = this.#deps.instrumentBySymbol(symbol);
    if (instrument === undefined) return;
    void this.#ask(instrument, clientOrderId, unixMicros(this.#venueTime() - 60_000_000));
  }

  #instrumentFor(request: OrderRequest): Instrument | undefined {
    const { account, instrumentById } = this.#deps;
    const id = request.order.instrument;
    const instrument = instrumentById(id);
    if (instrument !== undefined && symbolOf(id, instrument.venue) !== undefined) return instrument;
    const { code, message } = unknownInstrument(id);
    for (const one of legsOf(request)) {
      this.#stream.tell({
        type: 'NotSent',
        account,
        instrument: id,
        clientOrderId: one.order.clientOrderId,
        venueTime: this.#venueTime(),
        request: one.kind,
        ...(one.kind === 'replace' ? { replacement: one.replacement.clientOrderId } : {}),
        code,
        message,
      });
    }
    return undefined;
  }

  #refuse(
    request: OrderRequest,
    instrument: Instrument,
    { code, message }: { readonly code: string; readonly message: string },
  ): void {
    for (const one of legsOf(request)) {
      this.#stream.tell(notSent(one, this.#context(instrument), code, message));
    }
  }

  #obey({ status, code, retryAfterMs }: Extract<WsOutcome, { type: 'Failed' }>): void {
    obeyLimits(this.#deps.queue, status, code, retryAfterMs);
  }

  #sign(params: Params): Params {
    const { credentials, venueClock } = this.#deps;
    return signedParams(
      { ...params, recvWindow: SETTINGS.recvWindowMs, timestamp: venueClock.nowMs() },
      credentials,
    );
  }

  #context(instrument: Instrument): OutcomeContext {
    return { account: this.#deps.account, instrument, venueTime: this.#venueTime() };
  }

  #venueTime(): UnixMicros {
    return unixMicros(this.#deps.venueClock.nowMs() * 1000);
  }
}
