import { formatDecimal } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderTerms } from '../domain/order.ts';
import { notional, type Price } from '../domain/price.ts';
import type { Denial } from './denial.ts';

type Leg = readonly [name: 'takeProfit' | 'stopLoss', price: Price];

function checkPrice([name, price]: Leg, terms: OrderTerms, instrument: Instrument) {
  const { minPrice, maxPrice, tickSize, priceScale, minNotional } = instrument;
  const show = (mantissa: number): string => formatDecimal(mantissa, priceScale);
  const whole = Number.isSafeInteger(price);
  if (!whole || price < Math.max(1, minPrice) || price > maxPrice) {
    const seen = whole ? show(price) : String(price);
    const message = `${name} must be ${show(minPrice)} to ${show(maxPrice)}, was ${seen}`;
    return { code: 'BRACKET_PRICE_OUT_OF_RANGE', message };
  }
  if (price % tickSize !== 0) {
    const message = `${name} must be a multiple of ${show(tickSize)}, was ${show(price)}`;
    return { code: 'BRACKET_PRICE_OFF_TICK', message };
  }
  if (notional(price, terms.quantity) >= minNotional) return undefined;
  const message = `${name} ${show(price)} x quantity must be worth what the venue takes at least`;
  return { code: 'BRACKET_BELOW_MIN_NOTIONAL', message };
}

function checkOrder(
  side: OrderTerms['side'],
  lower: readonly [string, Price] | undefined,
  upper: readonly [string, Price] | undefined,
  { priceScale }: Instrument,
): Denial | undefined {
  if (lower === undefined || upper === undefined || lower[1] < upper[1]) return undefined;
  const [low, high] = [lower, upper].map(([name, price]) => {
    return `${name} ${formatDecimal(price, priceScale)}`;
  });
  const message = `${low} must be below ${high} for a ${side} entry`;
  return { code: 'BRACKET_PRICE_ON_WRONG_SIDE', message };
}

const BPS_ONE = 10_000n;

/** An exit lies no farther from the entry than a resting order may lie from the market; 0 bps: anywhere. */
function checkDistance(
  [name, price]: Leg,
  entry: Price,
  maxDistanceBps: number,
  { priceScale }: Instrument,
): Denial | undefined {
  const away = BigInt(Math.abs(price - entry)) * BPS_ONE;
  if (maxDistanceBps === 0 || away <= BigInt(entry) * BigInt(maxDistanceBps)) return undefined;
  const [seen, from] = [price, entry].map((one) => formatDecimal(one, priceScale));
  const message = `${name} must lie within ${maxDistanceBps} bps of the entry ${from}, was ${seen}`;
  return { code: 'BRACKET_PRICE_TOO_FAR', message };
}

/**
 * Why the exits asked for cannot be exits of this entry, or undefined. Each lies on its own side of the entry's price: of a
 * market entry that is `touch`; and no farther from it than `maxDistanceBps`.
 */
export function checkBracket(
  terms: OrderTerms,
  instrument: Instrument,
  touch: Price | undefined,
  maxDistanceBps: number,
): Denial | undefined {
  const { bracket, side, price, stopPrice, reduceOnly } = terms;
  if (bracket === undefined) return undefined;
  const { takeProfit, stopLoss } = bracket;
  const profit: Leg | undefined = takeProfit === undefined ? undefined : ['takeProfit', takeProfit];
  const loss: Leg | undefined = stopLoss === undefined ? undefined : ['stopLoss', stopLoss];
  const legs = [profit, loss].filter((leg) => leg !== undefined);
  if (legs.length === 0) {
    const message = 'bracket must have takeProfit, stopLoss or both, had neither';
    return { code: 'BRACKET_EMPTY', message };
  }
  if (reduceOnly) {
    const message =
      'bracket must be absent from a reduce-only order: it opens nothing to exit from';
    return { code: 'BRACKET_ON_REDUCE_ONLY', message };
  }
  if (legs.length === 2 && instrument.orderLists !== true) {
    const message = `bracket must have one of takeProfit and stopLoss on ${instrument.id}: its venue takes no order lists`;
    return { code: 'BRACKET_LISTS_UNSUPPORTED', message };
  }
  for (const leg of legs) {
    const denial = checkPrice(leg, terms, instrument);
    if (denial !== undefined) return denial;
  }
  const [lower, upper] = side === 'Buy' ? [loss, profit] : [profit, loss];
  const reference = price ?? stopPrice ?? touch;
  const entry = reference === undefined ? undefined : (['the entry', reference] as const);
  const disorder =
    checkOrder(side, lower, upper, instrument) ??
    checkOrder(side, lower, entry, instrument) ??
    checkOrder(side, entry, upper, instrument);
  if (disorder !== undefined || reference === undefined) return disorder;
  return legs
    .map((leg) => checkDistance(leg, reference, maxDistanceBps, instrument))
    .find((denial) => denial !== undefined);
}
