import type { AssetCode, InstrumentId, VenueId } from './identifiers.ts';
import type { Price, Quantity } from './price.ts';

/** Whether a venue lets an instrument trade now. */
export type InstrumentStatus = 'Trading' | 'Halted' | 'CancelOnly' | 'Closed';

/** A spot instrument as its venue defines it today. Prices at `priceScale`, quantities at `quantityScale`, notionals at their sum. */
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
  /** True where two orders can be one list in which the end of one ends the other. */
  readonly orderLists?: boolean;
  readonly status: InstrumentStatus;
}

/** The scale of price x quantity of an instrument. */
export function notionalScale(instrument: Instrument): number {
  return instrument.priceScale + instrument.quantityScale;
}
