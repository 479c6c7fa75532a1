import type { SelfTradePrevention } from '../../engine/native/compute/matching-commands.ts';
import type { SyntheticInstrument } from '../../engine/synthetic/instruments.ts';

/** Trading rules of one symbol; mantissas at the symbol's scales, `minNotional` at priceScale + quantityScale. */
export interface Listing {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly tickSize: number;
  readonly minPrice: number;
  readonly maxPrice: number;
  readonly stepSize: number;
  readonly minQuantity: number;
  readonly maxQuantity: number;
  readonly maxMarketQuantity: number;
  readonly minNotional: bigint;
  readonly maxNotional: bigint;
  /** A price may be this many times the average price at most, and 1/this at least. */
  readonly priceBand: number;
  readonly maxOrders: number;
  readonly maxTriggerOrders: number;
  readonly maxIcebergOrders: number;
  /** Parts that an order which shows one at a time may have. */
  readonly maxIcebergParts: number;
  readonly maxLists: number;
  /** Of orders that do not say. */
  readonly selfTrade: SelfTradePrevention;
}

const MIN_NOTIONAL_UNITS = 5n;
const MAX_NOTIONAL_UNITS = 9_000_000n;

/** The rules the exchange sets for an invented instrument. */
export function listingOf(
  instrument: SyntheticInstrument,
  selfTrade: SelfTradePrevention = 'ExpireMaker',
): Listing {
  const { symbol, base, quote, priceScale, quantityScale, tickSize, stepSize } = instrument;
  const unit = 10n ** BigInt(priceScale + quantityScale);
  const largest = roundUpToPowerOfTen(
    Math.floor((Number(MAX_NOTIONAL_UNITS) * Number(unit)) / instrument.startPrice),
  );
  return {
    symbol,
    base,
    quote,
    priceScale,
    quantityScale,
    tickSize,
    minPrice: tickSize,
    maxPrice: roundUpToPowerOfTen(instrument.startPrice) * 10 * tickSize,
    stepSize,
    minQuantity: stepSize,
    maxQuantity: largest * stepSize,
    maxMarketQuantity: (largest / 10) * stepSize,
    minNotional: instrument.minNotional ?? MIN_NOTIONAL_UNITS * unit,
    maxNotional: MAX_NOTIONAL_UNITS * unit,
    priceBand: 5,
    maxOrders: 200,
    maxTriggerOrders: 5,
    maxIcebergOrders: 10,
    maxIcebergParts: 100,
    maxLists: 20,
    selfTrade,
  };
}

function roundUpToPowerOfTen(value: number): number {
  let power = 1;
  while (power < value) power *= 10;
  return power;
}
