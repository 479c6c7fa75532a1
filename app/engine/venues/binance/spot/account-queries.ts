import { present } from '../../../base/invariant.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { FeeRates } from '../../../domain/account.ts';
import type {
  AccountId,
  ClientOrderId,
  InstrumentId,
  VenueOrderId,
} from '../../../domain/identifiers.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { Quantity } from '../../../domain/price.ts';
import { unixMicros, type UnixMicros } from '../../../domain/time.ts';
import type {
  ForeignOrder,
  OrderFilled,
  VenueBalance,
  VenueOrder,
} from '../../../domain/venue-report.ts';
import type { VenueError } from '../../../ports/market-data-client.ts';
import type { ApiCredentials } from '../../../ports/secret-store.ts';
import type { Params } from '../signing.ts';
import { SETTINGS } from '../settings.ts';
import type { RestApi } from '../rest.ts';
import { parseAccount } from './parse/account.ts';
import { FieldReader, isRecord, jsonOf, wordsOf } from '../../../ports/wire-fields.ts';
import { OrderLookup } from './order-lookup.ts';
import { namesOf } from './order-names.ts';
import { parseAccountTrade, parseOrder, type AccountTrade } from './parse/orders.ts';
import type { ReportLedger } from './report-ledger.ts';
import { SharedQuestion } from './shared-question.ts';

const PAGE = 1_000;
const DAY_MS = 86_400_000;
/** Times the account is read first, until it did not move between its balances before and after. */
const STILL_ATTEMPTS = 4;
/** What a list of open orders weighs. */
const ONE_SYMBOL_WEIGHT = 6;
const ALL_SYMBOLS_WEIGHT = 80;

/** What tells one row of the trade history from another: a trade of the account with itself has two. */
function sideKey({ venueOrderId, fill }: AccountTrade): string {
  return `${fill.tradeId} ${venueOrderId}`;
}

/** What the venue says about one order. */
export interface OrderFacts {
  readonly order?: VenueOrder;
  readonly fills: readonly OrderFilled[];
}

/** What the venue says about the account. */
export interface AccountFacts {
  readonly balances: readonly VenueBalance[];
  readonly updatedAt: UnixMicros;
  readonly venueAccount?: string;
  readonly feeRates?: FeeRates;
  readonly openOrders: readonly VenueOrder[];
  /** Absent: every open order is on an instrument we know. */
  readonly foreignOrders?: readonly ForeignOrder[];
  readonly fills: readonly OrderFilled[];
}

/** The open orders of an account. */
type OpenFacts = Pick<AccountFacts, 'openOrders' | 'foreignOrders'>;

/** An order the venue canceled. */
export interface CanceledFacts {
  readonly instrument: Instrument;
  readonly clientOrderId: ClientOrderId;
  readonly cumQty: Quantity;
}

/** What canceling all of a symbol did. */
export interface AllCanceledFacts {
  readonly count: number;
  readonly canceled: readonly CanceledFacts[];
}

/** From where on an instrument's trade history is asked for. */
export interface HistoryStart {
  readonly instrument: Instrument;
  readonly afterTradeId?: string;
  readonly since: UnixMicros;
}

/** What the questions need. */
export interface AccountQueryDeps {
  readonly rest: RestApi;
  readonly account: AccountId;
  readonly credentials: ApiCredentials;
  readonly ledger: ReportLedger;
  readonly instrumentBySymbol: (symbol: string) => Instrument | undefined;
  readonly venueMs: () => number;
  /** An answer about something nobody knows (an instrument that is not loaded), kept raw. */
  readonly onUnknown: (raw: string) => void;
}

type History = Result<readonly AccountTrade[], VenueError>;

/** The questions about an account that only REST answers for sure. */
export class AccountQueries {
  readonly #deps: AccountQueryDeps;
  readonly #orders = new Map<InstrumentId, OrderLookup>();
  readonly #histories = new Map<InstrumentId, SharedQuestion<History>>();
  readonly #lookUps = new Map<VenueOrderId, Promise<Result<VenueOrder | undefined, VenueError>>>();

  constructor(deps: AccountQueryDeps) {
    this.#deps = deps;
  }

