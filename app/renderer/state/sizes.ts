import { notionalScale, type Instrument } from '../../engine/domain/instrument.ts';
import { quantity, roundToStep, type Price, type Quantity } from '../../engine/domain/price.ts';

/** Whole quote units that the middle size preset is worth, about. */
const MIDDLE_VALUE = 1000n;
const FACTORS = [0.25, 0.5, 1, 2, 5] as const;

/** Five order sizes around a round value of `price`, each one digit (1, 2 or 5 times a power of ten) and tradable. */
export function sizePresets(instrument: Instrument, price: Price | undefined): readonly Quantity[] {
  const reference = price === undefined || price <= 0 ? undefined : price;
  const smallest = Math.max(instrument.minQuantity, instrument.stepSize);
  const middle =
    reference === undefined
      ? smallest * 10
      : Number((MIDDLE_VALUE * 10n ** BigInt(notionalScale(instrument))) / BigInt(reference));
  const sizes = FACTORS.map((factor) => roundSize(middle * factor, instrument, smallest));
  return [...new Set(sizes)].map(quantity);
}

function roundSize(mantissa: number, instrument: Instrument, smallest: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, mantissa)));
  const lead = mantissa / power;
  const digit = [1, 2, 5, 10].find((candidate) => lead <= candidate * 1.2) ?? 10;
  const stepped = roundToStep(Math.round(digit * power), instrument.stepSize, 'down');
  return Math.min(Math.max(stepped, smallest), instrument.maxQuantity);
}

/** The size an instrument starts with: the middle preset. */
export function defaultSize(instrument: Instrument, price: Price | undefined): Quantity {
  const presets = sizePresets(instrument, price);
  return presets[Math.floor(presets.length / 2)] ?? quantity(instrument.minQuantity);
}
