import type { ClientOrderId } from '../../domain/identifiers.ts';
import { rescale } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { isTerminal, type Bracket, type Order, type OrderTerms } from '../../domain/order.ts';
import { notional, quantity, roundToStep, type Quantity } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { newOrder } from '../../orders/order-events.ts';
import { owesFills, type OrderRecord } from '../../orders/order-book-of-record.ts';
import { arrivalAt } from '../arrival.ts';
import type { KernelContext } from '../context.ts';
import { nextClientOrderId } from '../ids.ts';
import { saveOrder } from '../order-changes.ts';
import { isPassing } from '../passing-refusal.ts';
import { flattenCovering } from './flatten-scope.ts';
import { sendOrder, sendOrderList } from './send.ts';

/** Exits that could not leave are tried again after this time. */
const AGAIN_MICROS = 5_000_000;
const EXITS_TIMER = 'exits';

type Entry = Order & { readonly bracket: Bracket };

function exitSide({ side }: Order): Order['side'] {
  return side === 'Buy' ? 'Sell' : 'Buy';
}

/** What an entry's fills brought that can be sold again: a fee taken from the base asset is gone. Steps of the venue. */
function exitable(context: KernelContext, order: Order, instrument: Instrument): number {
  const { base, quantityScale, stepSize } = instrument;
  const fees = context.state.fills
    .of(order.clientOrderId)
    .filter((fill) => order.side === 'Buy' && fill.feeAsset === base);
  const scale = fees.reduce((widest, fill) => Math.max(widest, fill.feeScale), quantityScale);
  const paid = fees.reduce((sum, fill) => sum + rescale(fill.fee, fill.feeScale, scale), 0n);
  const left = rescale(BigInt(order.cumQty), quantityScale, scale) - paid;
  const units = Number(left / 10n ** BigInt(scale - quantityScale));
  return roundToStep(Math.max(0, units), Math.max(1, stepSize), 'down');
}

/** What of the position no other working order is about to close: an exit must never open the other way. */
function closable(context: KernelContext, order: Order, instrument: Instrument): number {
  const { orders, portfolio } = context.state;
  const side = exitSide(order);
  const position = portfolio.position(order.account, order.instrument).quantity;
  const closing = orders
    .liveOf(order.account, order.instrument)
    .filter((one) => one.order.side === side && !orders.isBehind(one.order))
    .reduce((sum, one) => sum + one.order.leavesQty, 0);
  const open = (side === 'Sell' ? position : -position) - closing;
  return roundToStep(Math.max(0, open), Math.max(1, instrument.stepSize), 'down');
}

function tooSmall(
  size: number,
  { takeProfit, stopLoss }: Bracket,
  instrument: Instrument,
): boolean {
  const { minNotional, minQuantity } = instrument;
  const prices = [takeProfit, stopLoss].filter((price) => price !== undefined);
  const cheap = prices.some((price) => notional(price, quantity(size)) < minNotional);
  return size < Math.max(1, minQuantity) || cheap;
}

/** Everything that filled so far has its answer, `size` more of it in exits. */
function answer(context: KernelContext, record: OrderRecord, size: number): void {
  const sent = quantity((record.exits?.quantity ?? 0) + size);
  saveOrder(context, { ...record, exits: { answered: record.order.cumQty, quantity: sent } });
}

function born(
  context: KernelContext,
  entry: Entry,
  terms: Pick<OrderTerms, 'type' | 'price' | 'stopPrice' | 'postOnly' | 'quantity'>,
  clientOrderId: ClientOrderId,
  sibling?: ClientOrderId,
): Order {
  const { instrument, account, tag, client } = entry;
  const common = { instrument, account, side: exitSide(entry), timeInForce: 'GTC' } as const;
  const tagged = tag === undefined ? {} : { tag };
  return newOrder(
    { ...common, ...tagged, ...terms, reduceOnly: true },
    {
      clientOrderId,
      origin: 'Bracket',
      parent: entry.clientOrderId,
      arrival: arrivalAt(context, instrument),
      at: context.now,
      ...(client === undefined ? {} : { client }),
      ...(sibling === undefined ? {} : { contingency: { type: 'OneCancelsOther', sibling } }),
    },
  );
}

