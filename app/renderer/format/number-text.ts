import { formatDecimal, rescale } from '../../engine/domain/decimal.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { Price, Quantity, SignedQuantity } from '../../engine/domain/price.ts';
import { decimalPoint, shownNumber, typedNumber } from './number-form.ts';

/** The true minus sign of every printed number. */
export const MINUS = '\u2212';

/** How a signed number shows its sign: `plain` only a minus, `signed` a plus too (results and changes). */
export type SignStyle = 'plain' | 'signed';

/** Plain decimal text in the form of numbers, its thousands grouped, a hyphen turned into a true minus. */
export function groupThousands(text: string): string {
  const negative = text.startsWith('-');
  return (negative ? MINUS : '') + shownNumber(negative ? text.slice(1) : text);
}

/** Decimals that a step needs: scale 8, step 1000000 -> 2. */
export function stepDecimals(step: number, scale: number): number {
  let decimals = scale;
  let rest = step;
  while (decimals > 0 && rest !== 0 && rest % 10 === 0) {
    rest /= 10;
    decimals -= 1;
  }
  return decimals;
}

/** A mantissa at `scale` with exactly `decimals` decimals, rounded half to even, grouped. */
export function decimalText(
  mantissa: number | bigint,
  scale: number,
  decimals: number,
  sign: SignStyle = 'plain',
): string {
  const rounded = rescale(BigInt(mantissa), scale, decimals);
  const text = groupThousands(formatDecimal(rounded, decimals));
  return sign === 'signed' && rounded > 0n ? `+${text}` : text;
}

/** Decimals of an instrument's prices: those of its tick. */
export function priceDecimals(instrument: Instrument): number {
  return stepDecimals(instrument.tickSize, instrument.priceScale);
}

/** Decimals of an instrument's quantities: those of its step. */
export function quantityDecimals(instrument: Instrument): number {
  return stepDecimals(instrument.stepSize, instrument.quantityScale);
}

/** A price as shown: tick decimals always; decimals beyond the tick are kept when the price has them. */
export function priceText(price: Price, instrument: Instrument): string {
  const decimals = Math.max(priceDecimals(instrument), stepDecimals(price, instrument.priceScale));
  return groupThousands(trimTo(price, instrument.priceScale, decimals));
}

/** A quantity as shown: step decimals, more when it has them. */
export function quantityText(
  quantity: Quantity | SignedQuantity,
  instrument: Instrument,
  sign: SignStyle = 'plain',
): string {
  const own = stepDecimals(quantity, instrument.quantityScale);
  const decimals = quantity === 0 ? 0 : Math.max(quantityDecimals(instrument), own);
  const text = groupThousands(trimTo(quantity, instrument.quantityScale, decimals));
  return sign === 'signed' && quantity > 0 ? `+${text}` : text;
}

function trimTo(mantissa: number, scale: number, decimals: number): string {
  const text = formatDecimal(mantissa, scale);
  const cut = scale - decimals;
  if (cut === 0) return text;
  return decimals === 0 ? text.slice(0, -(cut + 1)) : text.slice(0, -cut);
}

/** A quantity without trailing zeros: for order words and tags. */
export function shortQuantity(quantity: Quantity, instrument: Instrument): string {
  const decimals = quantity === 0 ? 0 : stepDecimals(quantity, instrument.quantityScale);
  return groupThousands(trimTo(quantity, instrument.quantityScale, decimals));
}

/** A price difference in ticks; prices from before a coarser tick may lie between two. */
export function ticksText(difference: number, { tickSize }: Instrument): string {
  return difference % tickSize === 0
    ? String(difference / tickSize)
    : groupThousands((difference / tickSize).toFixed(1));
}

/** As the order language takes it: a point, no grouping, a plain hyphen. */
export function editText(mantissa: number, scale: number, decimals: number): string {
  return trimTo(mantissa, scale, Math.max(decimals, stepDecimals(mantissa, scale)));
}

/** As a field takes it: the same with the point of the form of numbers. */
export function fieldText(mantissa: number, scale: number, decimals: number): string {
  return typedNumber(editText(mantissa, scale, decimals));
}

