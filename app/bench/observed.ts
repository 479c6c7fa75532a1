import type { Stage } from './screen/stage.ts';
import type { Samples } from './workload.ts';

/** What was seen of the product as it ran. */
export interface Observed {
  readonly unit: string;
  readonly inputHash: string;
  /** Of each repeat. */
  readonly runs: readonly Samples[];
  /** What came out is what its source said. */
  readonly agreed: boolean;
  /** What else is to be known, a line each: how the work was smaller than asked, other figures. */
  readonly notes: readonly string[];
}

/** How long is watched, where that can be chosen, in minutes. */
export interface Watch {
  readonly minutes: number;
}

/** Measures something on a stage. */
export type ScreenWorkload = (stage: Stage, watch: Watch) => Promise<Observed>;

/** Measures the product without a window. */
export type ProductWorkload = (watch: Watch) => Promise<Observed>;
