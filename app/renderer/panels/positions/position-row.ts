import type { Position } from '../../../engine/domain/account.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { heldQuantity } from '../../state/held.ts';
import type { PositionResult } from '../../state/results.ts';

/** A position with what it is worth now, and while prices are supposed, what it would be worth. */
export interface PositionRow {
  readonly position: Position;
  readonly instrument: Instrument;
  readonly result: PositionResult;
  /** Realized in this UTC day; undefined when it is not known. */
  readonly today: bigint | undefined;
  readonly supposed?: PositionResult;
}

/** What a position's row is known by. */
export function positionId({ account, instrument }: Position): string {
  return `${account} ${instrument}`;
}

/** True while something is held that an order could close. */
export function isOpen({ position, instrument }: PositionRow): boolean {
  return heldQuantity(position, instrument) !== 0;
}