/** An amount of money at `scale` with two decimals; below a cent with four, below a hundredth of one with six. */
export function moneyText(amount: bigint, scale: number, sign: SignStyle = 'plain'): string {
  const magnitude = amount < 0n ? -amount : amount;
  const below = (decimals: number): boolean =>
    scale > decimals && magnitude < 10n ** BigInt(scale - decimals);
  if (magnitude === 0n || !below(2)) return decimalText(amount, scale, 2, sign);
  return decimalText(amount, scale, Math.min(scale, below(4) ? 6 : 4), sign);
}

/** Volumes in queue and volume columns: `62.4k`, `1.2M`; below a thousand the figure itself. */
export function compactQuantity(mantissa: number, scale: number): string {
  const value = mantissa / 10 ** scale;
  if (value >= 999_950_000) return `${groupThousands((value / 1e9).toFixed(1))}B`;
  if (value >= 999_950) return `${groupThousands((value / 1e6).toFixed(1))}M`;
  if (value >= 10_000) return `${groupThousands((value / 1e3).toFixed(1))}k`;
  if (value >= 100) return groupThousands(value.toFixed(0));
  if (value >= 1) return groupThousands(trimZeros(value.toFixed(3)));
  return groupThousands(trimZeros(value.toFixed(5)));
}

/** A volume in at most three figures and a unit: `75.0k`, `8.1k`, `912`, `0.42`. */
export function shortVolume(mantissa: number, scale: number): string {
  const value = mantissa / 10 ** scale;
  if (value >= 9995) return compactQuantity(mantissa, scale);
  if (value >= 999.5) return `${groupThousands((value / 1e3).toFixed(1))}k`;
  if (value >= 9.995) return groupThousands(value.toFixed(value >= 99.95 ? 0 : 1));
  return value < 0.005 ? `<${groupThousands('0.01')}` : groupThousands(value.toFixed(2));
}

/** What a quantity is at most, in three figures rounded up: `25.9`, `0.00412`, `9,760`, `0`. */
export function shortBound(mantissa: number, scale: number): string {
  const unit = 10 ** Math.max(0, String(mantissa).length - 3);
  return compactQuantity(Math.ceil(mantissa / unit) * unit, scale);
}

/** Decimals that show `largest` with four figures: what a column of sizes is printed with. */
export function columnDecimals(largest: number, scale: number, most: number): number {
  const value = largest / 10 ** scale;
  if (value <= 0) return most;
  return Math.min(most, Math.max(0, 3 - Math.floor(Math.log10(value))));
}

/** A size in a column of `decimals`: a size too small for them is `<0.1`, never 0; from a hundred thousand in k. */
export function columnSize(mantissa: number, scale: number, decimals: number): string {
  const value = mantissa / 10 ** scale;
  if (value >= 99_999.5) return compactQuantity(mantissa, scale);
  const least = 10 ** -decimals;
  if (value < least / 2) return `<${groupThousands(least.toFixed(decimals))}`;
  return groupThousands(value.toFixed(decimals));
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, '');
}

/** Splits a number into its meaningful front and its trailing zeros (with the point when all decimals are zero). */
export function splitTrailingZeros(text: string): readonly [front: string, zeros: string] {
  const point = text.lastIndexOf(decimalPoint());
  if (point < 0) return [text, ''];
  const kept = text.slice(point).replace(/0+$/, '');
  const front = text.slice(0, point) + (kept.length === 1 ? '' : kept);
  return [front, text.slice(front.length)];
}

/** How many characters at the end of `next` differ from `previous`; 0 when equal, all when the lengths differ. */
export function changedTail(previous: string, next: string): number {
  if (previous === next) return 0;
  if (previous.length !== next.length) return next.length;
  let index = 0;
  while (previous[index] === next[index]) index += 1;
  return next.length - index;
}

/** The change from `base` to `last` in percent with two decimals, signed; undefined while the base is 0. */
export function changePercentText(last: Price, base: Price): string | undefined {
  if (base === 0) return undefined;
  const hundredths = ((BigInt(last) - BigInt(base)) * 10_000n * 10n) / BigInt(base);
  return decimalText(hundredths, 3, 2, 'signed');
}

/** A percentage with two decimals, its sign and its unit: `+1.25 %`. */
export function percentText(percent: number): string {
  const plain = Math.abs(percent).toFixed(2);
  const sign = percent < 0 ? MINUS : '+';
  return `${plain === '0.00' ? '' : sign}${groupThousands(plain)} %`;
}