  /** One order by our id, with its fills; without an order, the fills of the window whose order has that id. */
  async order(
    instrument: Instrument,
    clientOrderId: ClientOrderId,
    since: UnixMicros,
  ): Promise<Result<OrderFacts, VenueError>> {
    const order = await this.#lookup(instrument).ask(clientOrderId, since);
    if (!order.ok) return order;
    if (order.value?.cumQty === 0) return ok({ order: order.value, fills: [] });
    const trades =
      order.value === undefined
        ? await this.#history(instrument).ask(since)
        : await this.#pages(instrument, { orderId: order.value.venueOrderId }, 5);
    if (!trades.ok) return trades;
    const fills = await this.#name(instrument, trades.value);
    if (!fills.ok) return fills;
    return ok({
      ...(order.value === undefined ? {} : { order: order.value }),
      fills: fills.value.filter((fill) => fill.clientOrderId === clientOrderId),
    });
  }

  /**
   * Balances, open orders and the fills since the last ones counted. Orders first, so that the fills cover them. When it is to
   * be still the account has not moved meanwhile.
   */
  async account(
    history: readonly HistoryStart[],
    still: boolean,
  ): Promise<Result<AccountFacts, VenueError>> {
    if (history.length === 0 || !still) return this.#accountNow(history);
    let before = await this.#balances();
    for (let attempt = 1; ; attempt += 1) {
      if (!before.ok) return before;
      const facts = await this.#accountNow(history);
      if (!facts.ok || facts.value.updatedAt === before.value.updatedAt) return facts;
      if (attempt === STILL_ATTEMPTS) return err(neverStill());
      before = facts;
    }
  }

