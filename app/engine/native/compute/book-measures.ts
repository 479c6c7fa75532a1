import { DEPTH_BANDS_BPS, IMBALANCE_DEPTHS } from '../../domain/book-measures.ts';

const TOUCH = 4;
const SINGLES = 7;
const IMBALANCES_AT = TOUCH + SINGLES;
const BANDS_AT = IMBALANCES_AT + IMBALANCE_DEPTHS.length;

/** What is measured of one side of a book. */
export interface SideMeasures {
  readonly bestPrice: number;
  readonly bestQuantity: number;
  /** Quantity that a basis point away from the mid adds: least squares through the mid and (distance, cumulative quantity) of the best 20 levels. */
  readonly slope: number | undefined;
  /** How far from the mid the worst level lies, basis points: beyond it nothing is known. */
  readonly reachBps: number | undefined;
  /** Quantity at most so far from the mid, for each of `DEPTH_BANDS_BPS`; stops at 2^53 - 1. */
  readonly within: readonly (number | undefined)[];
}

/**
 * What the addon measures of a book; overwritten by every `L2Book.measure` into it. Prices and quantities are mantissas,
 * fine prices have `FINE_DECIMALS` decimals more. What is in basis points is undefined at a mid that is not positive, and
 * everything while `twoSided` is false. The formulas stand in `native/core/book/measures.hpp`.
 */
export class BookMeasures {
  /** Both sides have levels; they may be crossed. */
  twoSided = false;
  /** The values one behind the other, as the addon writes them. */
  readonly values = new Float64Array(BANDS_AT + 2 * DEPTH_BANDS_BPS.length);

  /** (bid + ask) / 2, exact; undefined beyond 2^53. */
  get midFine(): number | undefined {
    return this.#whole(TOUCH);
  }

  /** (bid x ask quantity + ask x bid quantity) / (bid quantity + ask quantity), half to even. */
  get micropriceFine(): number | undefined {
    return this.#whole(TOUCH + 1);
  }

  /** Best ask less best bid in basis points of the mid; negative when crossed. */
  get spreadBps(): number | undefined {
    return this.#value(TOUCH + 2);
  }

  /** (bids - asks) / (bids + asks) of the quantities of the best levels, -1..1, for each of `IMBALANCE_DEPTHS`. */
  get imbalances(): readonly (number | undefined)[] {
    return IMBALANCE_DEPTHS.map((_, index) => this.#value(IMBALANCES_AT + index));
  }

  get bid(): SideMeasures {
    return this.#side(0);
  }

  get ask(): SideMeasures {
    return this.#side(1);
  }

  #side(side: number): SideMeasures {
    return {
      bestPrice: this.values[2 * side] ?? 0,
      bestQuantity: this.values[2 * side + 1] ?? 0,
      slope: this.#value(TOUCH + 3 + side),
      reachBps: this.#value(TOUCH + 5 + side),
      within: DEPTH_BANDS_BPS.map((_, index) => this.#value(BANDS_AT + 2 * index + side)),
    };
  }

  #value(at: number): number | undefined {
    const value = this.values[at];
    return !this.twoSided || value === undefined || Number.isNaN(value) ? undefined : value;
  }

  #whole(at: number): number | undefined {
    const value = this.#value(at);
    return Number.isSafeInteger(value) ? value : undefined;
  }
}
