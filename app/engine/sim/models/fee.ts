import { rescale } from '../../domain/decimal.ts';
import type { AssetCode } from '../../domain/identifiers.ts';
import { notionalScale, type Instrument } from '../../domain/instrument.ts';
import type { Side } from '../../domain/order.ts';
import { notional, type Price, type Quantity } from '../../domain/price.ts';

/** A fee in the asset that was received, at that asset's scale. */
export interface Fee {
  readonly asset: AssetCode;
  readonly scale: number;
  readonly amount: bigint;
}

const BPS = 10_000n;

/** A share of what was received, in basis points, rounded away from zero (Binance spot without a discount: 10). */
export function proportionalFee(
  instrument: Instrument,
  side: Side,
  px: Price,
  qty: Quantity,
  bps: bigint,
): Fee {
  const buying = side === 'Buy';
  const scale = buying ? instrument.baseScale : instrument.quoteScale;
  const from = buying ? instrument.quantityScale : notionalScale(instrument);
  const received = rescale(buying ? BigInt(qty) : notional(px, qty), from, scale);
  const amount = (received * bps + BPS - 1n) / BPS;
  return { asset: buying ? instrument.base : instrument.quote, scale, amount };
}
