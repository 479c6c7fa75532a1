import { invariant } from '../base/invariant.ts';
import type { Position } from '../domain/account.ts';
import { divideHalfEven, rescale } from '../domain/decimal.ts';
import type { AccountId, AssetCode, InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Quote } from '../domain/market.ts';
import type { Fill } from '../domain/order.ts';
import {
  notional,
  quantity,
  roundToStep,
  signedQuantity,
  type Price,
  type Quantity,
} from '../domain/price.ts';
import { startOfUtcDay } from '../domain/time.ts';

type Fees = Position['fees'];

/** A position of nothing. */
export function emptyPosition(account: AccountId, instrument: InstrumentId): Position {
  return {
    account,
    instrument,
    quantity: signedQuantity(0),
    openCost: 0n,
    realized: 0n,
    boughtQuantity: 0n,
    soldQuantity: 0n,
    fees: [],
  };
}

/** Fees with one more, exactly: a sum keeps the finer scale of the two. Assets in alphabetical order. */
function addFee(fees: Fees, asset: string, amount: bigint, scale: number): Fees {
  if (amount === 0n) return fees;
  const known = fees.find((fee) => fee.asset === asset);
  const common = Math.max(scale, known?.scale ?? scale);
  const sum =
    rescale(amount, scale, common) + rescale(known?.amount ?? 0n, known?.scale ?? common, common);
  const others = fees.filter((fee) => fee.asset !== asset);
  const next = [...others, { asset: asset as AssetCode, amount: sum, scale: common }];
  return next.sort((left, right) => (left.asset < right.asset ? -1 : 1));
}

/**
 * The position after a fill, by average cost. What opens adds price x quantity to openCost. What closes `c` of `q` removes
 * openCost x c / q (half-even) and realizes the proceeds less what was removed, gross of fees. A fill larger than the position
 * closes it whole and opens the rest on the other side. Always: openCost - realized = sum of signed price x quantity.
 */
export function applyFill(position: Position, fill: Fill): Position {
  const buys = fill.side === 'Buy';
  const sign = buys ? 1 : -1;
  const held = position.quantity;
  const opposite = held !== 0 && held > 0 !== buys;
  const closed = opposite ? Math.min(Math.abs(held), fill.lastQty) : 0;
  const opened = fill.lastQty - closed;
  const removed =
    closed === 0 ? 0n : divideHalfEven(position.openCost * BigInt(closed), BigInt(Math.abs(held)));
  const closedCash = BigInt(sign * closed) * BigInt(fill.lastPx);
  const openedCash = BigInt(sign * opened) * BigInt(fill.lastPx);
  const next: Position = {
    ...position,
    quantity: signedQuantity(held + sign * fill.lastQty),
    openCost: position.openCost - removed + openedCash,
    realized: closed === 0 ? position.realized : position.realized - closedCash - removed,
    boughtQuantity: position.boughtQuantity + BigInt(buys ? fill.lastQty : 0),
    soldQuantity: position.soldQuantity + BigInt(buys ? 0 : fill.lastQty),
    fees: addFee(position.fees, fill.feeAsset, fill.fee, fill.feeScale),
  };
  invariant(
    BigInt(next.quantity) === next.boughtQuantity - next.soldQuantity,
    `${next.instrument}: quantity ${next.quantity} must be bought ${next.boughtQuantity} - sold ${next.soldQuantity}`,
  );
  invariant(
    next.quantity !== 0 || next.openCost === 0n,
    `${next.instrument}: a position of nothing must cost nothing, was ${next.openCost}`,
  );
  return next;
}

/** `after` a fill, with what was realized before the UTC day of the last one kept apart. A fill told late counts into its own day. */
export function keepDay(before: Position, after: Position, fill: Fill): Position {
  const start = startOfUtcDay(fill.venueTime);
  const { day } = before;
  if (day === undefined || start > day.start) {
    return { ...after, day: { start, realizedBefore: before.realized } };
  }
  if (start === day.start) return after;
  const realizedBefore = day.realizedBefore + after.realized - before.realized;
  return { ...after, day: { start: day.start, realizedBefore } };
}

/** The position with its open result at the price it could be closed at: bid for long, ask for short. Nothing while there is none. */
export function markPosition(position: Position, quote: Quote | undefined): Position {
  const mark: Price | undefined = position.quantity > 0 ? quote?.bid : quote?.ask;
  if (mark === undefined || position.quantity === 0) return position;
  return {
    ...position,
    mark,
    unrealized: notional(mark, position.quantity) - position.openCost,
  };
}

/** What can be closed now and what is left over: fees taken in the base asset are no longer there to sell. */
export interface Closeable {
  /** Side of the order that closes. */
  readonly side: 'Buy' | 'Sell';
  /** On the step, at most the instrument's largest order; 0 when nothing can be sent. */
  readonly quantity: number;
  /** What is left to close: of a long the position less base-asset fees, rounded down to the quantity scale. */
  readonly net: number;
  /** True when something is left that the venue would not take. */
  readonly dust: boolean;
}

/** What of a position that was bought is gone as fees in the base asset, rounded up. */
export function spentOf(position: Position, instrument: Instrument): Quantity {
  if (position.quantity <= 0) return quantity(0);
  return quantity(position.quantity - closeable(position, instrument, undefined).net);
}

/**
 * What a flatten may trade. Sells at most position less base-asset fees, never the baseline; a position below zero (part of the
 * baseline sold) is bought back. Floored to the step; below minQuantity, or below minNotional at `reference`, it is dust.
 */
export function closeable(
  position: Position,
  instrument: Instrument,
  reference: Price | undefined,
): Closeable {
  const side = position.quantity > 0 ? 'Sell' : 'Buy';
  const fee = position.fees.find(({ asset }) => asset === instrument.base);
  const scale = Math.max(fee?.scale ?? 0, instrument.quantityScale);
  const feeUnits = fee === undefined ? 0n : rescale(fee.amount, fee.scale, scale);
  const held = rescale(BigInt(position.quantity), instrument.quantityScale, scale) - feeUnits;
  const unit = 10n ** BigInt(scale - instrument.quantityScale);
  const sellable = held <= 0n ? 0 : Number(held / unit);
  const net = side === 'Sell' ? sellable : Math.abs(position.quantity);
  const stepped = roundToStep(Math.min(net, instrument.maxQuantity), instrument.stepSize, 'down');
  const tooSmall =
    stepped < instrument.minQuantity ||
    (reference !== undefined && notional(reference, stepped as Quantity) < instrument.minNotional);
  const amount = tooSmall ? 0 : stepped;
  return { side, quantity: amount, net, dust: net > 0 && amount === 0 };
}
