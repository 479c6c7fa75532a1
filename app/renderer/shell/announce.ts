import type { Quantity } from '../../engine/domain/price.ts';
import type { Fill, Order } from '../../engine/domain/order.ts';
import { priceText, shortQuantity } from '../format/number-text.ts';
import { averagePriceText } from '../format/order-words.ts';
import type { Update } from '../state/account-replica.ts';
import type { Desk } from '../state/desk.tsx';

const LEVELS = { Info: 'info', Warning: 'warning', Error: 'danger' } as const;

/** Raises notices for what a trader must hear of: fills (one notice an order, however many there are), refusals of the venue, alerts. */
export function announceUpdates(desk: Desk): () => void {
  return desk.trade.updates.add((update) => announce(desk, update));
}

/** `RECONCILE_FAILED` as words. */
function codeWords(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function announce(desk: Desk, update: Update): void {
  switch (update.type) {
    case 'Alert':
      // The receipt says it, line by line.
      if (update.code === 'FLATTEN_DONE') return;
      desk.notices.raise(LEVELS[update.level], codeWords(update.code), update.message);
      return;
    case 'FillAdded':
      announceFill(desk, update.fill);
      return;
    case 'OrderChanged':
      announceEnd(desk, update.order);
      return;
    default:
  }
}

function announceFill(desk: Desk, fill: Fill): void {
  const instrument = desk.feed.instrument(fill.instrument);
  if (instrument === undefined) return;
  const { fills } = desk.trade.store.getState().replica;
  const mine = fills.filter((known) => known.clientOrderId === fill.clientOrderId);
  let quantity = 0;
  let cost = 0n;
  for (const { lastQty, lastPx } of mine) {
    quantity += lastQty;
    cost += BigInt(lastPx) * BigInt(lastQty);
  }
  const size = shortQuantity(quantity as Quantity, instrument);
  const one = mine.every(({ lastPx }) => lastPx === fill.lastPx);
  const average = averagePriceText(cost, quantity, instrument);
  const price = one || average === undefined ? priceText(fill.lastPx, instrument) : average;
  const count = mine.length === 1 ? '' : `, ${mine.length} fills`;
  const text = `${instrument.symbol} ${fill.side.toLowerCase()}, ${fill.liquidity.toLowerCase()}${count}`;
  desk.notices.raise('done', `Filled ${size} at ${price}`, text, fill.clientOrderId);
}

function announceEnd(desk: Desk, order: Order): void {
  if (order.status !== 'Rejected' && order.status !== 'Expired') return;
  const symbol = desk.feed.instrument(order.instrument)?.symbol ?? order.instrument;
  const why = order.reason?.message ?? 'no reason given';
  desk.notices.raise('warning', `${order.status}: ${order.side} ${symbol}`, why);
}
