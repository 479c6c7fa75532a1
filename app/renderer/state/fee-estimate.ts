import type { Instrument } from '../../engine/domain/instrument.ts';
import { notionalScale } from '../../engine/domain/instrument.ts';
import { rescale } from '../../engine/domain/decimal.ts';
import type { Fill } from '../../engine/domain/order.ts';

/** Fee of an order worth `value` (notional scale) at the rate of our last fill of the same kind; undefined before one, or when it was paid in a third asset. */
export function feeEstimate(
  fills: readonly Fill[],
  instrument: Instrument,
  liquidity: Fill['liquidity'],
  value: bigint,
): bigint | undefined {
  const fill = fills.findLast(
    (candidate) => candidate.instrument === instrument.id && candidate.liquidity === liquidity,
  );
  if (fill === undefined) return undefined;
  const scale = notionalScale(instrument);
  const traded = BigInt(fill.lastPx) * BigInt(fill.lastQty);
  const fee = feeInQuote(fill, instrument, scale);
  return fee === undefined || traded === 0n ? undefined : (value * fee) / traded;
}

function feeInQuote(fill: Fill, instrument: Instrument, scale: number): bigint | undefined {
  if (fill.feeAsset === instrument.quote) return rescale(fill.fee, fill.feeScale, scale);
  if (fill.feeAsset !== instrument.base) return undefined;
  return rescale(fill.fee * BigInt(fill.lastPx), fill.feeScale + instrument.priceScale, scale);
}
