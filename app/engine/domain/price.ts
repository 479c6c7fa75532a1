import type { Brand } from '../base/brand.ts';
import { invariant } from '../base/invariant.ts';
import { err, ok, type Result } from '../base/result.ts';
import { parseDecimal, type DecimalError } from './decimal.ts';

/** A signed whole number of 10^-scale units, the scale being the instrument's `priceScale`. Exact for |mantissa| < 2^53. */
export type Price = Brand<number, 'Price'>;

/** A non-negative whole number of 10^-scale units, the scale being the instrument's `quantityScale`. Exact below 2^53. */
export type Quantity = Brand<number, 'Quantity'>;

/** A signed quantity: positive long, negative short. */
export type SignedQuantity = Brand<number, 'SignedQuantity'>;

/** How a computed number becomes a whole one. */
export type Rounding = 'down' | 'up' | 'nearest';

/** A price from its mantissa; throws on anything but a safe integer. */
export function price(mantissa: number): Price {
  invariant(
    Number.isSafeInteger(mantissa),
    `price mantissa must be a safe integer, was ${mantissa}`,
  );
  return (mantissa === 0 ? 0 : mantissa) as Price;
}

/** A quantity from its mantissa; throws on anything but a safe integer >= 0. */
export function quantity(mantissa: number): Quantity {
  invariant(
    Number.isSafeInteger(mantissa) && mantissa >= 0,
    `quantity mantissa must be a safe integer >= 0, was ${mantissa}`,
  );
  return (mantissa === 0 ? 0 : mantissa) as Quantity;
}

/** A signed quantity from its mantissa; throws on anything but a safe integer. */
export function signedQuantity(mantissa: number): SignedQuantity {
  invariant(
    Number.isSafeInteger(mantissa),
    `signed quantity mantissa must be a safe integer, was ${mantissa}`,
  );
  return (mantissa === 0 ? 0 : mantissa) as SignedQuantity;
}

/** A price from decimal text at `scale`. */
export function parsePrice(text: string, scale: number): Result<Price, DecimalError> {
  const parsed = parseDecimal(text, scale);
  return parsed.ok ? ok(price(parsed.value)) : parsed;
}

/** A quantity from decimal text at `scale`; negative text is DECIMAL_MALFORMED. */
export function parseQuantity(text: string, scale: number): Result<Quantity, DecimalError> {
  const parsed = parseDecimal(text, scale);
  if (!parsed.ok) return parsed;
  if (parsed.value < 0) return err({ code: 'DECIMAL_MALFORMED', text, scale });
  return ok(quantity(parsed.value));
}

/** Price x quantity in 10^-(priceScale + quantityScale) units, exact. */
export function notional(px: Price, qty: Quantity | SignedQuantity): bigint {
  return BigInt(px) * BigInt(qty);
}

/** Brings a computed mantissa onto a multiple of `step` with the rounding named. */
export function roundToStep(mantissa: number, step: number, rounding: Rounding): number {
  invariant(step > 0, `step must be positive, was ${step}`);
  const remainder = ((mantissa % step) + step) % step;
  const below = mantissa - remainder;
  if (remainder === 0 || rounding === 'down') return below;
  if (rounding === 'up') return below + step;
  return remainder * 2 >= step ? below + step : below;
}
