import { invariant } from '../engine/base/invariant.ts';

/** What a floor is about. */
export type Figure = 'p50' | 'p95' | 'p99' | 'p999' | 'perSecond' | 'ratio';

/** One bound: a cost that may not be exceeded, or a rate that must be reached. */
export interface Bound {
  readonly figure: Figure;
  readonly is: '<=' | '>=';
  readonly value: number;
}

/** The figures of a result that floors are about. */
export type Figures = Readonly<Partial<Record<Figure, number>>>;

/** The bound in words: `p50 <= 20`. */
export function boundText({ figure, is, value }: Bound): string {
  return `${figure} ${is} ${value}`;
}

/** True when every bound holds; a bound on a figure that is not there is a bug. */
export function meets(figures: Figures, floor: readonly Bound[]): boolean {
  return floor.every(({ figure, is, value }) => {
    const seen = figures[figure];
    invariant(seen !== undefined, `a floor on ${figure} needs that figure, was absent`);
    return is === '<=' ? seen <= value : seen >= value;
  });
}
