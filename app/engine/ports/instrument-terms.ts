import { decimalsOf, parseDecimalBig } from '../domain/decimal.ts';
import { instrumentId, type AssetCode, type VenueId } from '../domain/identifiers.ts';
import type { Derivative, Instrument, InstrumentStatus } from '../domain/instrument.ts';
import { price, quantity } from '../domain/price.ts';

/** An instrument as a venue lists it: steps and bounds as decimal texts, "0" where there is none. */
export interface ListedTerms {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tick: string;
  readonly step: string;
  readonly minQuantity: string;
  readonly maxQuantity: string;
  readonly minNotional: string;
  /** Decimals that the venue writes, where they are more than those of the steps. */
  readonly priceDecimals?: number;
  readonly quantityDecimals?: number;
  readonly derivative?: Derivative;
  readonly quantityUnit?: string;
  readonly status: InstrumentStatus;
}

/** The instrument of such terms. Balances are unknown where nothing is traded: their scales are those of quantity and price. */
export function instrumentFrom(terms: ListedTerms, venue: VenueId): Instrument {
  const { symbol, tick, step, derivative, quantityUnit } = terms;
  const priceScale = Math.max(decimalsOf(tick), terms.priceDecimals ?? 0);
  const quantityScale = Math.max(decimalsOf(step), terms.quantityDecimals ?? 0);
  return {
    // A slash parts an account's name from its venue, a point an instrument's.
    id: instrumentId(symbol.replaceAll(/[./]/g, '-'), venue),
    venue,
    symbol,
    base: terms.base as AssetCode,
    quote: terms.quote as AssetCode,
    baseScale: quantityScale,
    quoteScale: priceScale,
    priceScale,
    quantityScale,
    tickSize: price(Math.max(1, bounded(tick, priceScale))),
    minPrice: price(Math.max(1, bounded(tick, priceScale))),
    maxPrice: price(Number.MAX_SAFE_INTEGER),
    stepSize: quantity(Math.max(1, bounded(step, quantityScale))),
    minQuantity: quantity(bounded(terms.minQuantity, quantityScale)),
    maxQuantity: quantity(upperBound(terms.maxQuantity, quantityScale)),
    minNotional: BigInt(bounded(terms.minNotional, priceScale + quantityScale)),
    ...(derivative === undefined ? {} : { derivative }),
    ...(quantityUnit === undefined ? {} : { quantityUnit }),
    status: terms.status,
  };
}

/** Scale and size of a step; "0" disables the filter, then the asset's precision is the step. */
export function stepOf(text: string, assetScale: number): { scale: number; mantissa: number } {
  const scale = decimalsOf(text);
  const mantissa = bounded(text, scale);
  return mantissa === 0 ? { scale: assetScale, mantissa: 1 } : { scale, mantissa };
}

/** The mantissa of an upper bound; "0" disables it. */
export function upperBound(text: string, scale: number): number {
  const value = bounded(text, scale);
  return value === 0 ? Number.MAX_SAFE_INTEGER : value;
}

/** The mantissa of a filter's bound, cut to the scale (bounds may be finer than the step) and to what is exact. */
export function bounded(text: string, scale: number): number {
  const wireScale = Math.max(scale, decimalsOf(text));
  const parsed = parseDecimalBig(text, wireScale);
  if (!parsed.ok || parsed.value <= 0n) return 0;
  const mantissa = parsed.value / 10n ** BigInt(wireScale - scale);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(mantissa > limit ? limit : mantissa);
}
