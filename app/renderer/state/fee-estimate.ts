import { rescale } from '../../engine/domain/decimal.ts';
import type { AccountState } from '../../engine/domain/account.ts';
import { notionalScale, type Instrument } from '../../engine/domain/instrument.ts';
import type { Fill } from '../../engine/domain/order.ts';
import type { Quantity } from '../../engine/domain/price.ts';

/** A fee before there is one, at notional scale, and what it is taken from. */
export interface FeeEstimate {
  readonly amount: bigint;
  readonly source: 'venue' | 'fill';
}

const RATE_UNITS = 100_000_000n;

/** Fee of an order worth `value` (notional scale): at the venue's rate, else at that of our last fill of the same kind; undefined without either, or when that fill paid in a third asset. Rounded away from zero. */
export function feeEstimate(
  rates: AccountState['feeRates'],
  fills: readonly Fill[],
  instrument: Instrument,
  liquidity: Fill['liquidity'],
  value: bigint,
): FeeEstimate | undefined {
  if (rates !== undefined) {
    const rate = BigInt(liquidity === 'Maker' ? rates.maker : rates.taker);
    return { amount: awayFromZero(value * rate, RATE_UNITS), source: 'venue' };
  }
  const fill = fills.findLast(
    (candidate) => candidate.instrument === instrument.id && candidate.liquidity === liquidity,
  );
  if (fill === undefined) return undefined;
  const scale = notionalScale(instrument);
  const traded = BigInt(fill.lastPx) * BigInt(fill.lastQty);
  const fee = feeInQuote(fill, instrument, scale);
  if (fee === undefined || traded === 0n) return undefined;
  return { amount: awayFromZero(value * fee, traded), source: 'fill' };
}

/** What a buy of `quantity` leaves in the account, at the base asset's scale: the venue takes its fee, `fee` of `value`, from what is bought. */
export function boughtLessFee(
  quantity: Quantity,
  value: bigint,
  fee: bigint,
  { baseScale, quantityScale }: Instrument,
): bigint {
  const bought = rescale(BigInt(quantity), quantityScale, baseScale);
  return value === 0n ? bought : bought - awayFromZero(bought * fee, value);
}

function awayFromZero(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  if (quotient * denominator === numerator) return quotient;
  return quotient + (numerator < 0n ? -1n : 1n);
}

function feeInQuote(fill: Fill, instrument: Instrument, scale: number): bigint | undefined {
  if (fill.feeAsset === instrument.quote) return rescale(fill.fee, fill.feeScale, scale);
  if (fill.feeAsset !== instrument.base) return undefined;
  return rescale(fill.fee * BigInt(fill.lastPx), fill.feeScale + instrument.priceScale, scale);
}
