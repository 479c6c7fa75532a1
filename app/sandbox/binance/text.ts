import { WIRE_SCALE } from './parameters.ts';

/** A mantissa at `scale` (at most 8) as text with 8 decimals. */
export function fixed(mantissa: number | bigint, scale: number): string {
  const digits = String(mantissa);
  const negative = digits.startsWith('-');
  const padded = (negative ? digits.slice(1) : digits).padStart(scale + 1, '0');
  const whole = scale === 0 ? padded : padded.slice(0, -scale);
  const fraction = scale === 0 ? '' : padded.slice(-scale);
  return `${negative ? '-' : ''}${whole}.${fraction.padEnd(WIRE_SCALE, '0')}`;
}
