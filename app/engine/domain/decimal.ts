import { err, ok, type Result } from '../base/result.ts';

/** Why a decimal text is no exact number at a scale. */
export interface DecimalError {
  readonly code: 'DECIMAL_MALFORMED' | 'DECIMAL_OFF_SCALE' | 'DECIMAL_OVERFLOW';
  readonly text: string;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

/** Parses decimal text into a whole number of 10^-scale units, digit by digit. Zeros beyond the scale are dropped, any other digit is DECIMAL_OFF_SCALE. */
export function parseDecimalBig(text: string, scale: number): Result<bigint, DecimalError> {
  const match = DECIMAL.exec(text);
  if (match === null) return err({ code: 'DECIMAL_MALFORMED', text, scale });
  const [, sign, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(scale))) return err({ code: 'DECIMAL_OFF_SCALE', text, scale });
  const digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return ok(sign === '-' ? -digits : digits);
}

/** As `parseDecimalBig`, for values that must be exact as a safe integer (|mantissa| < 2^53). */
export function parseDecimal(text: string, scale: number): Result<number, DecimalError> {
  const parsed = parseDecimalBig(text, scale);
  if (!parsed.ok) return parsed;
  const mantissa = Number(parsed.value);
  if (!Number.isSafeInteger(mantissa)) return err({ code: 'DECIMAL_OVERFLOW', text, scale });
  // `-0` would break equality.
  return ok(mantissa === 0 ? 0 : mantissa);
}

/** Prints a whole number of 10^-scale units as decimal text with exactly `scale` decimals. */
export function formatDecimal(mantissa: number | bigint, scale: number): string {
  const value = BigInt(mantissa);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Decimals needed to write `text` exactly ("0.01000000" -> 2, "1.00" -> 0); 0 for text that is no decimal. */
export function decimalsOf(text: string): number {
  const fraction = DECIMAL.exec(text)?.[3] ?? '';
  return fraction.replace(/0+$/, '').length;
}

/** numerator / denominator rounded half to even; the denominator must be positive. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice < denominator || (twice === denominator && quotient % 2n === 0n)) return quotient;
  return quotient + (numerator < 0n ? -1n : 1n);
}

/** Moves a value from one scale to another; digits lost when the scale shrinks are rounded half to even. */
export function rescale(value: bigint, from: number, to: number): bigint {
  if (to >= from) return value * 10n ** BigInt(to - from);
  return divideHalfEven(value, 10n ** BigInt(from - to));
}
