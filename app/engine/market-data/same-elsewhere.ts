import { pricedAlike } from '../domain/data-quality.ts';
import type { Instrument } from '../domain/instrument.ts';

/** How prices in another quote currency become prices in ours. */
export type Conversion =
  | { readonly kind: 'Same' }
  /** One unit of theirs is worth what this instrument costs; `inverse`: one of ours is. */
  | { readonly kind: 'Rate'; readonly by: Instrument; readonly inverse: boolean }
  /** No instrument that is watched converts them. */
  | { readonly kind: 'None' };

/** What is priced as an instrument is, at another venue. */
export interface Elsewhere {
  readonly instrument: Instrument;
  readonly conversion: Conversion;
}

/** The same base asset at other venues among `all`, in any quote currency: spot with spot, perpetuals with perpetuals; what expires has a price of its own. */
export function sameElsewhere(
  instrument: Instrument,
  all: readonly Instrument[],
): readonly Elsewhere[] {
  return all.flatMap((other) => {
    if (other.venue === instrument.venue || other.base !== instrument.base) return [];
    if (other.derivative !== instrument.derivative || pricedAlike(other) === undefined) return [];
    return [{ instrument: other, conversion: conversionOf(other, instrument, all) }];
  });
}

function conversionOf(from: Instrument, to: Instrument, all: readonly Instrument[]): Conversion {
  if (from.quote === to.quote) return { kind: 'Same' };
  const rates = all.filter(({ derivative }) => derivative === undefined);
  const direct = rates.find((one) => one.base === from.quote && one.quote === to.quote);
  if (direct !== undefined) return { kind: 'Rate', by: direct, inverse: false };
  const inverse = rates.find((one) => one.base === to.quote && one.quote === from.quote);
  return inverse === undefined ? { kind: 'None' } : { kind: 'Rate', by: inverse, inverse: true };
}
