import { invariant } from '../base/invariant.ts';
import type { AssetCode } from './identifiers.ts';

/** An exact amount of one asset: a whole number of 10^-scale units of `currency`. */
export interface Money {
  readonly amount: bigint;
  readonly scale: number;
  readonly currency: AssetCode;
}

/** Adds two amounts of the same asset and scale; anything else is a bug. */
export function addMoney(left: Money, right: Money): Money {
  invariant(
    left.currency === right.currency && left.scale === right.scale,
    `money must agree, was ${left.currency}/${left.scale} and ${right.currency}/${right.scale}`,
  );
  return { ...left, amount: left.amount + right.amount };
}
