import { invariant } from '../../base/invariant.ts';
import type { Balance } from '../../domain/account.ts';
import { isTerminal, type Order, type OrderStatus } from '../../domain/order.ts';
import { MAX_CLOSE_FAILURES } from '../handlers/flatten-proof.ts';
import { BALANCES, BTC, INSTRUMENT } from './desk.ts';
import { ancestorsOf, type Trial } from './trial.ts';
import type { VenueModel } from './venue-model.ts';

/** What stands may trade no more than was asked for, with all that was replaced by it. */
function assertNoOvershoot(trial: Trial, orders: readonly Order[]): void {
  for (const order of orders) {
    const wanted = trial.wantedOf(order, orders);
    if (wanted === undefined || isTerminal(order.status)) continue;
    const past = ancestorsOf(order, orders).reduce((sum, { cumQty }) => sum + cumQty, 0);
    const most = Math.max(wanted - past, order.cumQty);
    const { clientOrderId: id, quantity: whole } = order;
    invariant(whole <= most, `${id} must be ${most} at most of ${wanted}, was ${whole}`);
  }
}

/** Throws unless kernel and venue, with nothing on its way, hold the same. */
export function assertAgrees(trial: Trial): void {
  const { desk, venue } = trial;
  // Encoding asserts that the gate's tallies are those of orders and portfolio.
  desk.kernel.encodeState();
  const view = desk.kernel.view();
  for (const order of view.orders) assertOrderAgrees(order, venue);
  assertNoOvershoot(trial, view.orders);
  let held = 0;
  for (const trade of venue.trades) {
    const buys = venue.orders.get(trade.clientOrderId)?.order.side === 'Buy';
    held += buys ? trade.lastQty : -trade.lastQty;
  }
  const { length } = venue.trades;
  invariant(view.fillCount === length, `fills must be ${length}, were ${view.fillCount}`);
  const position = view.positions.find(({ instrument }) => instrument === BTC)?.quantity ?? 0;
  invariant(position === held, `the position must be ${held}, was ${position}`);
  assertCashAgrees(view.balances, venue);
  const reconciliation = view.accounts[0]?.reconciliation;
  invariant(
    reconciliation?.state === 'Agrees' && reconciliation.differences.length === 0,
    `the account must agree, was ${reconciliation?.state}`,
  );
  const refused = view.orders.filter(({ origin, status, cumQty }) => {
    return origin === 'Flatten' && isTerminal(status) && cumQty === 0;
  });
  // A kill gives up, with something still held, after as many closing orders that came to nothing.
  const givenUp = refused.length >= MAX_CLOSE_FAILURES && position !== 0;
  for (const { id, kind, step } of view.receipts) {
    const ended = step === 'Done' || (step === 'Unproved' && kind === 'Kill' && givenUp);
    invariant(ended, `flatten ${id} must be done, was ${step}`);
  }
}

/** Cash to the last unit: what the kernel holds is what the venue does, and what the venue's trades make of the beginning. */
function assertCashAgrees(balances: readonly Balance[], venue: VenueModel): void {
  for (const [asset, truth] of [
    [INSTRUMENT.base, venue.base],
    [INSTRUMENT.quote, venue.quote],
  ] as const) {
    const balance = balances.find((one) => one.asset === asset);
    const held = (balance?.free ?? 0n) + (balance?.locked ?? 0n);
    invariant(held === truth, `${asset} must be ${truth}, was ${held}`);
  }
  let base = BALANCES[0]?.free ?? 0n;
  for (const { clientOrderId, lastQty, fee, feeAsset } of venue.trades) {
    const buys = venue.orders.get(clientOrderId)?.order.side === 'Buy';
    base += BigInt(lastQty) * (buys ? 1_000n : -1_000n) - (feeAsset === INSTRUMENT.base ? fee : 0n);
  }
  invariant(base === venue.base, `the venue must hold ${base}, was ${venue.base}`);
}

function assertOrderAgrees(order: Order, venue: VenueModel): void {
  const { clientOrderId: id, status } = order;
  const truth = venue.orders.get(id);
  if (status === 'Denied') {
    invariant(truth === undefined, `${id} was denied and must not be at the venue`);
    return;
  }
  invariant(order.unknownSince === undefined, `${id} must not stay Unknown`);
  const filled = truth?.filled ?? 0;
  invariant(order.cumQty === filled, `${id} must have filled ${filled}, was ${order.cumQty}`);
  const notional = truth?.notional ?? 0n;
  invariant(
    order.cumNotional === notional,
    `${id} must have traded ${notional}, was ${order.cumNotional}`,
  );
  const open = truth?.status === 'PartiallyFilled' || truth?.status === 'Accepted';
  if (truth === undefined)
    invariant(status === 'Rejected', `${id} must be Rejected, was ${status}`);
  else if (open) {
    const same = status === truth.status || (status === 'Triggered' && truth.triggered);
    invariant(same, `${id} must be ${truth.status}, was ${status}`);
  } else invariant(endsAs(order, truth.status), `${id} must be ${truth.status}, was ${status}`);
}

/** An end is the venue's own; but fills that came after an end change quantities only, and what was given up stays given up. */
function endsAs({ status, reason, cumQty, quantity: all }: Order, truth: OrderStatus): boolean {
  if (status === truth || reason?.code === 'NOT_AT_VENUE') return isTerminal(status);
  return isTerminal(status) && truth === 'Rejected' && cumQty > 0 && cumQty < all;
}
