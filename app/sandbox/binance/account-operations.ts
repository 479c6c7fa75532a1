import { marketOf, type Operation, type OperationContext } from './context.ts';
import { VenueRefusal } from './refusal.ts';
import { accountInformation, accountTrade, queriedOrder } from './shapes.ts';

const DAY_MS = 86_400_000;
const LARGEST_PAGE = 1000;
const ZERO_RATES = {
  maker: '0.00000000',
  taker: '0.00000000',
  buyer: '0.00000000',
  seller: '0.00000000',
};

function reading(weight: Operation['weight'], run: Operation['run']): Operation {
  return { security: 'read', weight, run };
}

interface TimeWindow {
  readonly from: number;
  readonly to: number;
  /** Whether the request asked for the newest ones. */
  readonly newest: boolean;
}

function windowOf(context: OperationContext): TimeWindow {
  const from = context.parameters.integer('startTime');
  const to = context.parameters.integer('endTime');
  if (from !== undefined && to !== undefined && (to < from || to - from > DAY_MS)) {
    throw new VenueRefusal(-1127, 'More than 24 hours between startTime and endTime.');
  }
  if (from !== undefined) return { from, to: to ?? from + DAY_MS, newest: false };
  if (to !== undefined) return { from: to - DAY_MS, to, newest: true };
  return { from: 0, to: Number.POSITIVE_INFINITY, newest: true };
}

function page<T>(rows: readonly T[], limit: number, newest: boolean): readonly T[] {
  return newest ? rows.slice(-limit) : rows.slice(0, limit);
}

function myTrades(context: OperationContext): unknown {
  const { parameters, exchange } = context;
  const symbol = marketOf(context).listing.symbol;
  const limit = parameters.limit(500, LARGEST_PAGE);
  const fromId = parameters.integer('fromId');
  const orderId = parameters.integer('orderId');
  const { from, to, newest } = windowOf(context);
  const rows = exchange.desk.fills.filter(
    (fill) =>
      fill.order.request.listing.symbol === symbol &&
      fill.tradeId >= (fromId ?? 0) &&
      (orderId === undefined || fill.order.orderId === orderId) &&
      fill.timeMs >= from &&
      fill.timeMs <= to,
  );
  return page(rows, limit, newest && fromId === undefined).map(accountTrade);
}

function allOrders(context: OperationContext): unknown {
  const { parameters, exchange } = context;
  const symbol = marketOf(context).listing.symbol;
  const limit = parameters.limit(500, LARGEST_PAGE);
  const orderId = parameters.integer('orderId');
  const { from, to, newest } = windowOf(context);
  const rows = [...exchange.desk.orders()].filter(
    (order) =>
      order.request.listing.symbol === symbol &&
      order.orderId >= (orderId ?? 0) &&
      order.timeMs >= from &&
      order.timeMs <= to,
  );
  return page(rows, limit, newest && orderId === undefined).map(queriedOrder);
}

/** The operations about the account. */
export const ACCOUNT_OPERATIONS = {
  account: reading(
    () => 20,
    ({ exchange, key }) =>
      accountInformation(
        exchange.account,
        key?.rights.trade ?? false,
        key?.rights.withdraw ?? false,
      ),
  ),
  commission: reading(
    () => 20,
    (context) => ({
      symbol: marketOf(context).listing.symbol,
      standardCommission: { ...ZERO_RATES, maker: '0.00100000', taker: '0.00100000' },
      specialCommission: ZERO_RATES,
      taxCommission: ZERO_RATES,
      discount: {
        enabledForAccount: false,
        enabledForSymbol: false,
        discountAsset: 'BNB',
        discount: '0.75000000',
      },
    }),
  ),
  orderCounts: reading(
    () => 40,
    ({ limits }) => limits.orderCounts(),
  ),
  myTrades: reading((parameters) => (parameters.has('orderId') ? 5 : 20), myTrades),
  allOrders: reading(() => 20, allOrders),
  apiRestrictions: reading(
    () => 1,
    ({ exchange, key }) => ({
      ipRestrict: false,
      createTime: exchange.account.updateTimeMs,
      enableReading: true,
      enableWithdrawals: key?.rights.withdraw ?? false,
      enableInternalTransfer: false,
      enableMargin: false,
      enableFutures: false,
      permitsUniversalTransfer: false,
      enableVanillaOptions: false,
      enableFixApiTrade: false,
      enableFixReadOnly: false,
      enableSpotAndMarginTrading: key?.rights.trade ?? false,
      enablePortfolioMarginTrading: false,
    }),
  ),
} satisfies Record<string, Operation>;
