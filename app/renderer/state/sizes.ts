import { notionalScale, type Instrument } from '../../engine/domain/instrument.ts';
import { quantity, roundToStep, type Price, type Quantity } from '../../engine/domain/price.ts';

/** Whole quote units that the middle size is worth, about. */
const MIDDLE_VALUE = 1000n;
const DIGITS = [1, 2, 5] as const;
/** Sizes on each side of the middle one. */
const BESIDE = 2;

/** Five neighbouring sizes of the series 1, 2, 5, 10…, the middle one worth about a thousand quote units at `price`; each tradable. */
export function sizePresets(instrument: Instrument, price: Price | undefined): readonly Quantity[] {
  const smallest = Math.max(instrument.minQuantity, instrument.stepSize);
  const middle =
    price === undefined || price <= 0
      ? smallest * 10
      : Number((MIDDLE_VALUE * 10n ** BigInt(notionalScale(instrument))) / BigInt(price));
  const center = seriesIndex(middle);
  const sizes = Array.from({ length: 2 * BESIDE + 1 }, (_, index) =>
    tradable(seriesValue(center - BESIDE + index), instrument, smallest),
  );
  return [...new Set(sizes)].map(quantity);
}

/** The size an instrument starts with: the middle preset. */
export function defaultSize(instrument: Instrument, price: Price | undefined): Quantity {
  const presets = sizePresets(instrument, price);
  return presets[Math.floor(presets.length / 2)] ?? quantity(instrument.minQuantity);
}

/** The next tradable size of the series 1, 2, 5, 10… above or below `size`; the same at its ends. */
export function nextSize(instrument: Instrument, size: Quantity, way: 1 | -1): Quantity {
  const smallest = Math.max(instrument.minQuantity, instrument.stepSize);
  const at = seriesIndex(size);
  const least = way === 1 ? at + 1 : at - 1;
  // Below a size between two of the series stands the smaller of them.
  const from = way === -1 && seriesValue(at) < size ? at : least;
  for (let index = from; index >= 0; index += way) {
    const next = tradable(seriesValue(index), instrument, smallest);
    if (way === 1 ? next > size : next < size) return quantity(next);
    if (next === (way === 1 ? instrument.maxQuantity : smallest)) break;
  }
  return size;
}

/** Place in the series of the last value that is not above `mantissa`. */
function seriesIndex(mantissa: number): number {
  const power = Math.floor(Math.log10(Math.max(1, mantissa)));
  const lead = mantissa / 10 ** power;
  return power * DIGITS.length + DIGITS.findLastIndex((digit) => digit <= lead);
}

function seriesValue(index: number): number {
  const at = Math.max(0, index);
  return (DIGITS[at % DIGITS.length] ?? 1) * 10 ** Math.floor(at / DIGITS.length);
}

function tradable(mantissa: number, instrument: Instrument, smallest: number): number {
  const stepped = roundToStep(mantissa, instrument.stepSize, 'down');
  return Math.min(Math.max(stepped, smallest), instrument.maxQuantity);
}
