import { formatDecimal, parseDecimalBig } from '../../engine/domain/decimal.ts';
import { formatMicros } from '../../engine/domain/time.ts';
import { TakerOrders, type TakerOrder } from '../../engine/domain/taker-orders.ts';
import type { TickDefinition } from '../../engine/store/ticks/tick-folders.ts';
import { CommandFailure, printJson, printTable, WRONG_INPUT } from '../output.ts';
import { storedTrades, type TradesOptions } from './stored-trades.ts';

/** What `qd ticks taker-orders` is given. */
export interface TakerOrdersOptions extends TradesOptions {
  /** Least quantity of an order, decimal text. */
  readonly least?: string;
  readonly limit: number;
}

/** `qd ticks taker-orders`: the orders that took, put together again from stored trades, oldest first. */
export function takerOrders(options: TakerOrdersOptions): void {
  const { definition, trades } = storedTrades(options);
  const least = leastOf(options.least ?? '0', definition);
  const takers = new TakerOrders();
  const orders: TakerOrder[] = [];
  const keep = (order: TakerOrder | undefined): void => {
    if (order !== undefined && BigInt(order.quantity) >= least) orders.push(order);
  };
  for (const trade of trades) {
    if (orders.length >= options.limit) break;
    keep(takers.add(trade));
  }
  if (orders.length < options.limit) keep(takers.current);
  print(orders, definition, options);
}

function leastOf(text: string, { quantityScale }: TickDefinition): bigint {
  const parsed = parseDecimalBig(text, quantityScale);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  const message = `--least: must be a quantity with at most ${quantityScale} decimals, was ${text}`;
  throw new CommandFailure(WRONG_INPUT, message);
}

const COLUMNS = ['at', 'side', 'quantity', 'value', 'first', 'last', 'fills', 'ids'] as const;

function print(
  orders: readonly TakerOrder[],
  { priceScale, quantityScale }: TickDefinition,
  { instrument, json }: TakerOrdersOptions,
): void {
  const rows = orders.map((order) => ({
    at: formatMicros(order.at),
    side: order.side?.toLowerCase() ?? '',
    quantity: formatDecimal(order.quantity, quantityScale),
    value: formatDecimal(order.notional, priceScale + quantityScale),
    first: formatDecimal(order.firstPrice, priceScale),
    last: formatDecimal(order.lastPrice, priceScale),
    fills: order.fills,
    ids: order.fills === 1 ? String(order.firstId) : `${order.firstId}..${order.lastId}`,
  }));
  if (json === true) printJson({ instrument, orders: rows });
  else
    printTable(
      COLUMNS,
      rows.map((row) => COLUMNS.map((column) => String(row[column]))),
    );
}
