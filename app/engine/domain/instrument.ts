import type { AssetCode, InstrumentId, VenueId } from './identifiers.ts';
import { rescale } from './decimal.ts';
import { price, quantity, type Price, type Quantity } from './price.ts';

/** Whether a venue lets an instrument trade now. */
export type InstrumentStatus = 'Trading' | 'Halted' | 'CancelOnly' | 'Closed';

/** What is traded when it is not the base asset itself. */
export const DERIVATIVES = ['Perpetual', 'Future', 'Option'] as const;
export type Derivative = (typeof DERIVATIVES)[number];

/** An instrument as its venue defines it today. Prices at `priceScale`, quantities at `quantityScale`, notionals at their sum. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly venue: VenueId;
  readonly symbol: string;
  readonly base: AssetCode;
  readonly quote: AssetCode;
  /** Decimals of balances and fees of the base and quote asset. */
  readonly baseScale: number;
  readonly quoteScale: number;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly tickSize: Price;
  readonly minPrice: Price;
  readonly maxPrice: Price;
  readonly stepSize: Quantity;
  readonly minQuantity: Quantity;
  readonly maxQuantity: Quantity;
  /** Smallest price x quantity accepted, at priceScale + quantityScale. */
  readonly minNotional: bigint;
  /** Most parts of an order that shows one part at a time; absent: the venue takes no displayed quantity. */
  readonly maxDisplayParts?: number;
  /** Absent: spot. */
  readonly derivative?: Derivative;
  /** What quantities count where it is not the base asset: contracts, or an asset. */
  readonly quantityUnit?: string;
  /** True where two orders can be one list in which the end of one ends the other. */
  readonly orderLists?: boolean;
  readonly status: InstrumentStatus;
}

/** The scale of price x quantity of an instrument. */
export function notionalScale(instrument: Instrument): number {
  return instrument.priceScale + instrument.quantityScale;
}

/** The same instrument with prices and quantities at other scales; absent when it is finer than they are. */
export function atScales(
  instrument: Instrument,
  priceScale: number,
  quantityScale: number,
): Instrument | undefined {
  const { tickSize, minPrice, maxPrice, stepSize, minQuantity, maxQuantity } = instrument;
  const priceUp = priceScale - instrument.priceScale;
  const quantityUp = quantityScale - instrument.quantityScale;
  const tick = moved(tickSize, priceUp);
  const step = moved(stepSize, quantityUp);
  if (tick === undefined || step === undefined) return undefined;
  return {
    ...instrument,
    priceScale,
    quantityScale,
    tickSize: price(tick),
    minPrice: price(moved(minPrice, priceUp) ?? tick),
    maxPrice: price(moved(maxPrice, priceUp) ?? Number.MAX_SAFE_INTEGER),
    stepSize: quantity(step),
    minQuantity: quantity(moved(minQuantity, quantityUp) ?? step),
    maxQuantity: quantity(moved(maxQuantity, quantityUp) ?? Number.MAX_SAFE_INTEGER),
    minNotional: rescale(
      instrument.minNotional,
      notionalScale(instrument),
      priceScale + quantityScale,
    ),
  };
}

/** A mantissa `by` decimals finer, or coarser when that is exact; absent when it is not, or too large. */
function moved(mantissa: number, by: number): number | undefined {
  const value = by < 0 ? mantissa / 10 ** -by : mantissa * 10 ** by;
  return Number.isSafeInteger(value) ? value : undefined;
}