/** Both prices make one list, whose limit leg must rest; one makes a plain order. */
function sendExits(context: KernelContext, entry: Entry, size: Quantity): void {
  const { takeProfit: price, stopLoss: stopPrice } = entry.bracket;
  const first = nextClientOrderId(context.state);
  if (price !== undefined && stopPrice !== undefined) {
    const second = nextClientOrderId(context.state);
    const profit = { type: 'Limit', price, postOnly: true, quantity: size } as const;
    const loss = { type: 'Stop', stopPrice, postOnly: false, quantity: size } as const;
    sendOrderList(
      context,
      born(context, entry, profit, first, second),
      born(context, entry, loss, second, first),
    );
  } else if (price !== undefined) {
    const profit = { type: 'Limit', price, postOnly: false, quantity: size } as const;
    sendOrder(context, born(context, entry, profit, first));
  } else if (stopPrice !== undefined) {
    const loss = { type: 'Stop', stopPrice, postOnly: false, quantity: size } as const;
    sendOrder(context, born(context, entry, loss, first));
  }
}

/** Tells once that exits wait, and for what. */
function wait(context: KernelContext, record: OrderRecord, why: string): void {
  if (record.exits?.told === true) return;
  const exits = record.exits ?? { answered: quantity(0), quantity: quantity(0) };
  saveOrder(context, { ...record, exits: { ...exits, told: true } });
  const message = `exits of ${record.order.clientOrderId} wait: ${why}`;
  context.alert('Warning', 'BRACKET_WAITS', message);
}

/** Why exits cannot leave now, in words, or undefined. */
function whatHolds(
  { state, now }: KernelContext,
  { order, exits }: OrderRecord,
): string | undefined {
  const { connected, tradingState } = state.accounts.get(order.account) ?? { connected: false };
  if (state.journal === 'Failed') return 'the journal cannot be written';
  if (!connected) return 'the venue is not connected';
  if (tradingState === 'Locked') return 'trading is Locked';
  return (exits?.notBefore ?? 0) > now ? 'the last ones could not leave' : undefined;
}

/**
 * An exit of an entry never left, for a reason that passes: what it was to close is owed again, by exits with ids of their own,
 * once both legs of a list have come back.
 */
export function oweAgain(context: KernelContext, exit: Order): void {
  const { orders } = context.state;
  const entry = exit.parent && orders.get(exit.parent);
  if (entry?.exits === undefined || exit.cumQty > 0 || !isPassing(exit.reason)) return;
  const other = exit.contingency && orders.get(exit.contingency.sibling)?.order;
  if (other !== undefined && !(other.status === 'Rejected' && isPassing(other.reason))) return;
  const notBefore = unixMicros(context.now + AGAIN_MICROS);
  const left = quantity(entry.exits.quantity - exit.quantity);
  const exits = { answered: quantity(0), quantity: left, told: true, notBefore } as const;
  saveOrder(context, { ...entry, exits });
  context.setTimer(EXITS_TIMER, notBefore);
  const { code, message } = exit.reason;
  const words = `exits of ${entry.order.clientOrderId} wait and are tried again: ${message} (${code})`;
  context.alert('Error', 'BRACKET_WAITS', words);
}

function advance(context: KernelContext, record: OrderRecord, entry: Entry): void {
  const { state } = context;
  const { clientOrderId: id, account } = entry;
  const flatten = flattenCovering(state, account, entry.instrument);
  if (flatten !== undefined) {
    const message = `exits of ${id} are not sent: ${flatten.id} closes what it filled`;
    context.alert('Info', 'BRACKET_DROPPED', message);
    answer(context, record, 0);
    return;
  }
  const why = whatHolds(context, record);
  if (why !== undefined) {
    wait(context, record, why);
    return;
  }
  const instrument = state.instrument(entry.instrument);
  const owed = exitable(context, entry, instrument) - (record.exits?.quantity ?? 0);
  const size = Math.min(owed, closable(context, entry, instrument), instrument.maxQuantity);
  if (!tooSmall(size, entry.bracket, instrument)) {
    answer(context, record, size);
    sendExits(context, entry, quantity(size));
    return;
  }
  // More may fill and make it large enough.
  if (!isTerminal(entry.status) || owesFills(record)) return;
  const message = `what ${id} filled has no exits: ${size} of ${owed} units can be closed, below what the venue takes`;
  context.alert('Warning', 'BRACKET_TOO_SMALL', message);
  answer(context, record, 0);
}

/**
 * Sends the exits that brackets owe for what their entries filled; called after every input. Like the closing orders of a
 * flatten they only make a position smaller, so that no limit of pre-trade risk stands between a position and its protection.
 */
export function advanceBrackets(context: KernelContext): void {
  for (const record of context.state.orders.owingExits()) {
    const { order } = record;
    const { bracket } = order;
    if (bracket !== undefined) advance(context, record, { ...order, bracket });
  }
}