  async #accountNow(history: readonly HistoryStart[]): Promise<Result<AccountFacts, VenueError>> {
    const openOrders = await this.#openOrders({}, ALL_SYMBOLS_WEIGHT);
    if (!openOrders.ok) return openOrders;
    const fills: OrderFilled[] = [];
    for (const { instrument, afterTradeId, since } of history) {
      const trades =
        afterTradeId === undefined
          ? await this.#tradesSince(instrument, since)
          : await this.#pages(instrument, { fromId: Number(afterTradeId) + 1 }, 20);
      if (!trades.ok) return trades;
      const named = await this.#name(instrument, trades.value);
      if (!named.ok) return named;
      fills.push(...named.value);
    }
    const account = await this.#balances();
    return account.ok ? ok({ ...account.value, ...openOrders.value, fills }) : account;
  }

  async #balances(): Promise<ReturnType<typeof parseAccount>> {
    const answer = await this.#get('/api/v3/account', {}, 20);
    return answer.ok ? parseAccount(answer.value) : answer;
  }

  /** The open orders of some instruments, by one question each or by one about all, whichever weighs less. */
  async openOrders(
    instruments: readonly Instrument[],
  ): Promise<Result<readonly VenueOrder[], VenueError>> {
    if (instruments.length * ONE_SYMBOL_WEIGHT >= ALL_SYMBOLS_WEIGHT) {
      const all = await this.#openOrders({}, ALL_SYMBOLS_WEIGHT);
      return all.ok ? ok(all.value.openOrders) : all;
    }
    const orders: VenueOrder[] = [];
    for (const { symbol } of instruments) {
      const some = await this.#openOrders({ symbol }, ONE_SYMBOL_WEIGHT);
      if (!some.ok) return some;
      orders.push(...some.value.openOrders);
    }
    return ok(orders);
  }

  /** Cancels all that is open on a symbol; gives the orders it canceled, those of symbols that are not ours by their count only. */
  async cancelAll(symbol: string): Promise<Result<AllCanceledFacts, VenueError>> {
    const { rest, credentials, instrumentBySymbol } = this.#deps;
    const answer = await rest.json({
      method: 'DELETE',
      path: '/api/v3/openOrders',
      params: { symbol },
      credentials,
      priority: 'cancel',
      weight: 1,
    });
    if (!answer.ok) {
      const nothing = answer.error.code === 'UNKNOWN_ORDER';
      return nothing ? ok({ count: 0, canceled: [] }) : answer;
    }
    // An order list comes as one item with its orders in it.
    const rows = listOf(answer.value).flatMap((row) =>
      isRecord(row) && Array.isArray(row['orderReports']) ? row['orderReports'] : [row],
    );
    const instrument = instrumentBySymbol(symbol);
    if (instrument === undefined) return ok({ count: rows.length, canceled: [] });
    const canceled: CanceledFacts[] = [];
    for (const row of rows) {
      const reader = new FieldReader(row, 'canceled order');
      const clientOrderId = reader.text('origClientOrderId') as ClientOrderId;
      const cumQty = reader.quantity('executedQty', instrument.quantityScale);
      const read = reader.finish({ instrument, clientOrderId, cumQty });
      if (!read.ok) return read;
      canceled.push(read.value);
    }
    return ok({ count: rows.length, canceled });
  }

  async #openOrders(which: Params, weight: number): Promise<Result<OpenFacts, VenueError>> {
    const { account, instrumentBySymbol, onUnknown } = this.#deps;
    const answer = await this.#get('/api/v3/openOrders', which, weight);
    if (!answer.ok) return answer;
    const openOrders: VenueOrder[] = [];
    const foreignOrders: ForeignOrder[] = [];
    for (const wire of listOf(answer.value)) {
      const symbol = isRecord(wire) ? wire['symbol'] : undefined;
      const instrument = typeof symbol === 'string' ? instrumentBySymbol(symbol) : undefined;
      if (instrument === undefined) {
        onUnknown(jsonOf(wire));
        const clientOrderId = isRecord(wire) ? wordsOf(wire['clientOrderId']) : 'unreadable';
        foreignOrders.push({ symbol: wordsOf(symbol), clientOrderId });
        continue;
      }
      const order = parseOrder(wire, { account, instrument });
      if (!order.ok) return order;
      this.#link(order.value);
      openOrders.push(order.value);
    }
    return ok(foreignOrders.length === 0 ? { openOrders } : { openOrders, foreignOrders });
  }

  /** Absent when the venue does not know the order. */
  async #findOrder(
    instrument: Instrument,
    by: Params,
  ): Promise<Result<VenueOrder | undefined, VenueError>> {
    const { rest, credentials } = this.#deps;
    const answer = await rest.json({
      path: '/api/v3/order',
      params: { symbol: instrument.symbol, ...by },
      credentials,
      priority: 'query',
      weight: 4,
      // Small, and what waits for it is Unknown: asked again sooner than a list.
      timeoutMs: SETTINGS.orderTimeoutMs,
    });
    if (!answer.ok) {
      const absent =
        answer.error.code === 'NO_SUCH_ORDER' || answer.error.code === 'ORDER_ARCHIVED';
      return absent ? ok(undefined) : answer;
    }
    const order = parseOrder(answer.value, { account: this.#deps.account, instrument });
    if (order.ok) this.#link(order.value);
    return order;
  }

  #lookup(instrument: Instrument): OrderLookup {
    const known = this.#orders.get(instrument.id);
    if (known !== undefined) return known;
    const lookup = new OrderLookup({
      one: (clientOrderId) => this.#findOrder(instrument, { origClientOrderId: clientOrderId }),
      all: (since) => {
        const startTime = Math.floor(since / 1000);
        const tooLong = this.#deps.venueMs() - startTime >= DAY_MS;
        return tooLong ? undefined : this.#ordersSince(instrument, startTime);
      },
    });
    this.#orders.set(instrument.id, lookup);
    return lookup;
  }

  async #ordersSince(
    instrument: Instrument,
    startTime: number,
  ): Promise<Result<readonly VenueOrder[], VenueError>> {
    const orders: VenueOrder[] = [];
    let from: Params = { startTime };
    for (;;) {
      const page = await this.#ordersPage(instrument, from);
      if (!page.ok) return page;
      orders.push(...page.value);
      const last = page.value.at(-1);
      if (page.value.length < PAGE || last === undefined) return ok(orders);
      from = { orderId: Number(last.venueOrderId) + 1 };
    }
  }

  /** A page of all orders, oldest first. */
  async #ordersPage(
    instrument: Instrument,
    from: Params,
  ): Promise<Result<readonly VenueOrder[], VenueError>> {
    const params = { symbol: instrument.symbol, limit: PAGE, ...from };
    const answer = await this.#get('/api/v3/allOrders', params, 20);
    if (!answer.ok) return answer;
    const orders: VenueOrder[] = [];
    for (const wire of listOf(answer.value)) {
      const order = parseOrder(wire, { account: this.#deps.account, instrument });
      if (!order.ok) return order;
      this.#link(order.value);
      orders.push(order.value);
    }
    return ok(orders);
  }

  /** The trade history of an instrument, shared by those who ask about orders the venue does not know. */
  #history(instrument: Instrument): SharedQuestion<History> {
    const known = this.#histories.get(instrument.id);
    if (known !== undefined) return known;
    const shared = new SharedQuestion((since) => this.#tradesSince(instrument, unixMicros(since)));
    this.#histories.set(instrument.id, shared);
    return shared;
  }

  /** Fills in time, day by day: the venue answers for at most 24 hours at once. */
  async #tradesSince(
    instrument: Instrument,
    since: UnixMicros,
  ): Promise<Result<readonly AccountTrade[], VenueError>> {
    const trades: AccountTrade[] = [];
    const now = this.#deps.venueMs();
    for (let startTime = Math.floor(since / 1000); startTime <= now; startTime += DAY_MS) {
      const endTime = startTime + DAY_MS - 1;
      const page = await this.#trades(instrument, { startTime, endTime }, 20);
      if (!page.ok) return page;
      trades.push(...page.value);
      const last = page.value.at(-1);
      if (page.value.length < PAGE || last === undefined) continue;
      // The day has more than a page: from here on ids lead to the end.
      return this.#pages(instrument, { fromId: Number(last.fill.tradeId) }, 20, trades);
    }
    return ok(trades);
  }

  /** Trades behind those `before`, page by page. The other side of a page's last trade, when both were ours, may stand on the next page. */
  async #pages(
    instrument: Instrument,
    first: Params,
    weight: number,
    before: readonly AccountTrade[] = [],
  ): Promise<Result<readonly AccountTrade[], VenueError>> {
    const trades = [...before];
    let by = first;
    for (;;) {
      const page = await this.#trades(instrument, by, weight);
      if (!page.ok) return page;
      const known = new Set(trades.slice(-2).map((trade) => sideKey(trade)));
      trades.push(...page.value.filter((trade) => !known.has(sideKey(trade))));
      const last = page.value.at(-1);
      if (page.value.length < PAGE || last === undefined) return ok(trades);
      by = { ...first, fromId: Number(last.fill.tradeId) };
    }
  }

  async #trades(
    instrument: Instrument,
    by: Params,
    weight: number,
  ): Promise<Result<readonly AccountTrade[], VenueError>> {
    const params = { symbol: instrument.symbol, limit: PAGE, ...by };
    const answer = await this.#get('/api/v3/myTrades', params, weight);
    if (!answer.ok) return answer;
    const trades: AccountTrade[] = [];
    for (const wire of listOf(answer.value)) {
      const trade = parseAccountTrade(wire, { account: this.#deps.account, instrument });
      if (!trade.ok) return trade;
      trades.push(trade.value);
    }
    return ok(trades);
  }

  /** The history names orders by the venue's id only: ours is looked up where it is not remembered. */
  async #name(
    instrument: Instrument,
    trades: readonly AccountTrade[],
  ): Promise<Result<readonly OrderFilled[], VenueError>> {
    const { ledger } = this.#deps;
    const remembered = new Map(
      trades.map(({ venueOrderId }) => [venueOrderId, ledger.clientOrderIdOf(venueOrderId)]),
    );
    const strangers = [...remembered.keys()].filter((id) => remembered.get(id) === undefined);
    const names = await namesOf(strangers, {
      one: (venueOrderId) => this.#lookUp(instrument, venueOrderId),
      page: (from) => this.#ordersPage(instrument, { orderId: from }),
    });
    if (!names.ok) return names;
    for (const [venueOrderId, clientOrderId] of names.value) {
      if (remembered.has(venueOrderId)) ledger.link(venueOrderId, clientOrderId);
    }
    const fills = trades.map(({ venueOrderId, fill }) => {
      const known = remembered.get(venueOrderId) ?? names.value.get(venueOrderId);
      return { ...fill, clientOrderId: present(known, venueOrderId) };
    });
    return ok(fills);
  }

  /** Questions about several orders meet the same strangers: each is looked up once at a time. */
  #lookUp(
    instrument: Instrument,
    venueOrderId: VenueOrderId,
  ): Promise<Result<VenueOrder | undefined, VenueError>> {
    const running = this.#lookUps.get(venueOrderId);
    if (running !== undefined) return running;
    const asked = this.#findOrder(instrument, { orderId: venueOrderId }).finally(() => {
      this.#lookUps.delete(venueOrderId);
    });
    this.#lookUps.set(venueOrderId, asked);
    return asked;
  }

  #link(order: VenueOrder): void {
    this.#deps.ledger.link(order.venueOrderId, order.clientOrderId);
  }

  #get(path: string, params: Params, weight: number): Promise<Result<unknown, VenueError>> {
    const { rest, credentials } = this.#deps;
    return rest.json({ path, params, credentials, priority: 'query', weight });
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function neverStill(): VenueError {
  const message = `the account moved during each of ${STILL_ATTEMPTS} readings`;
  return { code: 'ACCOUNT_NEVER_STILL', kind: 'Retryable', message };
}
